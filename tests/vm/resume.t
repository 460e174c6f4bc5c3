#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests that are resumed from the same saved state, and what tests/vm/run does where that fails.
# shellcheck disable=SC2016 # what stands in single quotes is for the guest
set -u

cd "$(dirname "$0")/../.." || exit 1
tests/vm/here 'guests of that machine always boot in full' || exit 0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export KV_NO_BUILD=1

. tests/common/ok.bash
cache=${KV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kvstore}

# run NAME: a guest, with its log in NAME.log; of its state the name is in state
run() {
	# shellcheck disable=SC2034 # ok prints it
	diagnosis=$scratch/$1.err
	began=$EPOCHSECONDS
	KV_VM_LOG=$scratch/$1.log tests/vm/run -- sh -c '
		cd /proc/sys/kernel/random && cat boot_id uuid && date +%s && order 64 && exit 3' \
		>"$scratch/$1" 2>"$scratch/$1.err" </dev/null
	status=$?
	ended=$EPOCHSECONDS
	state=$(sed -n 's/.*init: resumed from state \([^\r]*\).*/\1/p' "$scratch/$1.log")
	{ read -r boot_id; read -r uuid; read -r date; read -r order; } <"$scratch/$1"
}
is() { [[ $1 == "$2" ]]; }
differ() { [[ $1 && $2 && $1 != "$2" ]]; }

run one
if [[ ! $state && (${KV_VM_BOOT-} || -w /dev/kvm) ]]; then
	echo '1..0 # SKIP guests boot in full here'
	exit
fi
first_state=$state first_boot_id=$boot_id first_uuid=$uuid first_order=$order
ok 'a guest is resumed, and its status is that of COMMAND' is "$status:${state:+resumed}" 3:resumed
ok 'its clock is right' test "$date" -ge "$began" -a "$date" -le "$ended"
run two
ok 'so is another, from the same state' is "$status:$state" "3:$first_state"
ok 'whose clock is right too' test "$date" -ge "$began" -a "$date" -le "$ended"
ok 'the two draw different random numbers' differ "$uuid" "$first_uuid"
ok 'and a boot_id of their own, as nothing has read it before' differ "$boot_id" "$first_boot_id"
ok 'the hash key, which orders a listing, is different too' differ "$order" "$first_order"
ok 'the log begins with what was said before the state was saved' \
	is "$(head -n 1 "$scratch/two.log")" "$(head -n 1 "$cache/states/$state/log")"
ok 'no stall or clock is reported' \
	is "$(grep -iE 'stall|watchdog|clocksource|soft lockup|hung' "$scratch"/{one,two}.log)" ''

KV_VM_BOOT=1 run full
ok 'with KV_VM_BOOT=1 a guest boots in full' is "$status:$state" 3:

# A state with a stream that ends too early, in a cache folder of its own

damaged=$scratch/cache/states/$first_state
mkdir -p "$scratch/cache/states"
ln -s "$(realpath "$cache/${KV_KERNEL:-6.1}")" "$scratch/cache/"
cp -r --sparse=always "$cache/states/$first_state" "$damaged"
truncate -s 100K "$damaged/stream"
KV_CACHE=$scratch/cache run three
ok 'where the state is damaged, the guest boots in full' is "$status:$state" 3:
ok 'which is said once' is "$(grep -c 'the guest is booted in full' "$scratch/three.err")" 1
ok 'and no other guest has to find that out' test ! -e "$damaged"

finish
