# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# BPF programs that change calls; then the wire tests under programs that change nothing
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
wire-cgroup-bpf >/tmp/own || exec cat /tmp/own
! grep SKIP /tmp/own || exit 0
sed 's/^/    /' /tmp/own
result 'calls that a BPF program changes' yes
for program in wire-commands wire-list wire-txn wire-malformed wire-describe; do
	rmmod kvstore && insmod /kvstore.ko
	[ $program != wire-describe ] || insmod /demo.ko
	if wire-cgroup-bpf $program >/tmp/out; then passed=yes; else passed=no; cat /tmp/out; fi
	result "$program passes under a BPF program$(sed -n "s/^1\.\.0//p" /tmp/out)" $passed
done
finish
