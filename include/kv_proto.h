/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * kv_proto.h - the protocol between the kvstore kernel module and programs
 *
 * kvstore keeps short values under short keys in the kernel, in one store per
 * network namespace. Programs use it with setsockopt(2) and getsockopt(2) at
 * level IPPROTO_IP, on any AF_INET socket except an MPTCP socket, and on AF_INET6
 * stream and datagram sockets. A socket accesses the store of the network
 * namespace that it was created in. An idle datagram socket per thread costs
 * least.
 *
 * Conventions
 * -----------
 * Integers are in host byte order. Structs have no pointers and no implicit
 * padding: 32-bit and 64-bit callers use the same layout. A length is a number of
 * bytes. Keys, prefixes and values have no NUL terminator.
 *
 * The kernel writes the fields that are marked "out", and ignores them in a
 * request. It refuses (EINVAL) an unknown flag, a reserved field that is not zero, and
 * any other field or flag that is set although the command does not use it.
 *
 * A key is 1 to KV_KEY_MAX bytes of A-Z a-z 0-9 _ . : / @ + -
 * A value is 0 to KV_VALUE_MAX arbitrary bytes.
 *
 * A set word is called with setsockopt(2): optval is the request, and optlen its
 * exact length.
 *
 * A get word is called with getsockopt(2): optval is a buffer of optlen bytes, which
 * holds the request and receives the reply. On success, optlen becomes the length
 * of the reply. The kernel works on a copy of the request. Bytes of the buffer after
 * the reply keep their values. A call that fails leaves the buffer as it was, except
 * that EFAULT may leave part of the reply in it; see also Failures. Linux 5.10 refuses
 * a buffer of more than one page on a socket that has a cgroup BPF getsockopt program:
 * list in pages of 4096 bytes there.
 *
 * Revisions
 * ---------
 * The revision of a store is 0 at first, and each command that changes a key
 * increments it by one. The revision of a key is that of the command that put it
 * last. Putting the value that a key already has is a change too. A revision is not
 * used again, not even for a key that is deleted and created again.
 *
 * Permissions
 * -----------
 * CAP_NET_ADMIN in the user namespace that owns the socket's network namespace is
 * required to write (PUT, DELETE, SEAL, and a TXN that has a KV_OP_PUT or a
 * KV_OP_DELETE), and to read a private value, which is one that was put with
 * KV_F_PRIVATE. Everything else is open to all callers. The key, the revision and the
 * flag of a private value are not secret, and its length can be derived from
 * kv_info.bytes.
 *
 * Waiting
 * -------
 * PUT, DELETE, SEAL, a TXN that writes, WATCH and DESCRIBE wait for the writers before
 * them. INFO, LIST and a TXN that only reads do so only if changes come too fast. A
 * fatal signal ends the wait (EINTR), but not in SEAL and WATCH. GET never waits for
 * writers.
 *
 * Order of checks
 * ---------------
 * A command returns the error of the first check that fails:
 *
 *    1. The word: EOPNOTSUPP.
 *    2. Set words: the permission, EPERM.
 *    3. optlen: EMSGSIZE if it is over KV_MSG_MAX, EINVAL if it is less than the
 *       fixed part of the request.
 *    4. The lengths in the request: ENAMETOOLONG for a key, prefix or name, then
 *       EMSGSIZE for a value, and then EINVAL if the request does not have these
 *       bytes. GET, which takes no value, checks the length of a value last.
 *    5. Flags, reserved fields and all other fields: EINVAL.
 *    6. The characters of the key, if the command may create it: EINVAL. A key that
 *       only has to be found is not checked; with other characters it does not exist.
 *    7. Writes: EROFS; then for each record in order its condition (EEXIST, ENOENT,
 *       ESTALE), ENOSPC, EDQUOT and EDOM. If the values of a module's keys do not fit
 *       together, EDOM comes after all records.
 *       GET: ENOENT, EPERM, ERANGE. LIST: EINVAL for the cursor, ERANGE.
 *       WATCH: EMFILE, ENFILE. DESCRIBE: ERANGE.
 *
 * TXN has to parse its records to know whether it writes. After reserved and count, it
 * does steps 4 and 5 for each record in order, then checks the permission (EPERM), and
 * then does step 6. So if a TXN is malformed, a caller without the capability gets EINVAL,
 * ENAMETOOLONG or EMSGSIZE, but for the characters of a key it gets EPERM.
 *
 * EFAULT comes from the step that cannot read or write the memory. ENOMEM and EINTR
 * may come instead of any error of steps 4 to 7.
 *
 * Failures
 * --------
 * A command that fails has changed nothing. The exceptions are get words that were
 * done before the failure was found:
 *
 *    - The kernel writes optlen after the command. If it cannot, or if a BPF program
 *      on the socket rejects the result, the call fails although the command was
 *      done. If it was a WATCH, the descriptor is open, and kv_watch.fd has its number.
 *    - A TXN that writes checks first that the buffer of the reply can be written: it
 *      reads a byte of each page and stores it back, so no other thread may write to
 *      the buffer meanwhile. If the memory is unmapped after that, the call fails with
 *      EFAULT although the transaction was done.
 *
 * Errors
 * ------
 * Each meaning follows the words that give the error: "all" for all words, "read" for
 * read(2) of a watch. "TXN record" is an error of one record of a transaction: the
 * call returns 0, and the error is in the reply (see KV_SO_TXN).
 *
 *    ENOPROTOOPT   all: the module is not loaded. The kernel itself returns this
 *                    error. It may also do so for a moment while another netfilter
 *                    module is being unloaded, so try twice.
 *    EOPNOTSUPP    all: the module has no such set word or no such get word.
 *    EPERM         PUT, DELETE, SEAL, TXN: the caller lacks the capability to write.
 *                  GET, TXN record: the value is private and the caller lacks the
 *                    capability to read it.
 *    EINVAL        all: the request is malformed: a length, a flag, a reserved field.
 *                  PUT, TXN: the key has a character that a key may not have.
 *                  LIST: the cursor is outside the table.
 *                  TXN: there is no record, a record goes beyond the buffer, its
 *                    padding is not zero, its op is unknown, or it has KV_F_PREFIX
 *                    and is not the only record.
 *                  read: the buffer is smaller than a struct kv_record, or than the
 *                    next record.
 *    ENAMETOOLONG  PUT, DELETE, SEAL, GET, LIST, TXN, WATCH, DESCRIBE: the key, prefix
 *                    or name is longer than KV_KEY_MAX.
 *    EMSGSIZE      all: optlen is greater than KV_MSG_MAX.
 *                  PUT, DELETE, SEAL, GET, TXN: the value is longer than KV_VALUE_MAX.
 *    EFAULT        all, read: memory of the caller cannot be read or written.
 *    ENOMEM        PUT, DELETE, GET, LIST, TXN, WATCH, DESCRIBE, read: there is no
 *                    memory, or the caller's memory cgroup is at its limit. DELETE
 *                    needs memory only for declared keys.
 *    EINTR         PUT, DELETE, INFO, LIST, TXN, DESCRIBE: a fatal signal arrived while
 *                    the call waited for writers.
 *                  read: a signal arrived while the read waited for a change.
 *    EROFS         PUT, DELETE, TXN: the store is sealed.
 *    ENOENT        DELETE, GET, TXN record: there is no such key, or none with the
 *                    prefix.
 *                  PUT, TXN record: KV_F_REPLACE or KV_F_IF_REV was given and the key
 *                    does not exist.
 *    EEXIST        PUT, TXN record: KV_F_CREATE was given and the key exists.
 *    ESTALE        PUT, DELETE, TXN record: KV_F_IF_REV was given and the key has
 *                    another revision.
 *    ENOSPC        PUT, TXN record: the store already holds max_entries keys.
 *    EDQUOT        PUT, TXN record: the store would hold more than max_bytes bytes of
 *                    keys and values.
 *    EDOM          PUT, DELETE, TXN record: the kernel module that declared the key
 *                    refuses the value, or the default that a deleted key falls back
 *                    to; or the key is read-only. TXN returns the reason.
 *    ERANGE        GET, TXN: the buffer is too small for the reply.
 *                  LIST, DESCRIBE: the buffer is too small for even one record or
 *                    description.
 *    ENFILE        WATCH: the namespace has max_watches watches, or half as many if the
 *                    caller lacks CAP_NET_ADMIN; or the system has reached its limit
 *                    of open files.
 *    EMFILE        WATCH: the process has reached its limit of descriptors.
 *    EAGAIN        read: there is no change, and O_NONBLOCK is set.
 */
