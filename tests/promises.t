#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
KV_MODULE_PARAMS='buckets=16777216' exec tests/vm/run -- promises
