#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The debug kernels detect each kind of bug, and a run with a bug fails and prints its report.
# tests/modules/planted.c has the bugs. One guest runs all of them; it continues after a report.
set -u
cd "$(dirname "$0")/../.." || exit 1

# BUG | the title of its report. lockdep turns itself off after its first report, and after one of KASAN.
bugs='no_rcu_lock | WARNING: suspicious RCU usage
sleep_under_rcu | BUG: sleeping function called from invalid context
shift | UBSAN: shift-out-of-bounds in .*planted\.c
free_active_timer | ODEBUG: free active .*timer_list
call_rcu_twice | ODEBUG: activate active .*rcu_head
leak | kmemleak: unreferenced object
lock_order | WARNING: possible circular locking dependency detected'
# A coverage run is not searched for leaks, and these bugs run no code of kvstore
[[ ! ${KV_VM_COUNTS-} ]] || { echo '1..0 # SKIP no code of the module runs'; exit; }
case ${KV_KERNEL-} in
debug)
	bugs+='
use_after_free | BUG: KASAN: .*use-after-free in .*\[planted\]
out_of_bounds | BUG: KASAN: slab-out-of-bounds in .*\[planted\]' ;;
kcsan)
	bugs+='
data_race | BUG: KCSAN: data-race in .*\[planted\]' ;;
*)
	echo '1..0 # SKIP not a debug kernel'
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
ok 'a run with bugs fails with status 125' [ $? -eq 125 ]
reports=$(sed '/^run: the kernel said:/q' "$diagnosis")
while IFS='|' read -r bug report; do
	ok "the run prints the report of ${bug% }: ${report# }" grep -qE "${report# }" <<<"$reports"
done <<<"$bugs"
finish
