#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/model.t [OPTION]...: those of build/tests/model; with limits that are met
KV_MODULE_PARAMS='buckets=8 max_entries=16 max_bytes=3000 log_entries=32 max_watches=4' \
	exec tests/vm/run --timeout "${KV_TIMEOUT:-300}" -- model "$@"