#ifndef KV_PROTO_H
#define KV_PROTO_H

#include <linux/types.h>

/*
 * The words are KV_SO_BASE to KV_SO_BASE + KV_SO_WORDS - 1. The module parameter
 * opt_base moves the whole range: a client adds the difference between
 * /sys/module/kvstore/parameters/opt_base and KV_SO_BASE to each word.
 */
#define KV_SO_BASE	0x4B560000	/* "KV" << 16 */
#define KV_SO_WORDS	256
#define KV_ABI		1

#define KV_KEY_MAX	128		/* bytes */
#define KV_VALUE_MAX	1024		/* bytes */
#define KV_MSG_MAX	65536		/* bytes of a request or a reply */
#define KV_REASON_MAX	200		/* bytes of the reason of an EDOM */

enum kv_set_word {
	/*
	 * KV_SO_PUT: store a value under a key.
	 * Request: a struct kv_record with the key and the value.
	 *
	 * Flags are KV_F_PRIVATE and the conditions KV_F_CREATE, KV_F_REPLACE and
	 * KV_F_IF_REV. KV_F_CREATE excludes the other two conditions. rev must be 0
	 * without KV_F_IF_REV. A put without KV_F_PRIVATE makes the key public.
	 */
	KV_SO_PUT = KV_SO_BASE,

