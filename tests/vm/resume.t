#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests resumed from a saved state: clock, random numbers and log; and the full boot if resuming fails.
# shellcheck disable=SC2016 # expanded in the guest
set -u

cd "$(dirname "$0")/../.." || exit 1
tests/vm/here 'guests of this machine always boot in full' || exit 0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export KV_NO_BUILD=1

. tests/common/ok.bash
cache=${KV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kvstore}

# run NAME: run a guest, with its log in NAME.log; set `state` to the name of the state it was resumed from
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
ok 'a guest is resumed, and the exit status is that of COMMAND' is "$status:${state:+resumed}" 3:resumed
ok 'its clock is right' test "$date" -ge "$began" -a "$date" -le "$ended"
run two
ok 'a second guest is resumed from the same state' is "$status:$state" "3:$first_state"
ok 'the clock of the second guest is right' test "$date" -ge "$began" -a "$date" -le "$ended"
ok 'the two guests have different random numbers' differ "$uuid" "$first_uuid"
ok 'the two guests have different boot_ids' differ "$boot_id" "$first_boot_id"
ok 'the two guests have different hash keys, so their listings differ in order' differ "$order" "$first_order"
ok 'the log begins with the log of the saved guest' \
	is "$(head -n 1 "$scratch/two.log")" "$(head -n 1 "$cache/states/$state/log")"
ok 'the kernel reports no stall and no clock problem' \
	is "$(grep -iE 'stall|watchdog|clocksource|soft lockup|hung' "$scratch"/{one,two}.log)" ''

KV_VM_BOOT=1 run full
ok 'with KV_VM_BOOT=1 a guest boots in full' is "$status:$state" 3:

# A truncated state, in a separate cache folder

damaged=$scratch/cache/states/$first_state
mkdir -p "$scratch/cache/states"
ln -s "$(realpath "$cache/${KV_KERNEL:-6.1}")" "$scratch/cache/"
cp -r --sparse=always "$cache/states/$first_state" "$damaged"
truncate -s 100K "$damaged/stream"
KV_CACHE=$scratch/cache run three
ok 'if the state is damaged, the guest boots in full' is "$status:$state" 3:
ok 'one message says so' is "$(grep -c 'booting the guest in full' "$scratch/three.err")" 1
ok 'and the damaged state is removed' test ! -e "$damaged"

finish
