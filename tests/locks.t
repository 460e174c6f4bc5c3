#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
if [ "${KV_KERNEL-}" = debug ]; then
	echo '1..0 # SKIP the kernel debug has no function tracer'
	exit
fi
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/locks.sh -- sh locks.sh