	/*
	 * KV_SO_DELETE: delete a key or, with KV_F_PREFIX, all keys that start with
	 * it, as one change.
	 * Request: a struct kv_record with the key or prefix, at least 1 byte, and no
	 * value.
	 *
	 * Flags are KV_F_IF_REV or KV_F_PREFIX, not both. A declared key falls back to
	 * its default. Listings, transactions and watches see the keys of a prefix
	 * disappear at once; a GET looks at one key and may run in between. The log
	 * keeps deleted values, private ones too, until log_entries further changes
	 * have been made.
	 */
	KV_SO_DELETE,

	/*
	 * KV_SO_SEAL: make the store read-only until the module is unloaded.
	 * Request: a struct kv_record that is all zero.
	 *
	 * This does not change the revision. Sealing a sealed store has no effect.
	 */
	KV_SO_SEAL,
};

enum kv_get_word {
	/*
	 * KV_SO_INFO: get counters and limits of the store.
	 * Request: none; the buffer has at least 4 bytes.
	 * Reply: a struct kv_info, cut to the buffer.
	 */
	KV_SO_INFO = KV_SO_BASE + 128,

	/*
	 * KV_SO_GET: get the value of a key.
	 * Request: a struct kv_record with the key; all other fields are zero.
	 * Reply: the same record with flags, rev, value_len and the value.
	 *
	 * The flags of the reply are KV_F_PRIVATE and KV_F_DECLARED. A declared key
	 * that is not set does not exist (ENOENT), but one that is read-only (see
	 * KV_D_READONLY) has the value that its module computes, and a rev of 0. A
	 * buffer of sizeof(struct kv_record) + KV_KEY_MAX + KV_VALUE_MAX bytes holds
	 * any reply.
	 */
	KV_SO_GET,

	/*
	 * KV_SO_LIST: get the keys that start with a prefix, one page at a time.
	 * Request: a struct kv_list and the prefix; an empty prefix matches all keys.
	 * Reply: a struct kv_list and as many records as fit, in no particular order.
	 *
	 * The records have an op of 0 and the flags KV_F_PRIVATE, KV_F_WITHHELD and
	 * KV_F_DECLARED. A listing shows what is stored: neither declared keys that
	 * are not set, nor computed values, which DESCRIBE has. The value of a key
	 * that was put before a module declared the key as read-only is still stored
	 * and listed, but has no effect.
	 */
	KV_SO_LIST,

