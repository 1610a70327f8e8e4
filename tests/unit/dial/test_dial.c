/* SPDX-License-Identifier: MIT */
/* What a dial wants, in which order, and where it turns when it fails. */
#include "core/dial/dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>

#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/wait.h"
#include "fd/table.h"
#include "tests/unit/tap.h"

static struct proxy proxy = {.kind = PROXY_SOCKS5};
static const struct proxy *const hops[] = {&proxy};
static const struct route chain = {.kind = ROUTE_CHAIN, .name = "chain", .hops = hops, .n = 1};
static const struct route direct = {.kind = ROUTE_DIRECT, .name = "direct"};
static const struct config config = {.timeout_ms = 20000, .hop_timeout_ms = 20000};
static const struct addr target = {.kind = ADDR_IPV4, .port = 80, .ip = {192, 0, 2, 1}};
static const struct addr name = {.kind = ADDR_NAME, .port = 80, .name = "example.com"};
static const struct addr ipv4 = {.kind = ADDR_IPV4, .ip = {192, 0, 2, 9}},
			 ipv6 = {.kind = ADDR_IPV6, .ip = {0x20, 1, 0x0d, 0xb8, [15] = 9}};

static struct dial dial;

static struct addresses found(int n, const struct addr *const *all)
{
	struct addresses list = {.n = n};
	struct sockaddr_storage to;

	for (int i = 0; i < n; i++) {
		addr_to_sockaddr(all[i], &to, AF_INET6);
		memcpy(&list.at[i], &to, sizeof(list.at[i]));
	}
	return list;
}

static struct addresses both(void)
{
	return found(2, (const struct addr *const[]){&ipv6, &ipv4});
}

static void begin_by_name(int family)
{
	proxy.addr = name;
	EXPECT_INT(dial_begin(&dial, &config, &chain, COMMAND_CONNECT, &target), 0);
	dial_on(&dial, family, O_NONBLOCK);
}

TEST("a dial wants the addresses of its proxy, then a socket that reaches the first of them")
{
	const struct addresses list = both();

	begin_by_name(AF_UNSPEC);
	EXPECT_INT(dial_next(&dial, -1), DIAL_NAME);
	EXPECT_INT(dial_next(&dial, -1), DIAL_NAME);
	dial_found(&dial, &list);
	EXPECT_INT(dial_next(&dial, -1), DIAL_SOCKET);
	EXPECT_INT(dial_family(&dial), AF_INET6);
	EXPECT_INT(dial.first.port, 80);
}

TEST("an address that the application's socket reaches comes before one that it does not")
{
	const struct addresses list = both(), other = found(1, (const struct addr *const[]){&ipv6});

	begin_by_name(AF_INET);
	dial_found(&dial, &list);
	EXPECT_INT(dial_family(&dial), AF_INET);
	begin_by_name(AF_INET);
	dial_found(&dial, &other);
	EXPECT_INT(dial_next(&dial, 0), DIAL_SOCKET);
	EXPECT_INT(dial_family(&dial), AF_INET6);
}

TEST("an IPv6 socket does for an IPv4 proxy")
{
	proxy.addr = ipv4;
	dial_begin(&dial, &config, &chain, COMMAND_CONNECT, &target);
	dial_on(&dial, AF_INET6, O_NONBLOCK);
	EXPECT_INT(dial_family(&dial), AF_INET6);
}

TEST("a name without an address is the proxy's failure, or the destination's when there is no proxy")
{
	static const struct addresses none;

	begin_by_name(AF_INET);
	dial_found(&dial, &none);
	EXPECT_INT(dial_next(&dial, -1), ERR_PROXY_NAME);
	dial_begin(&dial, &config, &direct, COMMAND_CONNECT, &name);
	dial_found(&dial, &none);
	EXPECT_INT(dial_next(&dial, -1), ERR_TARGET_NAME);
}

static int listener;
static int connections;

/* Read `n` bytes, say something. */
static void answer(int fd, size_t n, const char *reply, size_t len)
{
	char bytes[64];

	EXPECT_INT(recv(fd, bytes, n, MSG_WAITALL), n);
	EXPECT_INT(send(fd, reply, len, MSG_NOSIGNAL), len);
}

/* A proxy that reaches nothing, but knows where example.com is. */
static void *serve(void *unused)
{
	static const char refusal[] = "\5\5\0\1\0\0\0\0\0", resolved[] = "\5\0\0\1\300\0\2\7\0";

	for (connections = 0; connections < 2; connections++) {
		const int fd = accept(listener, NULL, NULL);
		answer(fd, 3, "\5\0", 2);
		answer(fd, connections ? 18 : 10, connections ? resolved : refusal, 10);
		close(fd);
	}
	return unused;
}

static void listen_on_loopback(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);

	listener = socket(AF_INET, SOCK_STREAM, 0);
	EXPECT(bind(listener, (struct sockaddr *)&at, len) == 0 && listen(listener, 5) == 0);
	getsockname(listener, (struct sockaddr *)&at, &len);
	addr_from_sockaddr(&proxy.addr, (struct sockaddr *)&at, len);
}

TEST("what the last hop does not do it is asked something else instead of, over the same descriptor")
{
	struct dial_job j = {.job.fd = -1, .make = dial_make};
	struct addr bound = {0};
	pthread_t server;

	listen_on_loopback();
	pthread_create(&server, NULL, serve, NULL);
	EXPECT_INT(dial_begin(&j.dial, &config, &chain, COMMAND_CONNECT, &target), 0);
	dial_instead(&j.dial, COMMAND_RESOLVE, &name);
	EXPECT_INT(dial_wait(&j, 1, INT64_MAX), 0);
	pthread_join(server, NULL);
	EXPECT_INT(connections, 2);
	EXPECT(tunnel_bound(&j.dial.tunnel, &bound));
	EXPECT_INT(bound.ip[3], 7);
	own_close(j.job.fd);
	close(listener);
}

TEST("what stands may fail all the same; without anything else to ask that is how it ends")
{
	dial_begin(&dial, &config, &chain, COMMAND_CONNECT, &target);
	EXPECT_INT(dial_failed(&dial, -1, -ECONNRESET), -ECONNRESET);
}
