#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
KV_MODULE_PARAMS='log_entries=8 max_watches=4' exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/watch.sh -- sh watch.sh
