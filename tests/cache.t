#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
KV_MODULE_PARAMS='max_watches=4' exec tests/vm/run -- sh -c 'insmod /portguard.ko && exec cache'
