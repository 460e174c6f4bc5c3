// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guardctl - portguard's settings over generic netlink: the tool that a module with a generic
 * netlink interface, such as tests/modules/compare_genetlink.c, needs.
 *
 *    guardctl get
 *    guardctl set [enabled=0|1] [mode=drop|reject] [ports=LIST] [log_ratelimit=N]
 *
 * Exits with 0, or with 1 and a message on stderr.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "../modules/compare_genetlink.h"

static const char *const modes[] = { "drop", "reject", NULL };

/* clang-format off */
static const struct attribute {
	const char *name;
	enum mnl_attr_data_type type;
	const char *const *choices;
} attributes[PORTGUARD_A_COUNT] = {
	[PORTGUARD_A_ENABLED]	    = { "enabled", MNL_TYPE_U8, NULL },
	[PORTGUARD_A_MODE]	    = { "mode", MNL_TYPE_U32, modes },
	[PORTGUARD_A_PORTS]	    = { "ports", MNL_TYPE_NUL_STRING, NULL },
	[PORTGUARD_A_LOG_RATELIMIT] = { "log_ratelimit", MNL_TYPE_U32, NULL },
	[PORTGUARD_A_DROPPED]	    = { "dropped", MNL_TYPE_U64, NULL },
	[PORTGUARD_A_REJECTED]	    = { "rejected", MNL_TYPE_U64, NULL },
};
/* clang-format on */

static _Alignas(struct nlmsghdr) char buf[8192];
static struct mnl_socket *sock;

__attribute__((noreturn)) static void die(const char *what, const char *why)
{
	fprintf(stderr, "guardctl: %s: %s\n", what, why);
	exit(1);
}

static const struct attribute *attribute_of(const struct nlattr *attr)
{
	unsigned int type = mnl_attr_get_type(attr);

	return type < PORTGUARD_A_COUNT && attributes[type].name ? &attributes[type] : NULL;
}

/* The name of the attribute at @offset in the request. */
static const char *name_at(const struct nlmsghdr *request, uint32_t offset)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr)) {
		if ((const char *)attr - (const char *)request == offset && attribute_of(attr))
			return attribute_of(attr)->name;
	}
	return "refused";
}

/* The kernel acknowledges the request or reports an error. */
static int on_end(const struct nlmsghdr *answer, void *arg)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(answer);
	const char *what = "refused", *why = strerror(-error->error);
	const struct nlattr *attr;

	(void)arg;
	if (!error->error)
		return MNL_CB_STOP;
	if (answer->nlmsg_flags & NLM_F_ACK_TLVS) {
		/* The attributes follow the copy of the request. */
		mnl_attr_for_each(attr, answer, sizeof(error->error) + error->msg.nlmsg_len) {
			if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
				why = mnl_attr_get_str(attr);
			else if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS)
				what = name_at(&error->msg, mnl_attr_get_u32(attr));
		}
	}
	die(what, why);
}

static struct nlmsghdr *begin(uint16_t type, uint8_t cmd, uint8_t version)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	head->cmd = cmd;
	head->version = version;
	return request;
}

static void talk(const struct nlmsghdr *request, mnl_cb_t on_data, void *arg)
{
	static mnl_cb_t on_control[] = { [NLMSG_ERROR] = on_end };
	int len, more;

	if (mnl_socket_sendto(sock, request, request->nlmsg_len) < 0)
		die("sending", strerror(errno));
	do {
		len = mnl_socket_recvfrom(sock, buf, sizeof(buf));
		if (len < 0)
			die("receiving", strerror(errno));
		more = mnl_cb_run2(buf, len, 0, 0, on_data, arg, on_control, NLMSG_ERROR + 1);
		if (more < 0)
			die("the answer", strerror(errno));
	} while (more > 0);
}

static int on_family(const struct nlmsghdr *answer, void *id)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, answer, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			*(uint16_t *)id = mnl_attr_get_u16(attr);
	}
	return MNL_CB_OK;
}

