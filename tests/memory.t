#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
exec tests/vm/run -- sh -c 'cd /sys/fs/cgroup && echo +memory >cgroup.subtree_control &&
	mkdir small && echo 4M >small/memory.max && exec memory small/cgroup.procs'
