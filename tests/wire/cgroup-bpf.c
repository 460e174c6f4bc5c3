// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BPF programs of a cgroup run on every setsockopt and getsockopt and change the request.
 * The handlers then get a kernel buffer, whose length is not the caller's.
 * `wire-cgroup-bpf COMMAND...` runs COMMAND under programs that change nothing.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <sys/mman.h>

#include "tap.h"
#include "wire.h"

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define SET(reg, value) INSN(BPF_ALU64 | BPF_MOV | BPF_K, reg, 0, 0, value)
#define ADD(reg, value) INSN(BPF_ALU64 | BPF_ADD | BPF_K, reg, 0, 0, value)
#define COPY(to, from) INSN(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0)
#define SHIFT(reg, bits) INSN(BPF_ALU64 | BPF_RSH | BPF_K, reg, 0, 0, bits)
#define CTX(reg, size, field) \
	INSN(BPF_LDX | BPF_MEM | (size), reg, BPF_REG_1, offsetof(struct bpf_sockopt, field), 0)
#define CTX_SET(field, reg) \
	INSN(BPF_STX | BPF_MEM | BPF_W, BPF_REG_1, reg, offsetof(struct bpf_sockopt, field), 0)
#define STORE(reg, value) INSN(BPF_ST | BPF_MEM | BPF_B, reg, 0, 0, value)
#define UNLESS_EQUAL(reg, value, skip) INSN(BPF_JMP | BPF_JNE | BPF_K, reg, 0, skip, value)
#define IF_GREATER(a, b, skip) INSN(BPF_JMP | BPF_JGT | BPF_X, a, b, skip, 0)
#define RETURN(value) SET(BPF_REG_0, value), INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* Skip @skip instructions unless optname is a command word of kvstore. */
#define OURS(skip)                                           \
	CTX(BPF_REG_2, BPF_W, optname), SHIFT(BPF_REG_2, 8), \
		UNLESS_EQUAL(BPF_REG_2, KV_SO_BASE >> 8, skip)

static int fd;

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Attach a program to the root cgroup: a link, which detaches it when closed, or -1. */
static int hook(enum bpf_attach_type type, const struct bpf_insn *insns, size_t count)
{
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_SOCKOPT,
		.expected_attach_type = type,
		.insns = (uintptr_t)insns,
		.insn_cnt = count,
		.license = (uintptr_t) "GPL",
	};
	int cgroup = open("/sys/fs/cgroup", O_RDONLY | O_CLOEXEC), program, link;

	if (cgroup < 0)
		err(125, "/sys/fs/cgroup");
	program = bpf(BPF_PROG_LOAD, &load);
	if (program < 0)
		return -1;
	union bpf_attr create = {
		.link_create = { .prog_fd = program, .target_fd = cgroup, .attach_type = type },
	};
	link = bpf(BPF_LINK_CREATE, &create);
	close(program);
	close(cgroup);
	return link;
}

static int must_hook(enum bpf_attach_type type, const struct bpf_insn *insns, size_t count)
{
	int link = hook(type, insns, count);

	if (link < 0)
		err(125, "a BPF program for the cgroup");
	return link;
}

/* Attach a program that sets optlen to @len for kvstore's command words. */
static int hook_len(enum bpf_attach_type type, int len)
{
	const struct bpf_insn insns[] = {
		OURS(2),
		SET(BPF_REG_3, len),
		CTX_SET(optlen, BPF_REG_3),
		RETURN(1),
	};

	return must_hook(type, insns, sizeof(insns) / sizeof(*insns));
}

/* Attach a program that sets byte @at of kvstore's requests or replies to @byte. */
static int hook_byte(enum bpf_attach_type type, int at, int byte)
{
	const struct bpf_insn insns[] = {
		OURS(7),
		CTX(BPF_REG_2, BPF_DW, optval),
		CTX(BPF_REG_3, BPF_DW, optval_end),
		ADD(BPF_REG_2, at),
		COPY(BPF_REG_4, BPF_REG_2),
		ADD(BPF_REG_4, 1),
		IF_GREATER(BPF_REG_4, BPF_REG_3, 1),
		STORE(BPF_REG_2, byte),
		RETURN(1),
	};

	return must_hook(type, insns, sizeof(insns) / sizeof(*insns));
}

