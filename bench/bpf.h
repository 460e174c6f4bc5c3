/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BPF hash maps by bpf(2), without a library; attributes have the sizes that libbpf passes */
#ifndef BENCH_BPF_H
#define BENCH_BPF_H

#include <err.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvbench.h"

#define BPF_UP_TO(_field) (offsetof(union bpf_attr, _field) + sizeof(((union bpf_attr *)0)->_field))
#define BPF_ELEMENT BPF_UP_TO(flags)
#define BPF_BATCH BPF_UP_TO(batch.flags)

static inline long bpf_call(int command, union bpf_attr *attr, unsigned int size)
{
	return syscall(SYS_bpf, command, attr, size);
}

/* Create a map for the keys and values of @row. The hash seed is 0: all runs are the same. */
static inline int bpf_map(const struct row *row, unsigned int flags)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_HASH,
		.key_size = row->key_len,
		.value_size = row->value_len,
		.max_entries = 1024,
		.map_flags = flags | BPF_F_ZERO_SEED,
	};
	int map = bpf_call(BPF_MAP_CREATE, &attr, sizeof(attr));

	if (map < 0)
		err(1, "%s", row->name);
	return map;
}

/* Point @attr to an element, for a lookup or an update. */
static inline void bpf_element(union bpf_attr *attr, int map, const void *key, const void *value)
{
	memset(attr, 0, sizeof(*attr));
	attr->map_fd = map;
	attr->key = (uintptr_t)key;
	attr->value = (uintptr_t)value;
}

static inline bool bpf_lookup(union bpf_attr *attr)
{
	return !bpf_call(BPF_MAP_LOOKUP_ELEM, attr, BPF_ELEMENT);
}

static inline bool bpf_update(union bpf_attr *attr)
{
	return !bpf_call(BPF_MAP_UPDATE_ELEM, attr, BPF_ELEMENT);
}

#endif