	/*
	 * KV_SO_TXN: do several operations as one change of one revision, or none.
	 * Request: a struct kv_txn and count records, one for each operation.
	 * Reply: a struct kv_txn and the record of each KV_OP_GET, in order.
	 *
	 *    KV_OP_GET     Get the key's record, with KV_F_PRIVATE and KV_F_DECLARED in
	 *                  its flags. If there is no such key, the record has no
	 *                  value, no flags and a rev of 0. Takes no flags.
	 *    KV_OP_PUT     Like KV_SO_PUT, with its flags.
	 *    KV_OP_DELETE  Like KV_SO_DELETE, with KV_F_IF_REV or no flag; KV_F_PREFIX
	 *                  is allowed if this is the only record.
	 *    KV_OP_CHECK   Check a condition: KV_F_CREATE, that the key does not exist;
	 *                  KV_F_REPLACE, that it exists; KV_F_IF_REV, that its revision
	 *                  is rev. Takes at least one; KV_F_CREATE excludes the
	 *                  others.
	 *
	 * Each record sees the effects of those before it. The limits max_entries and
	 * max_bytes apply after each record, not only at the end. A KV_OP_GET of a key
	 * that an earlier record has put has as rev the next revision of the store. A
	 * transaction that in the end changes nothing, such as a put and a delete of a
	 * new key, does not change the revision; a later command then gets that revision.
	 *
	 * A record is refused if it fails with an error that the table above lists for
	 * "TXN record". Then nothing has changed and the call returns 0; error is the
	 * errno, failed the index of the record, and count is 0. If a module refused
	 * the value (EDOM) and gave a reason, count is 1 and a record without a key
	 * follows, whose value is the reason: text of at most KV_REASON_MAX bytes, cut
	 * to the buffer. A module may also refuse the values that the whole transaction
	 * would leave. failed is then the index of the last record that writes the key
	 * which the module named. If no record writes that key, or the module named
	 * none, it is the index of the last record that writes a declared key.
	 *
	 * If the record of a KV_OP_GET does not fit, the call fails with ERANGE and
	 * nothing has changed. Records are processed in order: ERANGE takes the place
	 * of the refusal of a later record.
	 */
	KV_SO_TXN,

	/*
	 * KV_SO_WATCH: get a descriptor that reports changes of keys.
	 * Request: a struct kv_watch and a prefix; an empty prefix matches all keys.
	 * Reply: the struct kv_watch with fd, a new close-on-exec descriptor.
	 *
	 * read(2) returns whole records, in the order of the changes after rev:
	 *
	 *    KV_OP_PUT        flags, key, value and rev
	 *    KV_OP_DELETE     key and rev
	 *    KV_OP_COMPACTED  rev, the store's revision, and no key: changes up to rev
	 *                     may have been missed. List the keys again and go on
	 *                     reading.
	 *
	 * There is one record for each key that a command changed, with the final
	 * state. A key that a transaction created and deleted again has none.
	 *
	 * The kernel logs the last log_entries changes of a store, with their values.
	 * The watch reports KV_OP_COMPACTED
	 *
	 *    - if a change that it has not passed yet is no longer in the log, whether
	 *      or not one of the lost changes matches the prefix;
	 *    - if rev was not reached yet when the watch was opened, even if the
	 *      store has passed it by the first read;
	 *    - after a read that failed with EFAULT, whose changes are lost.
	 *
	 * The value of a private key is left out (KV_F_WITHHELD) unless both the
	 * reader and the process that opened the watch have the capability to read it.
	 *
	 * A read waits for a change, unless O_NONBLOCK is set. A buffer smaller than
	 * sizeof(struct kv_record) is refused at once (EINVAL), one that is smaller
	 * than the next record when there is that record; sizeof(struct kv_record) +
	 * KV_KEY_MAX + KV_VALUE_MAX bytes hold any record. A read returns at most
	 * KV_MSG_MAX bytes, and 0 (end of file) when the namespace has been deleted and
	 * no change is left. poll(2) reports POLLIN when a read would not wait, and
	 * POLLHUP too when the namespace has been deleted.
	 *
	 * mmap(2) of one page at offset 0, PROT_READ only, shows the store's revision
	 * as a __u64 in the first 8 bytes, as long as the mapping exists. The kernel
	 * writes it after all of a change has become visible: a value that is read
	 * while the page shows a revision is not older than that revision, but may be
	 * newer. Several values that are read under one revision are not a snapshot,
	 * as those of a TXN are. The revision covers neither computed values, which
	 * change without a new revision, nor whether a key is declared.
	 *
	 * The descriptor does not depend on the socket. The module cannot be unloaded
	 * while the descriptor or a mapping exists.
	 */
	KV_SO_WATCH,

