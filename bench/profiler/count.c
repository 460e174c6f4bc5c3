// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A QEMU plugin that counts the instructions between two markers in the guest's program, by the
 * address of their block of code. At exit it writes the counts since the last start marker to
 * a file, in lines of address and instructions.
 *
 * Debian has no package of QEMU's plugin header, so the functions are declared here (interface 1).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void tb_trans_fn(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void exec_fn(unsigned int cpu, void *data);
typedef void exit_fn(qemu_plugin_id_t id, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, tb_trans_fn *fn);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, exec_fn *fn, int flags,
					  void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, exec_fn *fn, int flags,
					    void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, exit_fn *fn, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

/* A translated block of code. Code that was translated again has several. */
struct block {
	struct block *next;
	uint64_t address;
	uint64_t length;
	uint64_t runs;
};

static struct block *blocks;
static const char *output;
static bool counting;

static void start(unsigned int cpu, void *data)
{
	for (struct block *block = blocks; block; block = block->next)
		block->runs = 0;
	counting = true;
}

static void stop(unsigned int cpu, void *data)
{
	counting = false;
}

static void run(unsigned int cpu, void *data)
{
	struct block *block = data;

	block->runs += counting;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	/* See mark_start() and mark_stop() in kvbench.c. */
	static const unsigned char marker[] = { 0x0f, 0x1f, 0x80, 'K', 'V', 0 };
	struct block *block = calloc(1, sizeof(*block));

	if (!block)
		abort();
	block->address = qemu_plugin_tb_vaddr(tb);
	block->length = qemu_plugin_tb_n_insns(tb);
	block->next = blocks;
	blocks = block;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, run, 0, block);
	for (size_t i = 0; i < block->length; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const unsigned char *bytes = qemu_plugin_insn_data(insn);

		if (qemu_plugin_insn_size(insn) == sizeof(marker) + 1 &&
		    !memcmp(bytes, marker, sizeof(marker)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, bytes[6] ? start : stop, 0,
							       NULL);
	}
}

static void finish(qemu_plugin_id_t id, void *data)
{
	FILE *file = fopen(output, "w");

	if (!file)
		abort();
	for (struct block *block = blocks; block; block = block->next)
		if (block->runs)
			fprintf(file, "%016llx %llu\n", (unsigned long long)block->address,
				(unsigned long long)(block->runs * block->length));
	fclose(file);
}

__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	if (argc < 1 || strncmp(argv[0], "output=", 7))
		return -1;
	output = strdup(argv[0] + 7);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, finish, NULL);
	return 0;
}
