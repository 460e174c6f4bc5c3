/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declared parameters and notifiers: how a store calls other modules.
 *
 * A commit that changes declared keys stages one update for each declaration: a
 * copy of the module's struct with the new values. Everything that can fail is
 * done while updates are staged and prepared; writing the fields cannot fail.
 */
#ifndef KV_PARAMS_H
#define KV_PARAMS_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/types.h>

#include <kvstore.h>

#include "store/store.h"

struct kv_slot;
struct net;
struct task_struct;

/**
 * struct kv_caller - a task that may be in a callback of another module
 * @link: in callers; callers_lock
 * @task: the task
 */
struct kv_caller {
	struct list_head link;
	struct task_struct *task;
};

/**
 * struct kv_params - the declared parameters and the notifiers of one namespace
 * @store: store of the namespace; constant
 * @net: the namespace, or NULL in a test; constant
 * @declared: struct kv_param_instance; written under store->lock, read under RCU
 * @ending: instances that are being undeclared; store->lock
 * @notifiers: struct kv_notifier of this namespace; store->lock
 * @updates: struct kv_staged_update of the commit under way; store->lock
 * @notifying: the committing task, while it calls notifiers; store->lock
 */
struct kv_params {
	struct kv_store *store;
	struct net *net;
	struct list_head declared;
	struct list_head ending;
	struct list_head notifiers;
	struct list_head updates;
	struct kv_caller notifying;
};

/* Hooks of a store whose params is a struct kv_params */
extern const struct kv_hooks kv_param_hooks;

/* Types: types.c */

/**
 * union kv_parsed - a parsed value
 * @u64: unsigned integer, 0 or 1 of a boolean, index of a choice, or bytes of a string
 * @s64: signed integer
 * @ipv4: IPv4 address
 * @ipv6: IPv6 address
 */
union kv_parsed {
	u64 u64;
	s64 s64;
	__be32 ipv4;
	struct in6_addr ipv6;
};

/* Size of a buffer for any value of a plain type, with a NUL byte at its end. */
#define KV_PLAIN_MAX 48

/**
 * struct kv_type_ops - a type of declared parameters: a row of the table in types.c
 * @name: name of the type
 * @words: the reason of a refusal, which says what values the type has: a format with
 *         the arguments min, max, a blank before the unit, and the unit. Choices are
 *         appended
 * @field_size: bytes of a field; 0: the size of any integer
 * @has_choices: the parameter has a list of choices
 * @parse: parse a value; false if it is not of this type. The text of a plain type
 *         has a NUL byte at its end
 * @text: NULL: the type is plain, its values are short and contain no NUL byte.
 *        Otherwise return the value of a field, with a NUL byte at its end
 * @set_bounds: NULL: the type has no bounds. Otherwise set the default bounds if
 *              the slot has none; false if the bounds of the slot are invalid
 * @in_bounds: true if a parsed value is within the bounds; NULL if @set_bounds is
 * @store: write a parsed value to a field, or allocate its object. Returns 0 or
 *         -ENOMEM
 * @publish: copy a field of the staged struct to the module's struct, which may be
 *           read meanwhile; an object that is replaced is freed after a grace period
 * @free: NULL, or free the object of a field that has no readers
 */
struct kv_type_ops {
	const char *name;
	const char *words;
	unsigned int field_size;
	bool has_choices;
	bool (*parse)(const char *const *choices, const char *text, unsigned int len,
		      union kv_parsed *parsed);
	const char *(*text)(const struct kv_param *param, const void *field);
	bool (*set_bounds)(struct kv_slot *slot);
	bool (*in_bounds)(const struct kv_slot *slot, const union kv_parsed *parsed);
	int (*store)(void *field, const struct kv_param *param, const union kv_parsed *parsed,
		     const char *text);
	void (*publish)(void *field, const void *next, unsigned int size);
	void (*free)(void *field);
};

