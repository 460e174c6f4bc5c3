// SPDX-License-Identifier: GPL-2.0-only
/*
 * KV_SO_WATCH: the watch descriptor, a position in the log of a store.
 *
 * The descriptor holds a reference to the log, not to the namespace, which may be
 * destroyed while it is watched. Its file pins the module.
 */
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include <linux/wait.h>

#include "sockopt/call.h"
#include "trace.h"

/**
 * struct kv_watcher - an open watch
 * @log: referenced
 * @owner: user namespace that owns the network namespace; referenced
 * @show_private: the opener was allowed to read private values
 * @next: number of the event to look at next; log->lock
 * @behind: events were missed, KV_OP_COMPACTED must be reported first; log->lock
 * @prefix: prefix of the keys, in @bytes
 * @bytes: memory of the prefix
 */
struct kv_watcher {
	struct kv_log *log;
	struct user_namespace *owner;
	bool show_private;
	u64 next;
	bool behind;
	struct kv_prefix prefix;
	u8 bytes[KV_KEY_MAX];
};

/* The watcher's next event, or NULL if its key has another prefix. Call it only if not behind. */
static struct kv_event *current_event(const struct kv_watcher *watcher)
{
	struct kv_log *log = watcher->log;
	struct kv_event *event = &log->events[watcher->next & log->mask];

	lockdep_assert_held(&log->lock);
	return kv_entry_has_prefix(event->entry, &watcher->prefix) ? event : NULL;
}

/* Skip the events of other keys: true if there is an event for the watcher. */
static bool find_event(struct kv_watcher *watcher)
{
	for (; watcher->next < watcher->log->next; watcher->next++)
		if (current_event(watcher))
			return true;
	return false;
}

/* Find out whether events were overwritten before the watcher has read them. */
static bool update_behind(struct kv_watcher *watcher)
{
	struct kv_log *log = watcher->log;

	lockdep_assert_held(&log->lock);
	if (!watcher->behind && watcher->next < kv_log_oldest(log)) {
		trace_kv_watch_overflow(log->netns, log->rev, watcher->prefix.bytes,
					watcher->prefix.len);
		watcher->behind = true;
	}
	return watcher->behind;
}

static bool append_delete(struct kv_records *page, const struct kv_event *event)
{
	const struct kv_record *record = &event->entry->record;
	struct kv_record deleted = {
		.op = KV_OP_DELETE,
		.key_len = record->key_len,
		.rev = event->rev,
	};

	return kv_records_append(page, &deleted, record->data, NULL);
}

/* Append as many of the watcher's events as fit: true if there is at least one. */
static bool append_events(struct kv_watcher *watcher, struct kv_records *page)
{
	const struct kv_event *event;
	bool any = false, fits;

	for (; watcher->next < watcher->log->next; watcher->next++) {
		event = current_event(watcher);
		if (!event)
			continue;
		any = true;
		if (event->op == KV_OP_PUT)
			fits = kv_entry_append(page, KV_OP_PUT, event->entry);
		else
			fits = append_delete(page, event);
		if (!fits)
			break;
	}
	return any;
}

/**
 * watch_fill() - take the pending events of the watcher
 * @watcher: moves past the events that were taken
 * @page: buffer for their records
 *
 * Context: may sleep.
 * Return: 1 if the page has records; 0 if no event is pending; -EINVAL if the first
 * record does not fit; -EPIPE if no event is pending and the namespace is gone.
 */
static int watch_fill(struct kv_watcher *watcher, struct kv_records *page)
{
	struct kv_log *log = watcher->log;
	struct kv_record compacted = { .op = KV_OP_COMPACTED };
	bool waits = false, dead;

	mutex_lock(&log->lock);
	if (update_behind(watcher)) {
		compacted.rev = log->rev;
		waits = true;
		if (kv_records_append(page, &compacted, NULL, NULL)) {
			watcher->next = log->next;
			watcher->behind = false;
		}
	}
	if (!watcher->behind)
		waits |= append_events(watcher, page);
	dead = log->dead;
	mutex_unlock(&log->lock);
	if (page->count)
		return 1;
	if (waits)
		return -EINVAL;
	return dead ? -EPIPE : 0;
}

/* The events of poll(2). */
static __poll_t watch_events(struct kv_watcher *watcher)
{
	struct kv_log *log = watcher->log;
	__poll_t events = 0;

	mutex_lock(&log->lock);
	if (update_behind(watcher) || find_event(watcher))
		events |= EPOLLIN | EPOLLRDNORM;
	if (log->dead)
		events |= EPOLLIN | EPOLLHUP;
	mutex_unlock(&log->lock);
	return events;
}

/* Wait until an event may be pending. */
static int watch_wait(struct kv_watcher *watcher)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int err = 0;

	add_wait_queue(&watcher->log->wait, &wait);
	while (!watch_events(watcher)) {
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&watcher->log->wait, &wait);
	return err;
}

