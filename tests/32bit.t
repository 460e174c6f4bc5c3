#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here '32-bit code is that of a PC' || exit 0
with=()
for file in build/for-i686/{tests,kvsh} tests/guest/{tap,32bit,kvsh,script,txn,config,watch,describe}.sh; do
	with+=(--with "$file")
done
exec tests/vm/run --no-module "${with[@]}" -- sh 32bit.sh
