/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which tasks are in a callback of another module, under a writers' lock. What
 * they may not do there would wait for themselves, or for one another.
 */
#ifndef KV_CALLBACK_H
#define KV_CALLBACK_H

#include <linux/list.h>

struct task_struct;

/**
 * struct kv_caller - a task that may be in a callback
 * @link: in the list of all
 * @task: the task
 */
struct kv_caller {
	struct list_head link;
	struct task_struct *task;
};

void kv_callback_begin(struct kv_caller *caller);
void kv_callback_end(struct kv_caller *caller);
bool kv_in_callback(void);

#endif
