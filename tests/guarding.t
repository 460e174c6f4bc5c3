#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A million packets take a kernel that checks itself a quarter of an hour.
case ${KV_KERNEL-} in debug | kcsan) packets=50000 ;; *) packets=1000000 ;; esac
exec tests/vm/run -- sh -c 'insmod /portguard.ko && exec guarding "$1"' sh "$packets"