static const struct bpf_insn pass[] = { RETURN(1) };
#define PASS pass, sizeof(pass) / sizeof(*pass)

/* True if the kernel has these hooks; otherwise print that the test is skipped. */
static bool has_hooks(void)
{
	int link = hook(BPF_CGROUP_SETSOCKOPT, PASS);

	if (link < 0 && (errno == EINVAL || errno == ENOSYS)) {
		printf("1..0 # SKIP this kernel has no cgroup BPF hooks for socket options\n");
		return false;
	}
	if (link < 0)
		err(125, "a BPF program for the cgroup");
	close(link);
	return true;
}

/*
 * True if a getsockopt that fails under a program does not change the caller's buffer. On 5.10
 * the hook itself writes zeros there, and it refuses calls of more than a page.
 */
static bool hooks_are_clean(void)
{
	int link = must_hook(BPF_CGROUP_GETSOCKOPT, PASS), byte = 0xa5, len = sizeof(byte), error;

	fd = wire_socket();
	error = wire_get(fd, KV_SO_BASE - 1, &byte, &len); /* an unused word */
	close(link);
	if (!error || byte == 0xa5)
		return true;
	printf("1..0 # SKIP this kernel's own hook writes to the buffer of any call that fails\n");
	return false;
}

/* PUT under a program that sets optlen to each length up to one more than the request's. */
static void changed_optlen(void)
{
	char buf[RECORD_MAX];
	int len = record_make(buf, 0, "set", 3, "value", 5, 0), wrong = 0;
	uint64_t before;

	put(fd, "set", "first", 0, 0);
	before = fingerprint(fd);
	for (int other = 1; other <= len + 1; other++) {
		int link = hook_len(BPF_CGROUP_SETSOCKOPT, other);
		int error = wire_set(fd, KV_SO_PUT, buf, len);

		close(link);
		wrong += other == len ? error != 0 :
			 other < len  ? error != -EINVAL || fingerprint(fd) != before :
					error != -EFAULT;
	}
	ok(!wrong && has(fd, "set", "value", 0),
	   "a request that a program cuts short is EINVAL, whatever its length");
}

static void changed_bytes(void)
{
	int head = sizeof(struct kv_record), wrong = 0;
	uint64_t before = fingerprint(fd);

	/* key_len and value_len that do not fit the request */
	for (size_t at = offsetof(struct kv_record, key_len); at < 6; at++) {
		int link = hook_byte(BPF_CGROUP_SETSOCKOPT, at, 0x7f);
		int error = put(fd, "set", "value", 0, 0);

		close(link);
		wrong += error != -EINVAL && error != -ENAMETOOLONG && error != -EMSGSIZE;
	}
	ok(!wrong && fingerprint(fd) == before,
	   "a request whose lengths a program changes is refused and changes nothing");
	int link = hook_byte(BPF_CGROUP_SETSOCKOPT, head, 'S');

	ok(!put(fd, "set", "value", 0, 0), "a PUT whose key a program changes succeeds");
	close(link);
	ok(has(fd, "Set", "value", 0), "the changed key is stored");
	link = hook_byte(BPF_CGROUP_SETSOCKOPT, head, ' ');
	ok(put(fd, "set", "value", 0, 0) == -EINVAL,
	   "a key that a program makes invalid is EINVAL");
	close(link);
}

static void long_requests(void)
{
	static char buf[3 * 4096];
	int link = must_hook(BPF_CGROUP_SETSOCKOPT, PASS), error;
	uint64_t before = fingerprint(fd);

	record_make(buf, 0, "set", 3, "long", 4, 0);
	error = wire_set(fd, KV_SO_PUT, buf, sizeof(buf));
	close(link);
	ok((error == -EINVAL || error == -EFAULT) && fingerprint(fd) == before,
	   "a request of more than a page is refused: %s", strerror(-error));
}

