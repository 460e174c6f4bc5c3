# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Test results as prove(1) reads them, for scripts on this machine: `. tests/common/ok.bash` first, `finish` last.

count=0 failed=0 diagnosis=''

# ok NAME COMMAND...: a result, good if COMMAND succeeds. Of one that is not, what COMMAND said follows, and
# the beginning of the file $diagnosis where that is set.
ok() {
	local name=$1 said
	shift
	count=$((count + 1))
	if said=$("$@" 2>&1); then
		echo "ok $count - $name"
	else
		failed=$((failed + 1))
		echo "not ok $count - $name"
		printf '%s\n' "failed: $(printf '%q ' "$@")" "$said" ${diagnosis:+"$(head -c 20000 "$diagnosis")"} |
			sed 's/^/# /'
	fi
}

finish() {
	echo "1..$count"
	[[ $failed -eq 0 ]]
}