const struct kv_type_ops *kv_type_find(enum kv_type type);
bool kv_value_parse(enum kv_type type, const char *const *choices, const char *text,
		    unsigned int len, union kv_parsed *parsed);
void kv_slot_describe(const struct kv_slot *slot, char *text, size_t size);

/* Callbacks: notify.c */

void kv_callback_begin(struct kv_caller *caller);
void kv_callback_end(struct kv_caller *caller);
bool kv_in_callback(void);

void kv_notifier_add(struct kv_params *params, struct kv_notifier *notifier);
void kv_notifier_del(struct kv_params *params, struct kv_notifier *notifier);

/* Number of notifiers of all namespaces. */
extern unsigned int kv_global_notifiers;

void kv_notify_begin(struct kv_store *store);
void kv_notify_end(struct kv_store *store);
void kv_notify(struct kv_store *store, const struct kv_entry *old, const struct kv_entry *new);

/* Declarations: declare.c */

/**
 * struct kv_slot - a parameter of a declaration in a namespace
 * @param: its row of the module's table
 * @type: the row of its type
 * @instance: the declaration
 * @name_len: bytes of its key
 * @min: least value or fewest bytes, as in struct kv_description; constant
 * @max: greatest value or most bytes; constant
 * @staged: the staged update changes it; store->lock
 * @refused: the value in the store was set before the declaration and was refused:
 *           the default is in effect; store->lock
 */
struct kv_slot {
	const struct kv_param *param;
	const struct kv_type_ops *type;
	struct kv_param_instance *instance;
	unsigned int name_len;
	u64 min;
	u64 max;
	bool staged;
	bool refused;
};

/**
 * struct kv_param_instance - a declaration in a namespace
 * @link: in params->declared; writers hold store->lock, readers RCU
 * @params: parameters of the namespace
 * @declaration: the module's table and callbacks
 * @settings: the module's struct
 * @update: its staged update, or NULL; store->lock
 * @ending: in params->ending, after @link was removed; store->lock
 * @end: the end of @slots
 * @slots: declaration->count slots, sorted by key
 */
struct kv_param_instance {
	struct list_head link;
	struct kv_params *params;
	const struct kv_declaration *declaration;
	void *settings;
	struct kv_staged_update *update;
	struct list_head ending;
	struct kv_slot *end;
	struct kv_slot slots[];
};

void kv_params_init(struct kv_params *params, struct kv_store *store, struct net *net);
bool kv_params_are_empty(const struct kv_params *params);
int __must_check kv_params_declare(struct kv_params *params,
				   const struct kv_declaration *declaration, void *settings);
void kv_params_undeclare_begin(struct kv_params *params, const struct kv_declaration *declaration);
void kv_params_undeclare(struct kv_params *params, const struct kv_declaration *declaration);

/* Updates: update.c */

/**
 * struct kv_staged_update - the changes of one declaration in a commit
 * @link: in params->updates
 * @instance: the declaration
 * @caller: the committing task, while callbacks of the update may be called
 * @update: argument of the callbacks
 * @prepared: prepare() was called and succeeded
 * @initial: the update applies initial values: slots keep their refused flag
 * @next: copy of the module's struct with the new values
 */
struct kv_staged_update {
	struct list_head link;
	struct kv_param_instance *instance;
	struct kv_caller caller;
	struct kv_update update;
	bool prepared;
	bool initial;
	u8 next[] __aligned(8);
};

struct kv_slot *kv_slot_find(const struct kv_params *params, const u8 *key, unsigned int len);
struct kv_slot *kv_slot_next(const struct kv_params *params, const u8 *key, unsigned int len,
			     bool after);

int __must_check kv_update_stage(struct kv_slot *slot, const struct kv_entry *entry);
int __must_check kv_updates_prepare(struct kv_params *params);
void kv_updates_commit(struct kv_store *store);
void kv_updates_abort(struct kv_store *store);

__printf(3, 0)
int kv_vrefuse(struct kv_reason *reason, const struct kv_param *param, const char *format,
	       va_list args);

#endif
