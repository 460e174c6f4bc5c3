#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/histories.t [OPTION]...: those of build/tests/histories; with a log that holds all of a round
KV_MODULE_PARAMS=log_entries=8192 exec tests/vm/run --timeout "${KV_TIMEOUT:-300}" -- histories "$@"
