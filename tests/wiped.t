#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Private values are wiped when they are freed. All of memory is searched several times: the guest has little of it.
tests/vm/here '/proc/kcore is read as it is here' || exit 0
KV_MODULE_PARAMS='log_entries=64' exec tests/vm/run --memory 256 -- wiped
