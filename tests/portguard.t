#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here 'ip is a program of this machine' || exit 0
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/portguard.sh --with "$(command -v ip)" -- \
	sh portguard.sh
