# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A short run of the fuzzer, or, with arguments, one run of `fuzz` with these, for `make fuzz`.
# The limits are small, so that they are reached.
# guest: KV_MODULE_PARAMS='buckets=16 max_entries=48 max_bytes=12288 log_entries=64 max_watches=16'
# shellcheck source=tests/common/tap.sh
. /tap.sh
insmod /demo.ko
[ $# -eq 0 ] || exec fuzz "$@"

# last ARG...: print the last line of a run, without the time that it took
last() {
	fuzz "$@" >/tmp/summary
	status=$?
	grep '^# violation' /tmp/summary >&2
	sed -n '$s/ in .* s,/,/p' /tmp/summary
	return $status
}

# verdict ARG...: print how a run ended
verdict() {
	last "$@" | sed 's/.*: //'
}

# Print the words that never succeeded
never_succeeded() {
	awk '/^[A-Z]/ && $3 == 0 { print $1 }' /tmp/summary
}

t 'random calls cause no violation' 0 'no violation' verdict --seed 1 --calls 1500
t 'each word succeeds at least once' 0 '' never_succeeded
again=$(last --seed 1 --calls 1500)
t 'the same seed gives the same calls' 0 "$again" last --seed 1 --calls 1500
t 'racing threads and another user namespace cause no violation' 0 'no violation' verdict --seed 2 --calls 1500 --threads 4
finish
