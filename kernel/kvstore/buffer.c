// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for the time of a call.
 *
 * A reply may take 64 KiB, and kernels that zero what they allocate spend more
 * time on that than on filling it. So each processor keeps two buffers, for a
 * request and a reply, which are allocated when they are first needed and stay.
 * Who finds both in use allocates, at the cost of its memory cgroup: so it is for
 * all while calls wait in page faults that their owners do not let end.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <kv_proto.h>

#include "buffer.h"
#include "entry.h"

/**
 * struct kv_spare - a buffer that is kept
 * @busy: bit 0: it is lent
 * @data: KV_MSG_MAX bytes, or NULL before the first use; of who has set @busy
 */
struct kv_spare {
	unsigned long busy;
	void *data;
};

#define KV_SPARES 2

static DEFINE_PER_CPU(struct kv_spare [KV_SPARES], spares);

/*
 * Without memory, NULL and no OOM killer. Not __GFP_RETRY_MAYFAIL: from 6.19 on,
 * __vmalloc() warns of it.
 */
static void *vmalloc_gently(size_t size, gfp_t flags)
{
	return __vmalloc(size, (flags & ~__GFP_RETRY_MAYFAIL) | __GFP_NORETRY | __GFP_NOWARN);
}

/* A spare that nobody else has, or NULL. The task may move on meanwhile: then it is another's. */
static struct kv_spare *spare_take(void)
{
	struct kv_spare *spare = *raw_cpu_ptr(&spares), *end = spare + KV_SPARES;

	for (; spare < end; spare++) {
		if (test_and_set_bit_lock(0, &spare->busy))
			continue;
		if (!spare->data)
			spare->data = vmalloc_gently(KV_MSG_MAX, GFP_KERNEL);
		if (spare->data)
			return spare;
		clear_bit_unlock(0, &spare->busy);
	}
	return NULL;
}

/* kvmalloc() would try hard for contiguous pages, with these flags. */
static void *alloc(size_t size, gfp_t flags)
{
	return size <= PAGE_SIZE ? kmalloc(size, KV_GFP | flags) :
				   vmalloc_gently(size, KV_GFP | flags);
}

/**
 * kv_buffer_take() - memory for a request or a reply
 * @buffer: filled
 * @size: bytes, at most KV_MSG_MAX
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int kv_buffer_take(struct kv_buffer *buffer, size_t size)
{
	buffer->spare = spare_take();
	buffer->data = buffer->spare ? buffer->spare->data : alloc(size, 0);
	buffer->size = size;
	return buffer->data ? 0 : -ENOMEM;
}

/**
 * kv_buffer_give() - give the memory back
 * @buffer: taken, or @data is NULL
 * @wipe: in so many bytes of it there may be private values
 *
 * Context: may sleep.
 */
void kv_buffer_give(struct kv_buffer *buffer, size_t wipe)
{
	if (!buffer->data)
		return;
	if (wipe)
		memzero_explicit(buffer->data, min(wipe, buffer->size));
	if (buffer->spare)
		clear_bit_unlock(0, &buffer->spare->busy);
	else
		kvfree(buffer->data);
}

/**
 * kv_buffer_exit() - free what was kept, when no call can come any more
 *
 * Context: may sleep.
 */
void kv_buffer_exit(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < KV_SPARES; i++)
			vfree(per_cpu(spares, cpu)[i].data);
}

/**
 * kv_zalloc() - zeroed memory, to be freed by kvfree()
 * @size: bytes
 *
 * Context: may sleep. Charged to the memory cgroup of the caller.
 * Return: the memory or NULL.
 */
void *kv_zalloc(size_t size)
{
	return alloc(size, __GFP_ZERO);
}
