#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here 'trace-cmd is a program of this machine' || exit 0
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/sessions.sh --with "$(command -v trace-cmd)" \
	--with tests/guest/in-kernel.sh -- sh in-kernel.sh <docs/in-kernel.md
