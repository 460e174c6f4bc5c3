#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/fuzz.t [SECONDS ARG...]: a short test, or a run of so many seconds with the arguments for
# `fuzz`, as `make fuzz` does it. The limits are small, so that they are met.
export KV_MODULE_PARAMS='buckets=16 max_entries=48 max_bytes=12288 log_entries=64 max_watches=16'
if [ $# -gt 0 ]; then
	seconds=$1
	shift
	exec tests/vm/run --timeout $((seconds * 2 + 300)) -- \
		sh -c 'insmod /demo.ko && exec fuzz "$@"' sh --seconds "$seconds" "$@"
fi
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/fuzz.sh -- sh fuzz.sh
