#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# On the debug kernel; Debian's kernels have no fault injection.
if [ "${KV_KERNEL-}" != debug ]; then
	echo '1..0 # SKIP the kernel has no fault injection'
	exit
fi
exec tests/vm/run --no-module --with tests/guest/tap.sh --with tests/guest/faults.sh -- sh faults.sh
