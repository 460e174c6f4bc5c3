#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
KV_MODULE_PARAMS='buckets=1 max_entries=8 max_bytes=300' exec tests/vm/run -- limits