/* The longest record, at the end of the mapped memory. */
static void longest(void)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char key[KV_KEY_MAX], *buf = pages + 4096 - RECORD_MAX;
	int link = must_hook(BPF_CGROUP_SETSOCKOPT, PASS);
	int link_get = must_hook(BPF_CGROUP_GETSOCKOPT, PASS), len = RECORD_MAX, error;

	munmap(pages + 4096, 4096);
	memset(key, 'k', sizeof(key));
	record_make(buf, 0, key, sizeof(key), NULL, KV_VALUE_MAX, 0);
	error = wire_set(fd, KV_SO_PUT, buf, RECORD_MAX);
	memset(buf, 0, RECORD_MAX);
	record_make(buf, 0, key, sizeof(key), "", 0, 0);
	ok(!error && !wire_get(fd, KV_SO_GET, buf, &len) && len == RECORD_MAX &&
		   buf[RECORD_MAX - 1] == 'v',
	   "PUT and GET of the longest record, with unmapped memory after it");
	close(link);
	close(link_get);
	munmap(pages, 4096);
}

static void changed_replies(void)
{
	char buf[RECORD_MAX];
	int link = hook_len(BPF_CGROUP_GETSOCKOPT, 8), len = sizeof(buf);

	put(fd, "get", "value", 0, 0);
	record_make(buf, 0, "get", 3, "", 0, 0);
	ok(!wire_get(fd, KV_SO_GET, buf, &len) && len == 8, "a program can cut a reply short");
	close(link);
	link = hook_len(BPF_CGROUP_GETSOCKOPT, 4097);
	len = sizeof(buf);
	record_make(buf, 0, "get", 3, "", 0, 0);
	ok(wire_get(fd, KV_SO_GET, buf, &len) == -EFAULT,
	   "a program that makes optlen longer than the buffer causes EFAULT");
	close(link);
	link = hook_byte(BPF_CGROUP_GETSOCKOPT, sizeof(struct kv_record) + 3, 'V');
	ok(has(fd, "get", "Value", 0), "a program can change a reply");
	close(link);
	ok(has(fd, "get", "value", 0), "which does not change the stored value");
	link = must_hook(BPF_CGROUP_GETSOCKOPT, PASS);
	ok(get(fd, "none", buf) == -ENOENT,
	   "an error stays the same under a program that changes nothing");
	close(link);
}

/* A listing of more than a page. */
static void long_replies(void)
{
	static _Alignas(8) unsigned char buf[KV_MSG_MAX], below[KV_MSG_MAX];
	uint64_t cursor[2] = { 0, 0 }, cursor_below[2] = { 0, 0 };
	char value[KV_VALUE_MAX] = { 0 }, key[16];
	int link, len, error;

	memset(value, 'l', sizeof(value) - 1);
	for (int i = 0; i < 16; i++) {
		snprintf(key, sizeof(key), "long%d", i);
		put(fd, key, value, 0, 0);
	}
	len = list_page(fd, "long", cursor, buf, sizeof(buf));
	link = must_hook(BPF_CGROUP_GETSOCKOPT, PASS);
	error = list_page(fd, "long", cursor_below, below, sizeof(below));
	close(link);
	/* 5.10 refuses replies of more than a page; later kernels show the program one page */
	ok(len > 4096 && (error == -EFAULT || (error == len && !memcmp(buf, below, len))),
	   "a reply of more than a page is whole, or EFAULT");
}

int main(int argc, char **argv)
{
	if (!has_hooks())
		return 0;
	if (argc > 1) {
		if (!hooks_are_clean())
			return 0;
		fcntl(must_hook(BPF_CGROUP_SETSOCKOPT, PASS), F_SETFD, 0);
		fcntl(must_hook(BPF_CGROUP_GETSOCKOPT, PASS), F_SETFD, 0);
		execvp(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	fd = wire_socket();
	changed_optlen();
	changed_bytes();
	long_requests();
	longest();
	changed_replies();
	long_replies();
	return done();
}
