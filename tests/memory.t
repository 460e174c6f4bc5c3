#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The cgroup has to hold the 1024 changes that are kept for watchers: 2 KiB each, or 4 with KASAN.
exec tests/vm/run -- sh -c 'cd /sys/fs/cgroup && echo +memory >cgroup.subtree_control &&
	mkdir small && echo 8M >small/memory.max && exec memory small/cgroup.procs'
