/* SPDX-License-Identifier: MIT */
/* udp_connected: what a connected datagram socket promises besides sending and receiving: udp_connected PROMISE HOST PORT
 * Prints "ok", or what was wrong. */
#include "tests/clients/udp/promises.h"

#include <poll.h>

static void connect_it(void)
{
	MUST(connect(fd, (struct sockaddr *)&to, to_len) == 0);
}

static int news(int ms)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, ms);
}

static void echo(void)
{
	char bytes[8];

	MUST(send(fd, "hello", 5, 0) == 5 && news(10000) == 1 && recv(fd, bytes, sizeof(bytes), 0) == 5);
}

static void own(void) /* the socket's address stays what it was when it was connected */
{
	struct sockaddr_storage first, a;
	socklen_t len = sizeof(first);

	connect_it();
	MUST(getsockname(fd, (struct sockaddr *)&first, &len) == 0 && strncmp(address_text(&first), "10.73.0.2:", 10) == 0);
	echo();
	len = sizeof(a);
	MUST(getsockname(fd, (struct sockaddr *)&a, &len) == 0 && memcmp(&a, &first, len) == 0);
}

static void own_bound(void) /* the same of one that the program has bound to any */
{
	const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(4567)};

	MUST(bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0);
	own();
}

static void gone(void) /* nobody is at the relay: once an error, and then none */
{
	char bytes[8];
	int error = 0;
	socklen_t len = sizeof(error);

	connect_it();
	MUST(send(fd, "hello", 5, 0) == 5 && news(10000) == 1);
	MUST(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) == -1 && errno == ECONNREFUSED);
	MUST(news(0) == 0);
	MUST(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) == -1 && errno == EAGAIN);
	MUST(send(fd, "hello", 5, 0) == 5 && news(10000) == 1);
	MUST(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == ECONNREFUSED);
	MUST(news(0) == 0);
}

static void mtu(void) /* what the header leaves of it */
{
	int value = 0;
	socklen_t len = sizeof(value);

	MUST(getsockopt(fd, IPPROTO_IP, IP_MTU, &value, &len) == -1 && errno == ENOTCONN);
	connect_it();
	MUST(getsockopt(fd, IPPROTO_IP, IP_MTU, &value, &len) == 0 && value == 1490);
	echo();
	MUST(getsockopt(fd, IPPROTO_IP, IP_MTU, &value, &len) == 0 && value == 1490);
}

static void shut(void)
{
	char byte;

	MUST(shutdown(fd, SHUT_RD) == -1 && errno == ENOTCONN);
	close(fd);
	fd = socket(to.ss_family, SOCK_DGRAM, 0);
	connect_it();
	echo();
	MUST(shutdown(fd, SHUT_RDWR) == 0 && recv(fd, &byte, 1, 0) == 0);
}

static void strangers(void) /* whoever is not the peer wakes nobody */
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);
	const int stranger = socket(AF_INET, SOCK_DGRAM, 0);

	connect_it();
	echo();
	MUST(getsockname(fd, (struct sockaddr *)&a, &len) == 0);
	MUST(sendto(stranger, "hello", 5, 0, (struct sockaddr *)&a, len) == 5 && news(100) == 0);
	echo();
}

static void refused(void) /* the socket sends directly, too: that it is woken to hear of a refusal is no datagram */
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	const int other = socket(AF_INET, SOCK_DGRAM, 0);
	char bytes[8];

	MUST(bind(other, (struct sockaddr *)&a, len) == 0 && getsockname(other, (struct sockaddr *)&a, &len) == 0);
	MUST(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	MUST(sendto(fd, "hello", 5, 0, (struct sockaddr *)&a, len) == 5);
	MUST(sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, to_len) == 5 && news(10000) == 1);
	MUST(recv(fd, bytes, sizeof(bytes), 0) == -1 && errno == ENETUNREACH);
	MUST(recv(fd, bytes, sizeof(bytes), 0) == -1 && errno == EAGAIN);
}

int main(int argc, char **argv)
{
	static const struct promise promises[] = {{"own", own},   {"own_bound", own_bound}, {"gone", gone},      {"mtu", mtu},
						  {"shut", shut}, {"strangers", strangers}, {"refused", refused}};

	return KEEP(promises);
}
