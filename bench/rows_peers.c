// SPDX-License-Identifier: GPL-2.0-or-later
/* Other interfaces to a value in the kernel: keys, sysctl, sysfs, configfs, generic netlink */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvbench.h"
#include "modules/bench_genetlink.h"

static int fd = -1;
static const char *path;
static char buf[256];

/* A key of type user in the process keyring: a description of 32 bytes and a payload of 64 */

static char description[33];

static void key_setup(const struct row *row)
{
	memset(description, 'k', sizeof(description) - 1);
	memset(buf, 'v', sizeof(buf));
	if (syscall(SYS_add_key, "user", description, buf, row->value_len,
		    KEY_SPEC_PROCESS_KEYRING) < 0)
		err(1, "%s", row->name);
}

static bool key_search_read(void)
{
	long id = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_PROCESS_KEYRING, "user", description,
			  0);

	return id >= 0 && syscall(SYS_keyctl, KEYCTL_READ, id, buf, sizeof(buf)) == 64;
}

static void key_teardown(const struct row *row)
{
	syscall(SYS_keyctl, KEYCTL_CLEAR, KEY_SPEC_PROCESS_KEYRING);
}

/* Files */

static bool open_read_close(void)
{
	int file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
	bool fine = file >= 0 && syscall(SYS_read, file, buf, sizeof(buf)) > 0;

	syscall(SYS_close, file);
	return fine;
}

static void file_setup(const struct row *row)
{
	path = row->file;
}

static void configfs_setup(const struct row *row)
{
	if (access("/sys/kernel/config", F_OK))
		load_module("configfs");
	load_module("bench_configfs");
	if (mount("configfs", "/sys/kernel/config", "configfs", 0, NULL) && errno != EBUSY)
		err(1, "%s", row->name);
	file_setup(row);
}

static void pread_setup(const struct row *row)
{
	fd = open(row->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", row->file);
}

static bool pread_again(void)
{
	return syscall(SYS_pread64, fd, buf, sizeof(buf), 0L) > 0;
}

static void close_fd(const struct row *row)
{
	close(fd);
}

/* Generic netlink: a request with a key of 32 bytes; a reply with the key and a value of 64 */

static struct {
	struct nlmsghdr head;
	struct genlmsghdr command;
	struct nlattr key;
	char name[32];
} request;

static void netlink_setup(const struct row *row)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	load_module("bench_genetlink");
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)))
		err(1, "%s", row->name);
	request.head.nlmsg_len = sizeof(request);
	request.head.nlmsg_type = read_number("/sys/module/bench_genetlink/parameters/family");
	request.head.nlmsg_flags = NLM_F_REQUEST;
	request.command.cmd = BENCH_CMD_GET;
	request.command.version = 1;
	request.key.nla_len = sizeof(request.key) + sizeof(request.name);
	request.key.nla_type = BENCH_A_KEY;
	memset(request.name, 'k', sizeof(request.name));
}

static bool netlink_round_trip(void)
{
	const struct nlmsghdr *reply = (void *)buf;

	return syscall(SYS_sendto, fd, &request, sizeof(request), 0, NULL, 0) == sizeof(request) &&
	       syscall(SYS_recvfrom, fd, buf, sizeof(buf), 0, NULL, NULL) >
		       BENCH_GENETLINK_VALUE_LEN &&
	       reply->nlmsg_type == request.head.nlmsg_type;
}

/* clang-format off */
#define SYSCTL "/proc/sys/net/ipv4/ip_default_ttl"
#define SYSFS "/sys/module/kvstore/parameters/max_entries"
#define CONFIGFS "/sys/kernel/config/bench/value"

const struct row peer_rows[] = {
	{ .name = "keyctl search+read 32/64", .key_len = 32, .value_len = 64, .setup = key_setup,
	  .call = key_search_read, .teardown = key_teardown },
	{ .name = "sysctl open/read/close", .file = SYSCTL, .setup = file_setup,
	  .call = open_read_close },
	{ .name = "sysctl pread", .file = SYSCTL, .setup = pread_setup, .call = pread_again,
	  .teardown = close_fd },
	{ .name = "sysfs open/read/close", .file = SYSFS, .setup = file_setup,
	  .call = open_read_close },
	{ .name = "sysfs pread", .file = SYSFS, .setup = pread_setup, .call = pread_again,
	  .teardown = close_fd },
	{ .name = "configfs open/read/close", .file = CONFIGFS, .guest = true, .setup = configfs_setup,
	  .call = open_read_close },
	{ .name = "genetlink round trip 32/64", .guest = true, .setup = netlink_setup,
	  .call = netlink_round_trip, .teardown = close_fd },
	{ 0 },
};
/* clang-format on */
