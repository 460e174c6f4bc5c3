#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here 'trace-cmd is a program of this machine' || exit 0
KV_MODULE_PARAMS=log_entries=8 exec tests/vm/run --with tests/guest/tap.sh --with "$(command -v trace-cmd)" \
	--with tests/guest/tracing.sh -- sh tracing.sh
