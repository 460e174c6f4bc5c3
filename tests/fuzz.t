#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/fuzz.t [ARG...]: a short test, or one run with these arguments for `fuzz`, as `make fuzz` does
# it. The limits are small, so that they are met.
export KV_MODULE_PARAMS='buckets=16 max_entries=48 max_bytes=12288 log_entries=64 max_watches=16'
if [ $# -gt 0 ]; then
	exec tests/vm/run --timeout "${KV_TIMEOUT:-300}" -- sh -c 'insmod /demo.ko && exec fuzz "$@"' sh "$@"
fi
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/fuzz.sh -- sh fuzz.sh
