#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The session of "From kernel code" in README.md:
#
#    tests/vm/run --with docs/from-kernel-code.sh -- sh from-kernel-code.sh
while read -r line; do
	echo "$ $line"
	sh -c "$line" 2>&1
done <<'END'
insmod portguard.ko
kvsh describe portguard.mode
kvsh put portguard.ports 7,http
kvsh put portguard.ports 7,9,6000-6063
kvsh put portguard.mode reject
nc 127.0.0.1 6001
kvsh get portguard.rejected
kvsh list --declared portguard.
kvsh delete portguard.mode
rmmod portguard
kvsh list
END
