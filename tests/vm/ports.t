#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/vm/run on a machine without UARTs, where output leaves the guest by virtio ports: nothing is lost,
# although the guest powers off at once. (run.t tests a PC.)
set -u

cd "$(dirname "$0")/../.." || exit 1
if tests/vm/here 'this test is for such machines' >/dev/null; then
	echo '1..0 # SKIP this machine has UARTs'
	exit
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export KV_NO_BUILD=1

. tests/common/ok.bash
is() { [[ $1 == "$2" ]]; }

head -c 5000000 /dev/urandom >"$scratch/data"
sum=$({
	tests/vm/run --no-module -- sh -c 'md5sum >&2; seq 1 100000; echo end; exit 3' \
		<"$scratch/data" 2>"$scratch/err"
	echo $? >"$scratch/status"
} | (read -r first; until [[ -s $scratch/err ]]; do sleep 1; done; echo "$first"; cat) | md5sum)
ok '5 MB of random bytes arrive on stdin unchanged' is "$(<"$scratch/err")" "$(md5sum <"$scratch/data")"
ok 'a reader that starts late gets all of stdout' \
	is "$sum" "$( (seq 1 100000; echo end) | md5sum)"
ok 'the exit status is that of COMMAND' is "$(<"$scratch/status")" 3

printf x | TERM=vt100 script -qec "tests/vm/run -- true 2>$scratch/err" /dev/null >/dev/null
ok 'a terminal is refused with a message' grep -q 'has no terminal' "$scratch/err"
finish
