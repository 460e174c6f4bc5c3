# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Programs that change a call, and then the tests of calls below programs that only look at them
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
wire-cgroup-bpf >/tmp/own || exec cat /tmp/own
! grep SKIP /tmp/own || exit 0
sed 's/^/    /' /tmp/own
result 'calls that a program changes' yes
for program in wire-commands wire-list wire-txn wire-malformed wire-describe; do
	rmmod kvstore && insmod /kvstore.ko
	[ $program != wire-describe ] || insmod /demo.ko
	if wire-cgroup-bpf $program >/tmp/out; then passed=yes; else passed=no; cat /tmp/out; fi
	result "$program passes below a program$(sed -n "s/^1\.\.0//p" /tmp/out)" $passed
done
finish
