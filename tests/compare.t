#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/compare.sh -- sh compare.sh
