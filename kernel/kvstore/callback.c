// SPDX-License-Identifier: GPL-2.0-only
/* Which tasks are in a callback of another module */
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "callback.h"

static DEFINE_SPINLOCK(callers_lock);
static LIST_HEAD(callers);

/**
 * kv_callback_begin() - this task may be called back from now on
 * @caller: lasts until kv_callback_end()
 *
 * Context: process.
 */
void kv_callback_begin(struct kv_caller *caller)
{
	caller->task = current;
	spin_lock(&callers_lock);
	list_add(&caller->link, &callers);
	spin_unlock(&callers_lock);
}

void kv_callback_end(struct kv_caller *caller)
{
	spin_lock(&callers_lock);
	list_del(&caller->link);
	spin_unlock(&callers_lock);
}

/**
 * kv_in_callback() - whether this task is in a callback
 *
 * Context: process.
 */
bool kv_in_callback(void)
{
	struct kv_caller *caller;
	bool found = false;

	spin_lock(&callers_lock);
	list_for_each_entry(caller, &callers, link)
		found |= caller->task == current;
	spin_unlock(&callers_lock);
	return found;
}
