#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here 'the functions that are traced are those of a PC' || exit 0
case ${KV_KERNEL-} in
debug | kcsan)
	echo '1..0 # SKIP the kernel has no function tracer'
	exit ;;
esac
# One processor: QEMU has two see different code for a moment where the tracer is put into a function that
# both run, and 7.3 then dies of a breakpoint that is nobody's.
exec tests/vm/run --smp 1 --with tests/guest/tap.sh --with tests/guest/locks.sh -- sh locks.sh
