/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declared parameters: what other modules want of the values of their keys.
 *
 * A commit that changes declared keys collects, for each declaration, an
 * update: a copy of the module's struct with the new values. All that can be
 * refused is refused while it is collected and prepared; then the fields are
 * written, and that cannot fail.
 */
#ifndef KV_PARAM_H
#define KV_PARAM_H

#include <linux/list.h>
#include <linux/types.h>

#include <kvstore.h>

#include "callback.h"

struct kv_entry;
struct kv_pending;
struct kv_store;
struct kv_value;

/**
 * struct kv_reason - why a value was refused
 * @param: the parameter that was named, or NULL
 * @text: in words; "" where none were given
 */
struct kv_reason {
	const struct kv_param *param;
	char text[KV_REASON_MAX + 1];
};

/**
 * struct kv_slot - a parameter in a namespace
 * @param: its row
 * @declared: the declaration that it belongs to
 * @name_len: bytes of its key
 * @min: least value or fewest bytes, as in struct kv_description; constant
 * @max: greatest value or most bytes; constant
 * @staged: the update under way has a value of it; store->lock
 * @ignored: what is set was there before, and was refused; store->lock
 */
struct kv_slot {
	const struct kv_param *param;
	struct kv_declared *declared;
	unsigned int name_len;
	u64 min;
	u64 max;
	bool staged;
	bool ignored;
};

/**
 * struct kv_declared - a declaration in a namespace
 * @link: in store->declared; writers hold store->lock, readers RCU
 * @store: the namespace's
 * @declaration: what was declared
 * @settings: the module's struct
 * @update: the update under way, or NULL; store->lock
 * @ending: in store->ending, when it is not in the other list any more; store->lock
 * @slots: declaration->count of them, in the order of their keys
 */
struct kv_declared {
	struct list_head link;
	struct kv_store *store;
	const struct kv_declaration *declaration;
	void *settings;
	struct kv_pending *update;
	struct list_head ending;
	struct kv_slot slots[];
};

/**
 * struct kv_pending - the update of one declaration that a commit makes
 * @link: in the commit's list
 * @declared: the declaration
 * @caller: whose callbacks are called meanwhile
 * @update: what its callbacks see
 * @prepared: prepare() has been called and said yes
 * @first: it comes from declaring: what is ignored in it stays so
 * @next: the copy of the module's struct
 */
struct kv_pending {
	struct list_head link;
	struct kv_declared *declared;
	struct kv_caller caller;
	struct kv_update update;
	bool prepared;
	bool first;
	u8 next[] __aligned(8);
};

/* Finding */
struct kv_slot *kv_slot_find(const struct kv_store *store, const char *key, unsigned int len);
struct kv_slot *kv_slot_next(const struct kv_store *store, const char *key, unsigned int len,
			     bool after);
int kv_slot_show(const struct kv_store *store, const char *key, unsigned int len,
		 struct kv_value *value);

/* Updates: store->lock is held */
int __must_check kv_update_put(struct list_head *updates, struct kv_slot *slot,
			       const struct kv_entry *entry);
int __must_check kv_updates_prepare(struct list_head *updates);
void kv_updates_commit(struct list_head *updates);
void kv_updates_abort(struct list_head *updates);

void kv_object_free(void *object);

__printf(3, 0)
int kv_vrefuse(struct kv_reason *reason, const struct kv_param *param, const char *format,
	       va_list args);

/* Declaring */
int __must_check kv_store_declare(struct kv_store *store, const struct kv_declaration *declaration,
				  void *settings);
void kv_store_undeclare_begin(struct kv_store *store, const struct kv_declaration *declaration);
void kv_store_undeclare(struct kv_store *store, const struct kv_declaration *declaration);

#endif
