#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run the commands on stdin, one per line; lines that begin with # are comments. Print each command after
# "$ ", and then its output:
#
#    tests/vm/run --with docs/perform.sh -- sh perform.sh <docs/readme-session.txt
while read -r line; do
	case $line in '#'*) continue ;; esac
	echo "$ $line"
	sh -c "$line" 2>&1 </dev/null
done
