# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Each allocation and each user copy of kvstore fails in turn. Starts without the module.
# guest: --no-module
# guest !(debug): --skip 'the kernel has no fault injection'
# shellcheck source=tests/common/tap.sh
. /tap.sh
faulter=/sys/module/faulter/parameters

# /proc/PID/fail-nth selects the failure. All allocations may fail, and no stack is printed for each.
for kind in failslab fail_page_alloc fail_usercopy; do
	echo 0 >/sys/kernel/debug/$kind/verbose
done
for kind in failslab fail_page_alloc; do
	echo N >/sys/kernel/debug/$kind/ignore-gfp-wait
done
echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
echo 0 >/sys/kernel/debug/fail_page_alloc/min-order

# each NAME PARAMETER STATUS MESSAGE COMMAND [ARG]...: run COMMAND with its first allocation failing, by
# PARAMETER of faulter.ko, then with its second, ... COMMAND must succeed, or exit with STATUS and MESSAGE.
each() {
	name=$1 parameter=$2 status=$3 message=$4
	shift 4
	n=0 seen=0 passed=yes
	while [ $passed = yes ]; do
		n=$((n + 1))
		echo $n >$faulter/"$parameter"
		got=$("$@" 2>&1)
		got_status=$?
		left=$(cat $faulter/left)
		if [ $got_status != 0 ]; then
			seen=$((seen + 1))
			[ $got_status = "$status" ] && [ "$left" = 0 ] || passed=no
			case $got in *"$message"*) ;; *) passed=no ;; esac
		fi
		after || passed=no
		[ "$left" = 0 ] || break
	done
	echo 0 >$faulter/"$parameter"
	result "$name: all or nothing, whatever fails" $passed
	[ $passed = yes ] || echo "# failure $n: status $got_status, left $left: $got"
	echo "# $((n - 1)) failures, $seen of them returned as errors"
}

# part COMMAND [ARG]...: run a program that prints TAP, as one result
part() {
	{ "$@"; echo $? >/tmp/status; } | sed 's/^/    /'
	if [ "$(cat /tmp/status)" = 0 ]; then
		result "$*" yes
	else
		result "$*" no
	fi
}

insmod /faulter.ko
insmod /kvstore.ko
part stress-faults
insmod /demo.ko
insmod /portguard.ko
part stress-faults declared

after() { [ "$(kvsh put a 1 && kvsh get a)" = 1 ]; }
each 'creating a network namespace' netns_nth 1 'annot allocate memory' \
	unshare -n kvsh put demo.count 7
rmmod portguard demo kvstore

# Either the module works and can be unloaded, or it is not loaded.
after() {
	if [ $got_status = 0 ]; then
		[ "$(kvsh put a 1 && kvsh get a)" = 1 ] && rmmod kvstore
	fi
	[ ! -e /sys/module/kvstore ]
}
each 'loading the module' init_nth 12 'annot allocate memory' insmod /kvstore.ko
finish