	/*
	 * KV_SO_DESCRIBE: get the keys that kernel modules have declared and that start
	 * with a prefix, set or not, one page at a time.
	 * Request: a struct kv_describe and a name.
	 * Reply: a struct kv_describe and as many struct kv_description as fit, in the
	 * byte order of their keys.
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
	KV_F_REPLACE	= 1 << 1,	/* only if it exists (ENOENT) */
	KV_F_IF_REV	= 1 << 2,	/* only if its revision is rev (ESTALE; ENOENT) */
	KV_F_PRIVATE	= 1 << 3,	/* reading the value needs CAP_NET_ADMIN */
	KV_F_PREFIX	= 1 << 4,	/* DELETE: all keys that start with the key */
	KV_F_DECLARED	= 1 << 5,	/* out: a kernel module has declared the key */
	KV_F_WITHHELD	= 1 << 6,	/* out: the value is private and was left out */
};

/**
 * struct kv_record - a key with its value, or an operation on a key
 * @op: enum kv_op in a TXN and from a watch; zero in PUT, DELETE, SEAL, GET and LIST
 * @flags: enum kv_flag
 * @key_len: bytes of the key in @data
 * @value_len: bytes of the value in @data
 * @reserved: zero
 * @rev: revision of the key; in a request the expected revision, with KV_F_IF_REV
 * @data: the key, then the value. In a sequence of records (LIST, TXN, read), zeros
 *        follow up to a multiple of 8 bytes; a single record (PUT, DELETE, GET) ends
 *        with the value
 *
 * With KV_F_WITHHELD, from LIST or a watch, @value_len is 0: the value is private
 * and the caller may not read it.
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
 * struct kv_info - counters and limits of a store; out only
 * @size: bytes of the kernel's struct kv_info
 * @abi: KV_ABI of the module
 * @key_max: KV_KEY_MAX of the module
 * @value_max: KV_VALUE_MAX of the module
 * @msg_max: KV_MSG_MAX of the module
 * @buckets: buckets of the hash table
 * @entries: keys in the store
 * @max_entries: limit of @entries
 * @bytes: bytes of all keys and values
 * @max_bytes: limit of @bytes
 * @rev: the store's revision
 * @oldest_rev: the oldest revision that a watch can start after without
 *              KV_OP_COMPACTED
 * @flags: enum kv_info_flag
 * @watches: open watches
 *
 * @entries, @bytes, @rev and @flags are a snapshot; @oldest_rev and @watches are
 * read after it. The struct may grow at its end: the kernel writes
 * min(optlen, @size) bytes.
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
	KV_INFO_SEALED	= 1 << 0,	/* the store is read-only */
};

