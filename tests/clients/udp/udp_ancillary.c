/* SPDX-License-Identifier: MIT */
/* udp_ancillary: what goes beside the bytes of datagrams, from the first one on: udp_ancillary PROMISE HOST PORT
 * Prints "ok", or what was wrong. */
#include "tests/clients/udp/promises.h"

#include <linux/udp.h>
#include <poll.h>

static char bytes[1000];
static struct sockaddr_storage own; /* from which this machine sends there */
static union {
	char room[CMSG_SPACE(64)];
	struct cmsghdr head;
} control;

/* Send `n` bytes with a control message beside. */
static ssize_t send_with(int level, int type, const void *value, size_t size, size_t n)
{
	struct iovec part = {bytes, n};
	struct msghdr m = {.msg_name = &to, .msg_namelen = to_len, .msg_iov = &part, .msg_iovlen = 1};

	memset(&control, 0, sizeof(control));
	control.head = (struct cmsghdr){.cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(size)};
	memcpy(CMSG_DATA(&control.head), value, size);
	m.msg_control = &control;
	m.msg_controllen = CMSG_SPACE(size);
	return sendmsg(fd, &m, 0);
}

static void put(size_t n, int flags)
{
	MUST(sendto(fd, bytes, n, flags, (struct sockaddr *)&to, to_len) == (ssize_t)n);
}

/* Hear a datagram of the peer's, and what is beside it. */
static void expect(ssize_t n)
{
	struct sockaddr_storage from = {0};
	struct iovec part = {bytes, sizeof(bytes)};
	struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part, .msg_iovlen = 1};

	memset(&control, 0, sizeof(control));
	m.msg_control = &control;
	m.msg_controllen = sizeof(control);
	MUST(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 20000) == 1);
	MUST(recvmsg(fd, &m, 0) == n);
	MUST(!memcmp(&from, &to, to_len));
}

static void segments(void)
{
	const uint16_t size = 100;

	MUST(send_with(IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size), 250) == 250);
	expect(100), expect(100), expect(50);
}

static void segment_option(void)
{
	MUST(setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &(int){100}, sizeof(int)) == 0);
	put(250, 0);
	expect(100), expect(100), expect(50);
}

static void cork(void)
{
	MUST(setsockopt(fd, IPPROTO_UDP, UDP_CORK, &(int){1}, sizeof(int)) == 0);
	put(5, 0);
	put(6, 0);
	MUST(setsockopt(fd, IPPROTO_UDP, UDP_CORK, &(int){0}, sizeof(int)) == 0);
	expect(11);
}

static void more(void)
{
	put(5, MSG_MORE);
	put(6, 0);
	expect(11);
}

static void find_own(void)
{
	const int other = socket(to.ss_family, SOCK_DGRAM, 0);

	connect(other, (struct sockaddr *)&to, to_len);
	getsockname(other, (struct sockaddr *)&own, &(socklen_t){sizeof(own)});
	close(other);
}

static void arrival(void) /* at an address of this machine */
{
	find_own();
	if (to.ss_family == AF_INET) {
		struct in_pktinfo i;
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &(int){1}, sizeof(int));
		put(5, 0);
		expect(5);
		memcpy(&i, CMSG_DATA(&control.head), sizeof(i));
		MUST(control.head.cmsg_type == IP_PKTINFO && i.ipi_addr.s_addr == ((struct sockaddr_in *)&own)->sin_addr.s_addr);
	} else {
		struct in6_pktinfo i;
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &(int){1}, sizeof(int));
		put(5, 0);
		expect(5);
		memcpy(&i, CMSG_DATA(&control.head), sizeof(i));
		MUST(control.head.cmsg_type == IPV6_PKTINFO &&
		     IN6_ARE_ADDR_EQUAL(&i.ipi6_addr, &((struct sockaddr_in6 *)&own)->sin6_addr));
	}
}

static void source(void) /* which the message names, and then the interface */
{
	find_own();
	for (int i = 0; i < 4; i++) {
		const struct in_pktinfo v4 = {.ipi_spec_dst = i < 2 ? ((struct sockaddr_in *)&own)->sin_addr : (struct in_addr){0},
					      .ipi_ifindex = i < 2 ? 0 : 2};
		const struct in6_pktinfo v6 = {.ipi6_addr = i < 2 ? ((struct sockaddr_in6 *)&own)->sin6_addr : in6addr_any,
					       .ipi6_ifindex = i < 2 ? 0 : 2};
		if (to.ss_family == AF_INET)
			MUST(send_with(IPPROTO_IP, IP_PKTINFO, &v4, sizeof(v4), 5) == 5);
		else
			MUST(send_with(IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof(v6), 5) == 5);
		expect(5);
	}
}

static void malformed(void)
{
	MUST(send_with(IPPROTO_IP, IP_PKTINFO, bytes, 3, 5) == -1 && errno == EINVAL);
	put(5, 0);
	expect(5);
	MUST(send_with(IPPROTO_IP, IP_PKTINFO, bytes, 3, 5) == -1 && errno == EINVAL);
}

int main(int argc, char **argv)
{
	static const struct promise promises[] = {{"segments", segments},  {"segment_option", segment_option},
						  {"cork", cork},          {"more", more},
						  {"arrival", arrival},    {"source", source},
						  {"malformed", malformed}};

	return KEEP(promises);
}
