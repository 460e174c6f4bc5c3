# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A short run of the fuzzer; or one run with these arguments for `fuzz`, as `make fuzz` does it.
# The limits are small, so that they are met.
# guest: KV_MODULE_PARAMS='buckets=16 max_entries=48 max_bytes=12288 log_entries=64 max_watches=16'
# shellcheck source=tests/common/tap.sh
. /tap.sh
insmod /demo.ko
[ $# -eq 0 ] || exec fuzz "$@"

# last ARG...: the last line of a run, but for the time that it took
last() {
	fuzz "$@" >/tmp/summary
	status=$?
	grep '^# amiss' /tmp/summary >&2
	sed -n '$s/ in .* s,/,/p' /tmp/summary
	return $status
}

verdict() {
	last "$@" | sed 's/.*: //'
}

# The words that never succeeded
never_done() {
	awk '/^[A-Z]/ && $3 == 0 { print $1 }' /tmp/summary
}

t 'calls that a seed draws break no promise' 0 'nothing amiss' verdict --seed 1 --calls 1500
t 'every word succeeds, too' 0 '' never_done
again=$(last --seed 1 --calls 1500)
t 'the same seed draws the same calls' 0 "$again" last --seed 1 --calls 1500
t 'no more so do racing threads and strangers' 0 'nothing amiss' verdict --seed 2 --calls 1500 --threads 4
finish
