#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The KUnit tests, on the debug kernel (`make check-kunit`); Debian's kernels have no KUnit.
if [ "${KV_KERNEL-}" != debug ]; then
	echo '1..0 # SKIP the kernel has no KUnit'
	exit
fi
exec tests/vm/run --no-module --with tests/guest/tap.sh --with tests/guest/kunit.sh -- sh kunit.sh
