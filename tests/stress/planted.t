#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernels that check themselves do see each kind of bug, and a run with one fails and names it:
# tests/modules/planted.c has one of each. They are all made in one guest, that goes on after a report.
set -u
cd "$(dirname "$0")/../.." || exit 1

# BUG | what its report is called. lockdep ends with its own first report, and with one of KASAN.
bugs='no_rcu_lock | WARNING: suspicious RCU usage
sleep_under_rcu | BUG: sleeping function called from invalid context
shift | UBSAN: shift-out-of-bounds in .*planted\.c
free_active_timer | ODEBUG: free active .*timer_list
call_rcu_twice | ODEBUG: activate active .*rcu_head
leak | kmemleak: unreferenced object
lock_order | WARNING: possible circular locking dependency detected'
# A run that counts is not searched for leaks; and these bugs are none of the module's lines
[[ ! ${KV_VM_COUNTS-} ]] || { echo '1..0 # SKIP nothing of the module runs'; exit; }
case ${KV_KERNEL-} in
debug)
	bugs+='
use_after_free | BUG: KASAN: .*use-after-free in .*\[planted\]
out_of_bounds | BUG: KASAN: slab-out-of-bounds in .*\[planted\]' ;;
kcsan)
	bugs+='
data_race | BUG: KCSAN: data-race in .*\[planted\]' ;;
*)
	echo '1..0 # SKIP the kernel does not check itself'
	exit ;;
esac

. tests/common/ok.bash
mapfile -t names < <(cut -d ' ' -f 1 <<<"$bugs")
diagnosis=$(mktemp)
trap 'rm -f "$diagnosis"' EXIT
KV_VM_APPEND='panic_on_warn=0 kasan_multi_shot' tests/vm/run --no-module -- sh -c '
	for bug; do
		echo "$bug"
		insmod /planted.ko bug=$bug && rmmod planted
	done' sh "${names[@]}" >"$diagnosis" 2>&1 </dev/null
ok 'a guest with bugs is a failed run (125)' [ $? -eq 125 ]
reports=$(sed '/^run: the kernel said:/q' "$diagnosis")
while IFS='|' read -r bug report; do
	ok "the run names the report of ${bug% }: ${report# }" grep -qE "${report# }" <<<"$reports"
done <<<"$bugs"
finish
