#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# bash completes kvsh's commands, options, keys and files, as packaging/completion.bash has it
tests/vm/here 'expect and bash are programs of this machine' || exit 0
exec tests/vm/run --with "$(command -v expect)" --with /usr/share/tcltk/tcl8.6 --with "$(command -v bash)" \
	--with /usr/share/bash-completion/bash_completion --with packaging/completion.bash \
	--with tests/guest/terminal.exp --with tests/guest/completion.exp -- env TCL_LIBRARY=/tcl8.6 expect completion.exp
