#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The KUnit tests, on the kernels that check themselves (`make check-kunit`); Debian's kernels have no KUnit.
case ${KV_KERNEL-} in
debug | kcsan) ;;
*)
	echo '1..0 # SKIP the kernel has no KUnit'
	exit ;;
esac
exec tests/vm/run --no-module --with tests/guest/tap.sh --with tests/guest/kunit.sh -- sh kunit.sh
