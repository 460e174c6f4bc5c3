/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory for the time of a call: of requests and replies, and of what comes with them */
#ifndef KV_BUFFER_H
#define KV_BUFFER_H

#include <linux/types.h>

struct kv_spare;

/**
 * struct kv_buffer - memory of a request or a reply
 * @data: the memory, aligned to 8; not zeroed
 * @size: bytes of it
 * @spare: what it was lent from; NULL: it was allocated for the call
 */
struct kv_buffer {
	void *data;
	size_t size;
	struct kv_spare *spare;
};

int __must_check kv_buffer_take(struct kv_buffer *buffer, size_t size);
void kv_buffer_give(struct kv_buffer *buffer, size_t wipe);
void kv_buffer_exit(void);

void *kv_zalloc(size_t size);

#endif
