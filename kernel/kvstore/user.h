/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Short copies from and to user memory, word by word and without a call.
 *
 * copy_from_user() and copy_to_user() take some 150 instructions for a few dozen
 * bytes, most of them to find out what kind of memory the kernel's side is:
 * here it is always the caller's own stack, or an object that was made for just
 * these bytes. To be used between user_read_access_begin() and _end(), or the
 * same of write, which check the user's side.
 */
#ifndef KV_USER_H
#define KV_USER_H

#include <linux/types.h>
#include <linux/uaccess.h>

/* What a machine reads and writes at once, at whatever address. */
#ifdef CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS
#define kv_word unsigned long
#else
#define kv_word u8
#endif

/* A thing of a type, at whatever address. No memcpy(), which some kernels make a call of. */
#define kv_thing(_type, _at) (((struct { _type thing; } __packed *)(_at))->thing)

/* Copy one of these at an offset. */
#define kv_unsafe_get(_type, _to, _from, _at, _fault)				\
	unsafe_get_user(kv_thing(_type, (_to) + (_at)),				\
			(const _type __user *)((_from) + (_at)), _fault)
#define kv_unsafe_put(_type, _to, _from, _at, _fault)				\
	/* It may be of an entry's record, in which KV_F_DECLARED comes and goes. */ \
	unsafe_put_user(data_race(kv_thing(const _type, (_from) + (_at))),	\
			(_type __user *)((_to) + (_at)), _fault)

#define kv_unsafe_pair(_copy, _to, _from, _at, _fault) do {			\
	_copy(kv_word, _to, _from, _at, _fault);				\
	_copy(kv_word, _to, _from, (_at) + sizeof(kv_word), _fault);		\
} while (0)

#define kv_unsafe_quad(_copy, _to, _from, _at, _fault) do {			\
	kv_unsafe_pair(_copy, _to, _from, _at, _fault);				\
	kv_unsafe_pair(_copy, _to, _from, (_at) + 2 * sizeof(kv_word), _fault);	\
} while (0)

#define kv_unsafe_octet(_copy, _to, _from, _at, _fault) do {			\
	kv_unsafe_quad(_copy, _to, _from, _at, _fault);				\
	kv_unsafe_quad(_copy, _to, _from, (_at) + 4 * sizeof(kv_word), _fault);	\
} while (0)

/*
 * Copy with one of these, eight words at a time. The last ones may overlap those
 * before them, so that only what is shorter than a word goes byte by byte.
 */
#define kv_unsafe_copy(_copy, _to, _from, _len, _fault) do {			\
	size_t kv_at = 0, kv_len = (_len);					\
										\
	if (kv_len >= 8 * sizeof(kv_word)) {					\
		kv_unsafe_octet(_copy, _to, _from, 0, _fault);			\
		if (kv_len == 8 * sizeof(kv_word))				\
			break;							\
		while ((kv_at += 8 * sizeof(kv_word)) < kv_len - 8 * sizeof(kv_word)) \
			kv_unsafe_octet(_copy, _to, _from, kv_at, _fault);	\
		kv_unsafe_octet(_copy, _to, _from, kv_len - 8 * sizeof(kv_word), _fault); \
	} else if (kv_len >= 4 * sizeof(kv_word)) {				\
		kv_unsafe_quad(_copy, _to, _from, 0, _fault);			\
		if (kv_len > 4 * sizeof(kv_word))				\
			kv_unsafe_quad(_copy, _to, _from, kv_len - 4 * sizeof(kv_word), _fault); \
	} else if (kv_len >= 2 * sizeof(kv_word)) {				\
		kv_unsafe_pair(_copy, _to, _from, 0, _fault);			\
		if (kv_len > 2 * sizeof(kv_word))				\
			kv_unsafe_pair(_copy, _to, _from, kv_len - 2 * sizeof(kv_word), _fault); \
	} else if (kv_len >= sizeof(kv_word)) {					\
		_copy(kv_word, _to, _from, 0, _fault);				\
		_copy(kv_word, _to, _from, kv_len - sizeof(kv_word), _fault);	\
	} else {								\
		for (; kv_at < kv_len; kv_at++)					\
			_copy(u8, _to, _from, kv_at, _fault);			\
	}									\
} while (0)

/* Copy so many bytes, or go to a label. Pointers are void * or to bytes. */
#define kv_unsafe_get_bytes(_to, _from, _len, _fault)				\
	kv_unsafe_copy(kv_unsafe_get, _to, _from, _len, _fault)
#define kv_unsafe_put_bytes(_to, _from, _len, _fault)				\
	kv_unsafe_copy(kv_unsafe_put, _to, _from, _len, _fault)

#endif