/**
 * struct kv_list - head of a LIST request and of its reply
 * @cursor: zero for the first page; for the next one, @cursor of the last reply
 * @rev: out: the store's revision; the page shows the store at this revision
 * @count: out: records in @data
 * @prefix_len: bytes of the prefix in @data
 * @more: out: 0 after the last page, otherwise 1
 * @flags: zero
 * @data: in: the prefix; out: the records
 *
 * To get the next page, repeat the request with the new @cursor and the same prefix;
 * the size of the buffer may differ. A page may be without records although @more is
 * 1: a call looks at a limited number of keys. A cursor has no meaning to the caller
 * and stays valid as long as the store exists.
 *
 * A key that exists during the whole listing is returned exactly once, and no key is
 * returned twice. Pages with the same @rev are one snapshot.
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
 * struct kv_txn - head of a TXN request and of its reply
 * @count: records in @data; at least 1 in a request
 * @error: out: 0, or the positive errno of a refused record
 * @failed: out: index of the refused record
 * @reserved: zero
 * @rev: out: the store's revision after the transaction
 * @data: in: the operations; out: a record for each KV_OP_GET, or the reason of a
 *        refusal
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
 * @rev: the watch reports changes after this revision
 * @fd: out: the descriptor
 * @prefix_len: bytes of the prefix in @data
 * @flags: zero
 * @data: in: the prefix; the reply ends before it
 */
struct kv_watch {
	__u64 rev;
	__s32 fd;
	__u16 prefix_len;
	__u16 flags;
	__u8  data[];
};

/**
 * struct kv_describe - head of a DESCRIBE request and of its reply
 * @rev: out: the store's revision when the page was filled
 * @count: out: descriptions in @data
 * @name_len: bytes of the name in @data
 * @prefix_len: bytes of the prefix, which is the start of the name
 * @more: out: 0 after the last page, otherwise 1
 * @flags: enum kv_describe_flag
 * @reserved: zero
 * @data: in: the name; out: the descriptions
 *
 * For the first page, the name is the prefix. For the next one, it is the last key of
 * the page before, with the same @prefix_len and KV_DESCRIBE_AFTER.
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
	KV_DESCRIBE_AFTER = 1 << 0,	/* keys after the name, without the name itself */
};

/**
 * struct kv_description - a declared key
 * @type: enum kv_type
 * @flags: enum kv_description_flag
 * @len: bytes of the description with its texts, a multiple of 8
 * @reserved: zero
 * @key_len: bytes of the key
 * @value_len: bytes of the value in effect
 * @default_len: bytes of the default, the value in effect if none is set; 0 if the
 *               key is read-only
 * @unit_len: bytes of the unit, such as "ms"
 * @choices_len: bytes of the choices of a KV_TYPE_ENUM, separated by "|"
 * @module_len: bytes of the name of the module that declared the key
 * @text_len: bytes of a line that describes the key
 * @reserved2: zero
 * @rev: revision of the key; 0 if it is not set or is read-only
 * @min: least value of a number (__s64 for KV_TYPE_S64), fewest bytes of a string
 * @max: greatest value of a number (__s64 for KV_TYPE_S64), most bytes of a string
 * @data: key, value, default, unit, choices, module and text, one after another, then
 *        zeros up to @len
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

/* Types of declared keys. All values are text. */
enum kv_type {
	KV_TYPE_NONE,
	KV_TYPE_U64,	/* decimal, or hexadecimal after 0x */
	KV_TYPE_S64,	/* the same, with an optional - before it */
	KV_TYPE_BOOL,	/* 1 on true yes; 0 off false no */
	KV_TYPE_ENUM,	/* one of the choices */
	KV_TYPE_STRING,	/* any bytes except NUL */
	KV_TYPE_IPV4,	/* 192.0.2.1 */
	KV_TYPE_IPV6,	/* 2001:db8::1 */
};

enum kv_description_flag {
	KV_D_SET	= 1 << 0,	/* the store has a value for the key */
	KV_D_READONLY	= 1 << 1,	/* the module computes the value; a put is EDOM */
	KV_D_REFUSED	= 1 << 2,	/* the value was set before the module declared the key,
					 * which refused it: the default is in effect
					 */
	KV_D_PRIVATE	= 1 << 3,	/* the stored value is private */
	KV_D_WITHHELD	= 1 << 4,	/* the value in effect is private and was left out */
};

#endif /* KV_PROTO_H */
