#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The rig on a machine without UARTs, where bytes leave by virtio ports: nothing is lost on the way,
# though the guest goes off at once. (run.t has what the rig promises on a PC.)
set -u

cd "$(dirname "$0")/../.." || exit 1
if tests/vm/here 'that is where this test runs' >/dev/null; then
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
ok 'stdin is carried whole: 5 MB of any bytes' is "$(<"$scratch/err")" "$(md5sum <"$scratch/data")"
ok 'stdout is carried whole to a reader that comes late' \
	is "$sum" "$( (seq 1 100000; echo end) | md5sum)"
ok "COMMAND's status is the run's" is "$(<"$scratch/status")" 3

printf x | TERM=vt100 script -qec "tests/vm/run -- true 2>$scratch/err" /dev/null >/dev/null
ok 'a terminal is refused in words' grep -q 'has no terminal' "$scratch/err"
finish
