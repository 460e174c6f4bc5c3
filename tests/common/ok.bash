# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# TAP output for scripts on this machine: source this file first, call `finish` last.

count=0 failed=0 diagnosis=''

# ok NAME COMMAND...: print a result, which passes if COMMAND succeeds. If it fails, print the output of COMMAND and
# the beginning of the file $diagnosis, if set.
ok() {
	local name=$1 output
	shift
	count=$((count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $count - $name"
	else
		failed=$((failed + 1))
		echo "not ok $count - $name"
		printf '%s\n' "failed: $(printf '%q ' "$@")" "$output" ${diagnosis:+"$(head -c 20000 "$diagnosis")"} |
			sed 's/^/# /'
	fi
}

finish() {
	echo "1..$count"
	[[ $failed -eq 0 ]]
}