/* Read the pending events: bytes of their records, or a result of watch_fill(). */
static ssize_t watch_take(struct kv_watcher *watcher, char __user *user, size_t size)
{
	struct kv_records page = { .size = min_t(size_t, size, KV_MSG_MAX) };
	struct kv_buffer buffer;
	ssize_t got;

	if (kv_buffer_take(&buffer, page.size))
		return -ENOMEM;
	page.buf = buffer.data;
	kv_records_begin(&page);
	/* Opener and reader both need it: a descriptor may be passed to another process. */
	page.show_private = watcher->show_private &&
			    ns_capable_noaudit(watcher->owner, CAP_NET_ADMIN);
	got = watch_fill(watcher, &page);
	if (got > 0)
		got = kv_records_len(&page);
	if (got > 0 && copy_to_user(user, page.buf, got)) {
		/* The events are lost: the next read reports KV_OP_COMPACTED. */
		mutex_lock(&watcher->log->lock);
		watcher->behind = true;
		mutex_unlock(&watcher->log->lock);
		got = -EFAULT;
	}
	kv_buffer_give(&buffer, page.secret ? kv_records_len(&page) : 0);
	return got;
}

static ssize_t watch_read(struct file *file, char __user *user, size_t size, loff_t *offset)
{
	struct kv_watcher *watcher = file->private_data;
	ssize_t got;
	int err;

	if (size < sizeof(struct kv_record))
		return -EINVAL;
	/* No buffer is held while waiting. Another reader may take the event: then wait again. */
	while (!(got = watch_take(watcher, user, size))) {
		err = file->f_flags & O_NONBLOCK ? -EAGAIN : watch_wait(watcher);
		if (err)
			return err;
	}
	return got == -EPIPE ? 0 : got;
}

static __poll_t watch_poll(struct file *file, poll_table *table)
{
	struct kv_watcher *watcher = file->private_data;

	poll_wait(file, &watcher->log->wait, table);
	return watch_events(watcher);
}

static vm_fault_t watch_fault(struct vm_fault *fault)
{
	struct kv_watcher *watcher = fault->vma->vm_file->private_data;

	if (fault->pgoff)
		return VM_FAULT_SIGBUS;
	get_page(watcher->log->page);
	fault->page = watcher->log->page;
	return 0;
}

static const struct vm_operations_struct watch_vm_ops = {
	.fault = watch_fault,
};

/* The file is read-only, so the kernel refuses a shared mapping that is writable. */
static int watch_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE || vma->vm_pgoff ||
	    vma->vm_flags & VM_WRITE)
		return -EINVAL;
	vma->vm_ops = &watch_vm_ops;
	return 0;
}

static void watcher_free(struct kv_watcher *watcher)
{
	kv_log_put(watcher->log);
	put_user_ns(watcher->owner);
	kfree(watcher);
}

/* Remove the watcher from the count, and free it. */
static void watch_end(struct kv_watcher *watcher)
{
	mutex_lock(&watcher->log->lock);
	watcher->log->watches--;
	mutex_unlock(&watcher->log->lock);
	watcher_free(watcher);
}

static int watch_release(struct inode *inode, struct file *file)
{
	watch_end(file->private_data);
	return 0;
}

static const struct file_operations watch_fops = {
	.owner = THIS_MODULE,
	.read = watch_read,
	.poll = watch_poll,
	.mmap = watch_mmap,
	.release = watch_release,
};

/* Add the watcher to the count, and set its position to the first event after the revision. */
static int watch_begin(struct kv_watcher *watcher, unsigned int max_watches, u64 rev)
{
	struct kv_log *log = watcher->log;
	int err = 0;

	mutex_lock(&log->lock);
	if (log->watches >= max_watches) {
		err = -ENFILE;
	} else {
		log->watches++;
		watcher->next = kv_log_after(log, rev);
		watcher->behind = watcher->next == U64_MAX;
	}
	mutex_unlock(&log->lock);
	return err;
}

/**
 * kv_watch_open() - open a file that reports the changes after a revision
 * @store: store
 * @owner: user namespace that owns its network namespace
 * @admin: the caller has CAP_NET_ADMIN: it may read private values, and open a watch
 *         when half of max_watches are open already
 * @prefix: prefix of the keys, @prefix_len bytes
 * @prefix_len: 0 to KV_KEY_MAX
 * @rev: revision
 *
 * Context: may sleep.
 * Return: the file; or -ENFILE or -ENOMEM as ERR_PTR().
 */
struct file *kv_watch_open(struct kv_store *store, struct user_namespace *owner, bool admin,
			   const void *prefix, unsigned int prefix_len, u64 rev)
{
	unsigned int max_watches = store->limits->max_watches;
	struct kv_watcher *watcher;
	struct file *file;
	int err;

	watcher = kzalloc(sizeof(*watcher), KV_GFP);
	if (!watcher)
		return ERR_PTR(-ENOMEM);
	watcher->log = kv_store_log(store);
	if (!watcher->log) {
		kfree(watcher);
		return ERR_PTR(-ENOMEM);
	}
	watcher->owner = get_user_ns(owner);
	watcher->show_private = admin;
	memcpy(watcher->bytes, prefix, prefix_len);
	kv_prefix_init(&watcher->prefix, watcher->bytes, prefix_len);
	err = watch_begin(watcher, admin ? max_watches : max_watches / 2, rev);
	if (err) {
		watcher_free(watcher);
		return ERR_PTR(err);
	}
	file = anon_inode_getfile("[kvstore]", &watch_fops, watcher, O_RDONLY);
	if (IS_ERR(file))
		watch_end(watcher);
	return file;
}
