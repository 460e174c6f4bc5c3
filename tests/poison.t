#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where the kernel zeroes no allocation, and freed memory is poisoned: what leaks or is used after
# it was freed shows.
KV_MODULE_PARAMS='log_entries=64 max_watches=4' KV_VM_APPEND='init_on_alloc=0 slub_debug=FZPU' exec tests/vm/run -- sh -c '
	n=0
	for program in commands listing transactions watching describing; do
		n=$((n + 1))
		[ $program != describing ] || insmod /demo.ko
		if $program >/tmp/out; then echo "ok $n - $program"; else cat /tmp/out; echo "not ok $n - $program"; fi
	done
	echo 1..$n'
