#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here 'expect is a program of this machine' || exit 0
exec tests/vm/run --with "$(command -v expect)" --with /usr/share/tcltk/tcl8.6 \
	--with tests/guest/terminal.exp --with tests/guest/interactive-config.exp -- \
	env TCL_LIBRARY=/tcl8.6 expect interactive-config.exp
