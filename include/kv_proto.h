/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * kv_proto.h - the wire between the kvstore kernel module and its users
 *
 * kvstore keeps short values under short keys inside the kernel, one store per
 * network namespace. A program talks to it with setsockopt(2) and
 * getsockopt(2), level IPPROTO_IP, on any AF_INET socket that belongs to the
 * namespace, but for MPTCP sockets, which the kernel keeps for itself; an idle
 * datagram socket per thread costs least. (AF_INET6 stream and datagram sockets
 * take the same words at level IPPROTO_IP.)
 *
 * Conventions
 * -----------
 * Integers are in host byte order. There are no pointers, no implicit padding
 * and no NUL terminators: lengths are counted, in bytes, and do not include
 * the header. One layout serves 32- and 64-bit callers. Unknown flags and
 * non-zero reserved fields are refused with EINVAL, and so is a field that is
 * set where the command gives it no meaning; fields marked "out" are written
 * by the kernel and never read.
 *
 * A key is 1 to KV_KEY_MAX bytes of A-Z a-z 0-9 _ . : / @ + -
 * A value is 0 to KV_VALUE_MAX bytes, any bytes.
 *
 * The store has a revision: 0 at first, and one more with every command that
 * changed something. A key's revision is that of the command that put it last.
 *
 * Set words: optval holds the request, optlen is its exact length.
 * Get words: optval holds the request and is overwritten by the reply; the
 * optlen passed in is the size of that buffer, the optlen passed back the
 * length of the reply. Bytes beyond the reply are left alone. A request is
 * read once, before anything is written. A get word that fails writes nothing,
 * unless it fails with EFAULT in the middle of the reply. (The kernel writes
 * optlen when the command is done: if that memory cannot be written, or a BPF
 * program on the socket objects, the call fails although it was done. So does a
 * transaction whose buffer is taken away while it runs: EFAULT, but all done.)
 *
 * Each command checks, in this order: permission to use it; length, of the
 * fixed part and then of what it says is there; flags and reserved fields; the
 * key's characters, where the command may create a key (elsewhere a bad key is
 * just not found); and only then acts. A command that fails has changed nothing.
 *
 * Errors of every command
 * -----------------------
 *    ENOPROTOOPT   the module is not loaded (the kernel's own answer)
 *    EOPNOTSUPP    a word of the range that this version does not have
 *    EINVAL        malformed: a length, a flag, a reserved field
 *    ENAMETOOLONG  the key or prefix is longer than KV_KEY_MAX
 *    EMSGSIZE      the value is longer than KV_VALUE_MAX, optlen than KV_MSG_MAX
 *    EFAULT        optval or optlen points to memory that is not there
 *    ENOMEM        no memory, or the caller's memory cgroup is at its limit
 *    EINTR         a fatal signal came while the call waited for writers
 */
#ifndef KV_PROTO_H
#define KV_PROTO_H

#include <linux/types.h>

/*
 * Words are taken from [KV_SO_BASE, KV_SO_BASE + KV_SO_WORDS). The module's
 * parameter opt_base moves the range; /sys/module/kvstore/parameters/opt_base
 * says where it is.
 */
#define KV_SO_BASE	0x4B560000	/* "KV" << 16 */
#define KV_SO_WORDS	256
#define KV_ABI		1

#define KV_KEY_MAX	128		/* bytes */
#define KV_VALUE_MAX	1024		/* bytes; any bytes, none at all included */
#define KV_MSG_MAX	65536		/* bytes in one request or reply */
#define KV_REASON_MAX	200		/* bytes of a refusal's reason */

enum kv_set_word {
	/*
	 * KV_SO_PUT: a struct kv_record with key and value. Stores the value
	 * under the key, with the given KV_F_PRIVATE or without it.
	 * Takes KV_F_CREATE, KV_F_REPLACE, KV_F_IF_REV, KV_F_PRIVATE; CREATE
	 * contradicts the other two conditions (EINVAL). rev is 0 but for IF_REV.
	 *    EPERM   needs CAP_NET_ADMIN in the user namespace that owns the
	 *            socket's network namespace
	 *    EINVAL  also: a character that a key may not have
	 *    EEXIST  the key exists and KV_F_CREATE was given
	 *    ENOENT  it does not and KV_F_REPLACE or KV_F_IF_REV was given
	 *    ESTALE  KV_F_IF_REV was given and the key's revision is not rev
	 *    ENOSPC  the store holds max_entries keys already
	 *    EDQUOT  the store would hold more than max_bytes of keys and values
	 *    EDOM    the kernel module that declared the key refuses this value;
	 *            KV_SO_TXN tells why
	 *    EROFS   the store is sealed
	 */
	KV_SO_PUT = KV_SO_BASE,

	/*
	 * KV_SO_DELETE: a struct kv_record with key and no value. Deletes the
	 * key (one that is declared goes back to its default) or, with
	 * KV_F_PREFIX, all keys that start with it, as one change (as listings,
	 * transactions and watches see it; a GET looks at one key and may come
	 * in between). What was deleted is kept for watchers until log_entries
	 * further changes have come, private values included.
	 * Takes KV_F_IF_REV or KV_F_PREFIX, not both.
	 *    EPERM   as above
	 *    ENOENT  no such key, or none that starts so
	 *    ESTALE  KV_F_IF_REV was given and the key's revision is not rev
	 *    EDOM    the module that declared such a key refuses the default,
	 *            beside what its other keys are
	 *    EROFS   the store is sealed
	 */
	KV_SO_DELETE,

	/*
	 * KV_SO_SEAL: a struct kv_record that is all zero. From now on, until
	 * the module is unloaded, the store can only be read. It is no change
	 * of a key and has no revision. Sealing a sealed store does nothing.
	 *    EPERM   as above
	 */
	KV_SO_SEAL,
};

enum kv_get_word {
	/*
	 * KV_SO_INFO: nothing is read; the reply is a struct kv_info, cut to
	 * the buffer's length, which must be 4 at least.
	 */
	KV_SO_INFO = KV_SO_BASE + 128,

	/*
	 * KV_SO_GET: a struct kv_record with key, all else zero. The reply is
	 * the same record with flags (PRIVATE, DECLARED), rev, value_len and,
	 * after the key, the value. A declared key that is read-only (see
	 * KV_D_READONLY) has a value and a rev of 0.
	 *    ENOENT  no such key
	 *    EPERM   the value is private and the caller lacks the capability
	 *    ERANGE  the buffer is too small for the reply
	 */
	KV_SO_GET,

	/*
	 * KV_SO_LIST: a struct kv_list and prefix_len bytes of prefix, which
	 * may be none. The reply is one page: a struct kv_list and the records
	 * of as many keys that start with the prefix as fit, in no particular
	 * order. See struct kv_list for how to go on. What is declared but not
	 * set, or made by a module when it is read, is not in the store and so
	 * not in a listing: KV_SO_DESCRIBE has it. (A value that was put before
	 * a module made its key read-only stays in the store, without effect.)
	 *    EINVAL  also: a cursor that points outside the table
	 *    ERANGE  the buffer is too small for even one record
	 */
	KV_SO_LIST,

	/*
	 * KV_SO_TXN: a struct kv_txn and count records, each with its op:
	 *    KV_OP_GET     gives the key's record in the reply, with a rev of 0
	 *                  and no value if there is no such key. No flags
	 *    KV_OP_PUT     as KV_SO_PUT, with its flags
	 *    KV_OP_DELETE  as KV_SO_DELETE, with KV_F_IF_REV or no flag; with
	 *                  KV_F_PREFIX only as the single record of the request
	 *    KV_OP_CHECK   only states a condition: KV_F_CREATE, that there is no
	 *                  such key; KV_F_REPLACE, that there is; KV_F_IF_REV,
	 *                  that its revision is rev. One of them at least
	 * All of it happens, as one change of one revision, or nothing. Each
	 * record sees what the ones before it did. The reply is a struct kv_txn
	 * and the record of each KV_OP_GET, in their order.
	 *
	 * A record that is refused (EEXIST, ENOENT, ESTALE, ENOSPC, EDQUOT, EDOM;
	 * EPERM for a KV_OP_GET of a private value) is no error of the call,
	 * which could then not say which record: the call returns 0, error is
	 * the errno, failed the record's index, and no records follow; but where
	 * a module refused it and says why, count is 1 and one record follows,
	 * without a key: its value is the reason, in words, of KV_REASON_MAX
	 * bytes at most and cut to what the buffer has room for.
	 * A transaction that writes nothing needs no capability.
	 *    EPERM   it writes, and the caller lacks the capability
	 *    EINVAL  also: no records, a record past the end of the buffer, a
	 *            padding byte that is not zero, an op that is not listed
	 *    ERANGE  the buffer is too small for the reply
	 *    EROFS   it writes, and the store is sealed
	 */
	KV_SO_TXN,

	/*
	 * KV_SO_WATCH: a struct kv_watch and a prefix; the reply is the struct
	 * with fd, a new close-on-exec descriptor of the changes after rev of
	 * keys that start with the prefix, or of all.
	 *    ENFILE  the namespace has max_watches watches already; half as many,
	 *            where the caller lacks CAP_NET_ADMIN
	 *    EMFILE  the process has as many descriptors as it may
	 *
	 * read(2) on it returns whole records, in the order of the changes:
	 * KV_OP_PUT with flags, key, value and rev; KV_OP_DELETE with key and
	 * rev; or KV_OP_COMPACTED with the store's revision and no key, where
	 * changes that may belong here are not kept any more (also where rev
	 * is one that the store has not reached): list again, then go on
	 * reading. A private value is left out (KV_F_WITHHELD) unless both the
	 * reader and the opener of the watch have CAP_NET_ADMIN. It waits for a
	 * change, unless O_NONBLOCK is set (EAGAIN); EINVAL if the buffer is too
	 * small for the next record; 0, end of file, when the namespace has gone.
	 * poll(2) says POLLIN when a read would not wait.
	 *
	 * mmap(2) of one page, read-only, shows the store's revision as a
	 * __u64 in its first 8 bytes, as long as the mapping lasts. It is
	 * written when all of a change can be seen: values read under one
	 * revision may be newer than it, and none is older. What a module makes
	 * when it is read changes without a revision, and so does whether a key
	 * is read-only: to declare it is no change of the store.
	 */
	KV_SO_WATCH,

	/*
	 * KV_SO_DESCRIBE: a struct kv_describe and a name. The reply is one
	 * page: a struct kv_describe and, in the order of their keys' bytes, a
	 * struct kv_description for each key that starts with the prefix and is
	 * declared by a kernel module, set or not, as many as fit. See struct
	 * kv_describe for how to go on.
	 *    ERANGE  the buffer is too small for even one
	 */
	KV_SO_DESCRIBE,
};

enum kv_op {
	KV_OP_NONE,
	KV_OP_GET,
	KV_OP_PUT,
	KV_OP_DELETE,
	KV_OP_CHECK,
	KV_OP_COMPACTED,
};

enum kv_flag {
	KV_F_CREATE	= 1 << 0,	/* only if the key does not exist (EEXIST) */
	KV_F_REPLACE	= 1 << 1,	/* only if it does (ENOENT) */
	KV_F_IF_REV	= 1 << 2,	/* only if its revision is rev (ESTALE; ENOENT) */
	KV_F_PRIVATE	= 1 << 3,	/* value readable with CAP_NET_ADMIN only */
	KV_F_PREFIX	= 1 << 4,	/* DELETE: every key that starts with the given one */
	KV_F_DECLARED	= 1 << 5,	/* output only: a kernel module has declared this key */
	KV_F_WITHHELD	= 1 << 6,	/* output only: the caller may not read the value */
};

/**
 * struct kv_record - a key, and what is said of it; everything that travels is one
 * @op: enum kv_op; zero in the PUT, DELETE and GET commands and in a listing
 * @flags: enum kv_flag
 * @key_len: bytes of key in @data
 * @value_len: bytes of value in @data, after the key
 * @reserved: zero
 * @rev: revision of the key's last change; with KV_F_IF_REV the one expected
 * @data: the key, then the value; where records follow one another (LIST, TXN,
 *        watch), then zeros up to a multiple of 8
 *
 * LIST and a watch leave out a private value that the caller may not read: the
 * record has KV_F_PRIVATE, KV_F_WITHHELD and a value_len of 0. The length of the
 * value is not secret: kv_info.bytes counts it.
 */
struct kv_record {
	__u8  op;
	__u8  flags;
	__u16 key_len;
	__u16 value_len;
	__u16 reserved;
	__u64 rev;
	__u8  data[];
};

/**
 * struct kv_info - what the store is and holds; out only
 * @size: size of the kernel's struct kv_info in bytes
 * @abi: KV_ABI of the module
 * @key_max: KV_KEY_MAX of the module, bytes
 * @value_max: KV_VALUE_MAX of the module, bytes
 * @msg_max: KV_MSG_MAX of the module, bytes
 * @buckets: buckets of the hash table
 * @entries: keys in the store
 * @max_entries: and their limit
 * @bytes: bytes of all keys and values
 * @max_bytes: and their limit
 * @rev: the store's revision
 * @oldest_rev: the oldest revision that a watch can start after and miss nothing
 * @flags: enum kv_info_flag
 * @watches: watches that are open
 *
 * It may grow at its end; the kernel fills min(optlen, @size) bytes.
 */
struct kv_info {
	__u32 size;
	__u32 abi;
	__u32 key_max;
	__u32 value_max;
	__u32 msg_max;
	__u32 buckets;
	__u32 entries;
	__u32 max_entries;
	__u64 bytes;
	__u64 max_bytes;
	__u64 rev;
	__u64 oldest_rev;
	__u32 flags;
	__u32 watches;
};

enum kv_info_flag {
	KV_INFO_SEALED	= 1 << 0,	/* the store can only be read */
};

/**
 * struct kv_list - the head of a LIST request and of its reply
 * @cursor: zeros for the first page; then what the page before gave
 * @rev: out: the store's revision; the page shows the store as it was then
 * @count: out: records in this page
 * @prefix_len: bytes of prefix in @data
 * @more: out: 1 if there may be more, even after a page without records: ask
 *        again with @cursor, the prefix and a buffer of any size; 0 at the end
 * @flags: zero
 * @data: in: the prefix; out: the records
 *
 * A key that exists during the whole of a listing is returned exactly once,
 * and none is returned twice. Pages with the same @rev are one snapshot.
 */
struct kv_list {
	__u64 cursor[2];
	__u64 rev;
	__u32 count;
	__u16 prefix_len;
	__u8  more;
	__u8  flags;
	__u8  data[];
};

/**
 * struct kv_txn - the head of a TXN request and of its reply
 * @count: records in @data, 1 at least in a request
 * @error: out: 0, or the positive errno of the condition that did not hold
 * @failed: out: index of the record it belongs to
 * @reserved: zero
 * @rev: out: the store's revision when the transaction was done
 * @data: in: @count records; out: @count records, one for each KV_OP_GET
 */
struct kv_txn {
	__u32 count;
	__s32 error;
	__u32 failed;
	__u32 reserved;
	__u64 rev;
	__u8  data[];
};

/**
 * struct kv_watch - the WATCH request and its reply
 * @rev: changes after this revision are reported
 * @fd: out: the descriptor
 * @prefix_len: bytes of prefix in @data
 * @flags: zero
 * @data: in: the prefix; the reply does not repeat it
 */
struct kv_watch {
	__u64 rev;
	__s32 fd;
	__u16 prefix_len;
	__u16 flags;
	__u8  data[];
};

/**
 * struct kv_describe - the head of a DESCRIBE request and of its reply
 * @rev: out: the store's revision when the page was taken
 * @count: out: descriptions in this page
 * @name_len: bytes of name in @data
 * @prefix_len: the name's first bytes, so many, are what the keys start with
 * @more: out: 1 if there are more: ask again with the last key as the name,
 *        the same @prefix_len and KV_DESCRIBE_AFTER
 * @flags: enum kv_describe_flag
 * @reserved: zero
 * @data: in: the name: for the first page, the prefix; out: the descriptions
 */
struct kv_describe {
	__u64 rev;
	__u32 count;
	__u16 name_len;
	__u16 prefix_len;
	__u8  more;
	__u8  flags;
	__u16 reserved[3];
	__u8  data[];
};

enum kv_describe_flag {
	KV_DESCRIBE_AFTER = 1 << 0,	/* keys after the name; else it and those after it */
};

/**
 * struct kv_description - a declared key
 * @type: enum kv_type
 * @flags: enum kv_description_flag
 * @len: bytes of the whole, a multiple of 8
 * @reserved: zero
 * @key_len: bytes of the key in @data
 * @value_len: bytes of the value that is in effect
 * @default_len: bytes of the value that is in effect when none is set
 * @unit_len: bytes of the unit, such as "ms"
 * @choices_len: bytes of the values of a KV_TYPE_ENUM, with "|" between them
 * @module_len: bytes of the name of the module that declared it
 * @text_len: bytes of a line that says what it is
 * @reserved2: zero
 * @rev: revision of the last change; 0 if it is not set
 * @min: least value of a number (S64: as __s64); fewest bytes of a string
 * @max: greatest value of a number (S64: as __s64); most bytes of a string
 * @data: key, value, default, unit, choices, module and text, one after
 *        another, then zeros up to @len
 */
struct kv_description {
	__u8  type;
	__u8  flags;
	__u16 len;
	__u32 reserved;
	__u16 key_len;
	__u16 value_len;
	__u16 default_len;
	__u16 unit_len;
	__u16 choices_len;
	__u16 module_len;
	__u16 text_len;
	__u16 reserved2;
	__u64 rev;
	__u64 min;
	__u64 max;
	__u8  data[];
};

/* What the value of a declared key has to be. All values are text. */
enum kv_type {
	KV_TYPE_NONE,
	KV_TYPE_U64,	/* decimal, or hexadecimal after 0x */
	KV_TYPE_S64,	/* the same, after a - or not */
	KV_TYPE_BOOL,	/* 1 on true yes; 0 off false no */
	KV_TYPE_ENUM,	/* one of the choices */
	KV_TYPE_STRING,	/* any bytes but NUL */
	KV_TYPE_IPV4,	/* 192.0.2.1 */
	KV_TYPE_IPV6,	/* 2001:db8::1 */
};

enum kv_description_flag {
	KV_D_SET	= 1 << 0,	/* the store has a value of it */
	KV_D_READONLY	= 1 << 1,	/* the module makes the value: a put is EDOM */
	KV_D_REFUSED	= 1 << 2,	/* what is set was there before: refused */
	KV_D_PRIVATE	= 1 << 3,	/* the value is private */
	KV_D_WITHHELD	= 1 << 4,	/* it is left out, as the caller may not read it */
};

#endif /* KV_PROTO_H */
