/* SPDX-License-Identifier: MIT */
/* source_route: ask for packets that go over 10.99.0.77, or fd99::77, first, wherever they are bound: source_route HOST PORT */
#include "tests/lib/common.h"

#include <sys/time.h>

enum { MOST = 40 };

static struct sockaddr_storage to;
static socklen_t to_len;
static bool six;
/* A loose source route (RFC 791, 3.1), and a routing header for segments (RFC 8754, 2) whose last is the destination. */
static const unsigned char loose[] = {131, 7, 4, 10, 99, 0, 77, 0};
static unsigned char segments[MOST] = {[1] = 4, [2] = 4, [3] = 1, [4] = 1};

/* Say whether a socket may have such a route, and use it whether it has one or not. */
static int with_option(const char *what, int type)
{
	const int fd = socket(to.ss_family, type, 0);
	const struct timeval patience = {.tv_sec = 2};

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (six)
		say(what, setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, segments, sizeof(segments)));
	else
		say(what, setsockopt(fd, IPPROTO_IP, IP_OPTIONS, loose, sizeof(loose)));
	if (connect(fd, (struct sockaddr *)&to, to_len) == 0)
		send(fd, "x", 1, MSG_NOSIGNAL);
	return fd;
}

/* A message alone. `name`: it has the address itself. */
static void with_control(const char *what, int fd, bool name)
{
	const size_t n = six ? sizeof(segments) : sizeof(loose);
	struct iovec part = {"x", 1};
	union {
		char room[CMSG_SPACE(MOST)];
		struct cmsghdr head;
	} control = {.head = {CMSG_LEN(n), six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_RTHDR : IP_RETOPTS}};
	struct mmsghdr m = {{name ? &to : NULL, name ? to_len : 0, &part, 1, &control, CMSG_SPACE(n), 0}, 0};

	memcpy(CMSG_DATA(&control.head), six ? segments : loose, n);
	say(what, (int)sendmsg(fd, &m.msg_hdr, 0));
	say("of several", sendmmsg(fd, &m, 1, 0));
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	six = strchr(argv[1], ':');
	to_len = resolve(argv[1], argv[2], six ? AF_INET6 : AF_INET, &to);
	if (inet_pton(AF_INET6, "fd99::77", segments + 24) != 1 || (six && inet_pton(AF_INET6, argv[1], segments + 8) != 1))
		return 2;
	with_option("stream", SOCK_STREAM);
	const int connected = with_option("datagrams", SOCK_DGRAM);
	with_control("message", socket(to.ss_family, SOCK_DGRAM, 0), true);
	with_control("to its peer", connected, false);
	if (six)
		say("none", setsockopt(connected, IPPROTO_IPV6, IPV6_RTHDR, NULL, 0));
	else
		say("none", setsockopt(connected, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	return 0;
}
