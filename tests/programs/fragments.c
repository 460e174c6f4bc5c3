// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fragments PORT OPEN - send a fragmented IPv6 datagram to PORT on loopback, whose first fragment
 * ends before the UDP header, and then a datagram to port OPEN. When the second one arrives, print
 * "arrived" or "silent" for the first one.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char payload[8] = "fragment";

struct pseudo {
	struct in6_addr from, to;
	uint32_t len;
	uint8_t zero[3];
	uint8_t next;
	struct udphdr udp;
	char payload[sizeof(payload)];
};

static uint16_t checksum(const void *bytes, size_t len)
{
	uint32_t sum = 0;
	uint16_t word;

	for (size_t i = 0; i < len; i += 2) {
		memcpy(&word, (const char *)bytes + i, 2);
		sum += word;
	}
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static struct udphdr make_udp(int port)
{
	struct pseudo pseudo = {
		.from = in6addr_loopback,
		.to = in6addr_loopback,
		.len = htonl(sizeof(struct udphdr) + sizeof(payload)),
		.next = IPPROTO_UDP,
		.udp = { .source = htons(12345),
			 .dest = htons(port),
			 .len = htons(sizeof(struct udphdr) + sizeof(payload)) },
	};

	memcpy(pseudo.payload, payload, sizeof(payload));
	pseudo.udp.check = checksum(&pseudo, sizeof(pseudo));
	return pseudo.udp;
}

/* Send a fragment of a datagram whose header chain begins with destination options. */
static void send_fragment(int fd, unsigned int offset, const void *data, size_t len)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	struct {
		struct ip6_hdr ip;
		struct ip6_frag frag;
		unsigned char data[32];
	} packet = {
		.ip = { .ip6_flow = htonl(6 << 28),
			.ip6_plen = htons(sizeof(struct ip6_frag) + len),
			.ip6_nxt = IPPROTO_FRAGMENT,
			.ip6_hlim = 64,
			.ip6_src = in6addr_loopback,
			.ip6_dst = in6addr_loopback },
		.frag = { .ip6f_nxt = IPPROTO_DSTOPTS,
			  .ip6f_offlg = htons(offset | !offset),
			  .ip6f_ident = 1 },
	};
	size_t size = sizeof(packet.ip) + sizeof(packet.frag) + len;

	memcpy(packet.data, data, len);
	if (sendto(fd, &packet, size, 0, (void *)&to, sizeof(to)) != (ssize_t)size)
		err(125, "sendto");
}

static void send_fragments(int port)
{
	int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
	/* Options headers of 8 bytes: the next one, and padding */
	unsigned char first[8] = { IPPROTO_DSTOPTS, 0, 1, 4 };
	unsigned char rest[8 + sizeof(struct udphdr) + sizeof(payload)] = { IPPROTO_UDP, 0, 1, 4 };
	struct udphdr udp = make_udp(port);

	memcpy(rest + 8, &udp, sizeof(udp));
	memcpy(rest + 8 + sizeof(udp), payload, sizeof(payload));
	send_fragment(fd, 0, first, sizeof(first));
	send_fragment(fd, 8, rest, sizeof(rest));
}

static int receiver(int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (void *)&any, sizeof(any)))
		err(125, "port %d", port);
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	int guarded, open_port;
	char buf[64];

	if (argc != 3)
		errx(2, "usage: fragments PORT OPEN");
	guarded = receiver(atoi(argv[1]));
	open_port = receiver(atoi(argv[2]));
	send_fragments(atoi(argv[1]));
	to.sin6_port = htons(atoi(argv[2]));
	sendto(open_port, "x", 1, 0, (void *)&to, sizeof(to));
	if (recv(open_port, buf, sizeof(buf), 0) != 1)
		err(125, "recv");
	puts(recv(guarded, buf, sizeof(buf), MSG_DONTWAIT) == sizeof(payload) ? "arrived" :
										"silent");
	return 0;
}
