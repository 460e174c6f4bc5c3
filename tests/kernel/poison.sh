# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Run wire tests on a kernel that does not zero allocations and poisons freed memory, so that leaks of
# uninitialised memory and uses after free become visible.
# guest: KV_MODULE_PARAMS='log_entries=64 max_watches=4' KV_VM_APPEND='init_on_alloc=0 slub_debug=FZPU'
# shellcheck source=tests/common/tap.sh
. /tap.sh
for program in wire-commands wire-list wire-txn wire-watch wire-describe; do
	[ $program != wire-describe ] || insmod /demo.ko
	if $program >/tmp/out; then passed=yes; else passed=no; cat /tmp/out; fi
	result "$program" $passed
done
finish
