#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Do the commands on stdin, one a line but for those that begin with #, and print each of them behind a $,
# then what it says:
#
#    tests/vm/run --with docs/perform.sh -- sh perform.sh <docs/from-kernel-code.txt
while read -r line; do
	case $line in '#'*) continue ;; esac
	echo "$ $line"
	sh -c "$line" 2>&1 </dev/null
done