static uint16_t find_family(void)
{
	struct nlmsghdr *request = begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	uint16_t id = 0;

	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, PORTGUARD_FAMILY);
	talk(request, on_family, &id);
	return id;
}

static void print(const struct attribute *attribute, const struct nlattr *attr)
{
	if (mnl_attr_validate(attr, attribute->type) < 0)
		die(attribute->name, strerror(errno));
	printf("%s = ", attribute->name);
	if (attribute->choices)
		puts(mnl_attr_get_u32(attr) > PORTGUARD_MODE_REJECT ?
			     "?" :
			     attribute->choices[mnl_attr_get_u32(attr)]);
	else if (attribute->type == MNL_TYPE_U8)
		printf("%u\n", mnl_attr_get_u8(attr));
	else if (attribute->type == MNL_TYPE_U32)
		printf("%" PRIu32 "\n", mnl_attr_get_u32(attr));
	else if (attribute->type == MNL_TYPE_U64)
		printf("%" PRIu64 "\n", mnl_attr_get_u64(attr));
	else
		puts(mnl_attr_get_str(attr));
}

static int on_settings(const struct nlmsghdr *answer, void *arg)
{
	const struct nlattr *attr;

	(void)arg;
	mnl_attr_for_each(attr, answer, sizeof(struct genlmsghdr)) {
		if (attribute_of(attr))
			print(attribute_of(attr), attr);
	}
	return MNL_CB_OK;
}

static uint32_t number_of(const struct attribute *attribute, const char *value)
{
	unsigned long number;
	char *end;

	if (attribute->choices) {
		for (number = 0; attribute->choices[number]; number++)
			if (!strcmp(value, attribute->choices[number]))
				return number;
		die(attribute->name, "must be drop or reject");
	}
	errno = 0;
	number = strtoul(value, &end, 10);
	if (errno || !*value || *end || number > UINT32_MAX ||
	    (attribute->type == MNL_TYPE_U8 && number > UINT8_MAX))
		die(attribute->name, "not a valid number");
	return number;
}

static void add(struct nlmsghdr *request, const char *name, const char *value)
{
	unsigned int type = 1;

	while (type < PORTGUARD_A_COUNT &&
	       (!attributes[type].name || strcmp(name, attributes[type].name)))
		type++;
	if (type == PORTGUARD_A_COUNT)
		die(name, "no such setting");
	if (strlen(value) > PORTGUARD_PORTS_MAX)
		die(name, "too long");
	if (attributes[type].type == MNL_TYPE_NUL_STRING)
		mnl_attr_put_strz(request, type, value);
	else if (attributes[type].type == MNL_TYPE_U8)
		mnl_attr_put_u8(request, type, number_of(&attributes[type], value));
	else
		mnl_attr_put_u32(request, type, number_of(&attributes[type], value));
}

static void set(uint16_t family, char **words)
{
	struct nlmsghdr *request = begin(family, PORTGUARD_CMD_SET, PORTGUARD_VERSION);
	char *value;

	for (; *words; words++) {
		value = strchr(*words, '=');
		if (!value)
			die(*words, "not NAME=VALUE");
		*value = '\0';
		if (request->nlmsg_len > sizeof(buf) / 2)
			die(*words, "too many settings");
		add(request, *words, value + 1);
	}
	talk(request, NULL, NULL);
}

int main(int argc, char **argv)
{
	int on = 1;

	sock = mnl_socket_open(NETLINK_GENERIC);
	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
		die("socket", strerror(errno));
	/* The kernel sends error messages only to sockets with this option. */
	mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &on, sizeof(on));
	if (argc == 2 && !strcmp(argv[1], "get"))
		talk(begin(find_family(), PORTGUARD_CMD_GET, PORTGUARD_VERSION), on_settings, NULL);
	else if (argc > 2 && !strcmp(argv[1], "set"))
		set(find_family(), argv + 2);
	else
		die("usage", "guardctl get | set NAME=VALUE...");
	mnl_socket_close(sock);
	return 0;
}
