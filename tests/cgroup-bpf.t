#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that change a call, and then the tests of calls below programs that only look at them
exec tests/vm/run --with tests/guest/tap.sh -- sh -c '
	cgroup-bpf >/tmp/own || exec cat /tmp/own
	! grep SKIP /tmp/own || exit 0
	sed "s/^/    /" /tmp/own
	. /tap.sh
	result "calls that a program changes" yes
	for program in commands listing transactions malformed describing; do
		rmmod kvstore && insmod /kvstore.ko
		[ $program != describing ] || insmod /demo.ko
		if cgroup-bpf $program >/tmp/out; then passed=yes; else passed=no; cat /tmp/out; fi
		result "$program passes below a program$(sed -n "s/^1\.\.0//p" /tmp/out)" $passed
	done
	finish'
