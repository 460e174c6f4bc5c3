#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
KV_MODULE_PARAMS=log_entries=16 exec tests/vm/run -- sh -c 'cd /sys/fs/cgroup &&
	echo +memory >cgroup.subtree_control && mkdir small && echo 2M >small/memory.max && exec oom small'
