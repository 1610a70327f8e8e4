/* SPDX-License-Identifier: MIT */
/* What the DNS relay and the DNS server inside a process answer, asked through sockets as programs would. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "core/base/sys.h"
#include "core/names/placeholder.h"
#include "core/proto/dns_message.h"
#include "dns/tcp_server.h"
#include "dns/udp_server.h"
#include "fd/table.h"
#include "fork.h"
#include "tests/unit/names/test_placeholder.h"

static const struct route chain = {.kind = ROUTE_CHAIN, .name = "chain"}; /* but the server is on loopback */
static struct config config;
static const struct app app = {.config = &config};

/* A DNS server that answers every query by TCP with one TXT record of `size` bytes. */
static void serve(int listener, int size)
{
	uint8_t query[512], bytes[4096] = {0};

	for (;;) {
		const int fd = accept(listener, NULL, NULL);
		ssize_t n = recv(fd, query, 2, MSG_WAITALL);
		if (n == 2)
			n = recv(fd, query, (size_t)query[0] << 8 | query[1], MSG_WAITALL);
		struct dns_query q;
		struct buf out = {.at = bytes + 2, .size = sizeof(bytes) - 2};
		if (n > 0 && dns_read_query(&q, query, (size_t)n) == 0) {
			dns_begin_answer(&out, &q, DNS_NOERROR);
			out.len += (size_t)size;
			bytes[0] = (uint8_t)(out.len >> 8);
			bytes[1] = (uint8_t)out.len;
			send(fd, bytes, out.len + 2, MSG_NOSIGNAL);
		}
		close(fd);
	}
}

static pid_t start_server(int size)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	const int listener = socket(AF_INET, SOCK_STREAM, 0);

	EXPECT(bind(listener, (struct sockaddr *)&at, len) == 0 && listen(listener, 5) == 0);
	EXPECT_INT(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	addr_from_sockaddr(&config.dns_server, (struct sockaddr *)&at, len);
	const pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener, size);
	}
	close(listener);
	return child;
}

static void begin(void)
{
	config = ranges;
	config.chain = &chain;
	config.timeout_ms = config.hop_timeout_ms = 5000;
	placeholder_use(&config);
	dns_udp_server_use(&app);
}

static const uint8_t header_ipv4[] = {0, 0, 0, 1, 127, 0, 0, 53, 0, 53};
static const uint8_t header_ipv6[] = {0, 0, 0, 4, [19] = 1, [21] = 53};
static uint8_t answer[8192];

static ssize_t receive(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 4000) == 1 ? recv(fd, answer, sizeof(answer), 0) : -1;
}

static int udp_socket(int family)
{
	struct timeval patience = {.tv_sec = 4};
	const int fd = socket(family, SOCK_DGRAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

/* Ask the relay, which expects it; the length of the answer behind its header, which has to be the one that we sent. */
static ssize_t ask_announced(int fd, const struct addr *relay, const char *name, uint16_t type, const uint8_t *header, size_t header_len)
{
	uint8_t bytes[1024];
	struct buf out = {.at = bytes, .size = sizeof(bytes)};
	struct sockaddr_storage to;

	buf_put(&out, header, header_len);
	EXPECT(dns_write_query(&out, 77, name, type));
	const socklen_t len = addr_to_sockaddr(relay, &to, AF_UNSPEC);
	EXPECT_INT(sendto(fd, out.at, out.len, 0, (struct sockaddr *)&to, len), out.len);
	const ssize_t n = receive(fd);
	EXPECT(n > (ssize_t)header_len && memcmp(answer, header, header_len) == 0);
	return n - (ssize_t)header_len;
}

static ssize_t ask(int fd, int family, const char *name, uint16_t type, const uint8_t *header, size_t header_len)
{
	struct addr relay;

	EXPECT_INT(dns_udp_server(family, &relay), 0);
	return ask_announced(fd, &relay, name, type, header, header_len);
}

#define ASK(fd, family, name, type, header) ask(fd, family, name, type, header, sizeof(header))

static void ask_addresses(void)
{
	const int fd = udp_socket(AF_INET), fd6 = udp_socket(AF_INET6);
	struct dns_answer a;
	struct addr name;

	begin();
	ssize_t n = ASK(fd, AF_INET, "example.com", DNS_A, header_ipv4);
	EXPECT(dns_read_answer(&a, answer + sizeof(header_ipv4), (size_t)n));
	EXPECT_INT(a.id, 77);
	EXPECT_INT(a.n, 1);
	EXPECT(placeholder_get(&a.addresses[0], &name));
	EXPECT_STR(name.name, "example.com");
	n = ASK(fd6, AF_INET6, "example.org", DNS_AAAA, header_ipv6);
	EXPECT(dns_read_answer(&a, answer + sizeof(header_ipv6), (size_t)n));
	EXPECT_INT(a.n, 1);
	EXPECT(placeholder_get(&a.addresses[0], &name));
	EXPECT_STR(name.name, "example.org");
	/* After the moment for which it listens, too. */
	nanosleep(&(struct timespec){.tv_nsec = 200 * 1000 * 1000}, NULL);
	n = ASK(fd, AF_INET, "localhost", DNS_A, header_ipv4);
	EXPECT(dns_read_answer(&a, answer + sizeof(header_ipv4), (size_t)n));
	EXPECT_INT(a.addresses[0].ip[0], 127);
}

TEST("addresses are answered from the map, over IPv4 and IPv6, under the header that was sent")
{
	enter_runtime();
	in_child(ask_addresses);
	leave_runtime();
}

/* Under in-addr.arpa, in static memory. */
static const char *reverse(const uint8_t ip[4])
{
	static char name[64];

	snprintf(name, sizeof(name), "%d.%d.%d.%d.in-addr.arpa", ip[3], ip[2], ip[1], ip[0]);
	return name;
}

static void ask_pointers(void)
{
	const int fd = udp_socket(AF_INET);
	struct dns_answer a;

	begin();
	ssize_t n = ASK(fd, AF_INET, "example.com", DNS_A, header_ipv4);
	EXPECT(dns_read_answer(&a, answer + sizeof(header_ipv4), (size_t)n));
	n = ASK(fd, AF_INET, reverse(a.addresses[0].ip), DNS_PTR, header_ipv4);
	EXPECT(n > 12 && memmem(answer, (size_t)n + 10, "\7example\3com", 12));
	a.addresses[0].ip[3] ^= 1;
	ASK(fd, AF_INET, reverse(a.addresses[0].ip), DNS_PTR, header_ipv4);
	EXPECT_INT(answer[sizeof(header_ipv4) + 3] & 15, DNS_NXDOMAIN);
	ASK(fd, AF_INET, "example.com", DNS_HTTPS, header_ipv4);
	EXPECT_INT(answer[sizeof(header_ipv4) + 3] & 15, DNS_NOERROR);
	EXPECT_INT(answer[sizeof(header_ipv4) + 7], 0);
	ASK(fd, AF_INET, "1.2.3.4", DNS_A, header_ipv4);
	EXPECT_INT(answer[sizeof(header_ipv4) + 3] & 15, DNS_NXDOMAIN);
}

TEST("placeholders have names, HTTPS records are empty, look-alikes of addresses do not exist")
{
	enter_runtime();
	in_child(ask_pointers);
	leave_runtime();
}

static void ask_others(void)
{
	const int fd = udp_socket(AF_INET);

	begin();
	const pid_t server = start_server(100);
	ssize_t n = ASK(fd, AF_INET, "example.com", 16, header_ipv4);
	EXPECT(n > 100);
	EXPECT_INT(answer[sizeof(header_ipv4) + 2] & 2, 0);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	ASK(fd, AF_INET, "example.com", 16, header_ipv4);
	EXPECT_INT(answer[sizeof(header_ipv4) + 3] & 15, DNS_SERVFAIL);
	const pid_t long_winded = start_server(3000);
	n = ASK(fd, AF_INET, "example.com", 16, header_ipv4);
	EXPECT(n < 1232);
	EXPECT_INT(answer[sizeof(header_ipv4) + 2] & 2, 2);
	kill(long_winded, SIGKILL);
}

TEST("other records are asked of the server by TCP: its answer, SERVFAIL without one, truncated if it is too long")
{
	enter_runtime();
	in_child(ask_others);
	leave_runtime();
}

static void ask_late(void)
{
	const int fd = udp_socket(AF_INET), late = udp_socket(AF_INET);
	struct addr relay;

	begin();
	EXPECT_INT(dns_udp_server(AF_INET, &relay), 0);
	EXPECT(ASK(fd, AF_INET, "example.com", DNS_A, header_ipv4) > 0);
	/* Longer than it listens after the last query that was announced. */
	nanosleep(&(struct timespec){.tv_nsec = 200 * 1000 * 1000}, NULL);
	EXPECT(ask_announced(late, &relay, "example.org", DNS_A, header_ipv4, sizeof(header_ipv4)) > 0);
}

TEST("a query that was announced is answered, though another overtakes it")
{
	enter_runtime();
	in_child(ask_late);
	leave_runtime();
}

static void send_rubbish(void)
{
	static const char rubbish[][16] = {"", "\0", "\0\0\1\1\1\2\3\4\0\65", "\0\0\0\7\1\2\3\4\0\65query", "\0\0\0\3\xff"};
	const int fd = udp_socket(AF_INET);
	struct sockaddr_storage to;
	struct addr relay;

	begin();
	EXPECT_INT(dns_udp_server(AF_INET, &relay), 0);
	addr_to_sockaddr(&relay, &to, AF_INET);
	for (size_t i = 0; i < sizeof(rubbish) / sizeof(*rubbish); i++)
		sendto(fd, rubbish[i], 14, 0, (struct sockaddr *)&to, sizeof(struct sockaddr_in));
	EXPECT(ASK(fd, AF_INET, "example.com", DNS_A, header_ipv4) > 0);
}

TEST("what is no query under a header gets no answer, and the next one does")
{
	enter_runtime();
	in_child(send_rubbish);
	leave_runtime();
}

static void ask_in_fork(void)
{
	const int fd = udp_socket(AF_INET);

	EXPECT(ASK(fd, AF_INET, "forked.example.com", DNS_A, header_ipv4) > 0);
}

static void ask_before_and_after_fork(void)
{
	begin();
	pthread_atfork(fork_before, fork_in_parent, fork_in_child);
	ask_in_fork();
	in_child(ask_in_fork);
	ask_in_fork();
}

TEST("a forked child has a relay of its own")
{
	SKIP_EMULATED("qemu 7.2 falls when the forked child of a process with threads starts one");
	enter_runtime();
	in_child(ask_before_and_after_fork);
	leave_runtime();
}

/* 200 queries by 4 threads at once: each gets its own answer. */
static void *ask_many(void *number)
{
	const int fd = udp_socket(AF_INET);
	struct dns_answer a;
	struct addr name;

	for (int i = 0; i < 50; i++) {
		char text[64];
		snprintf(text, sizeof(text), "host%d.thread%d.test", i, *(int *)number);
		const ssize_t n = ASK(fd, AF_INET, text, DNS_A, header_ipv4);
		EXPECT(dns_read_answer(&a, answer + sizeof(header_ipv4), (size_t)n) && placeholder_get(&a.addresses[0], &name));
		EXPECT_STR(name.name, text);
	}
	close(fd);
	return NULL;
}

static void ask_in_turn(void)
{
	int number = 1;

	begin();
	ask_many(&number);
}

TEST("50 queries in a row each get their answer")
{
	enter_runtime();
	in_child(ask_in_turn);
	leave_runtime();
}

static ssize_t exchange(int fd, const char *name, uint16_t type)
{
	uint8_t bytes[1024], prefix[2];
	struct buf out = {.at = bytes, .size = sizeof(bytes), .len = 2};

	EXPECT(dns_write_query(&out, 99, name, type));
	bytes[0] = (uint8_t)((out.len - 2) >> 8);
	bytes[1] = (uint8_t)(out.len - 2);
	EXPECT_INT(send(fd, out.at, out.len, 0), out.len);
	if (recv(fd, prefix, 2, MSG_WAITALL) != 2)
		return -1;
	return recv(fd, answer, (size_t)prefix[0] << 8 | prefix[1], MSG_WAITALL);
}

static void connect_streams(void)
{
	const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(0x08080808)};
	struct timeval patience = {.tv_sec = 4};
	struct dns_answer a;

	begin();
	const pid_t server = start_server(3000);
	for (int flags = 0; flags < 2; flags++) {
		const int fd = socket(AF_INET, SOCK_STREAM | (flags ? SOCK_NONBLOCK : 0), 0);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		const int rc = dns_tcp_server(fd, &app, (const struct sockaddr *)&to, sizeof(to));
		EXPECT(rc == 0 || (flags && rc == -EINPROGRESS));
		EXPECT(fd_entry_find(fd) && fd_entry_is(fd_entry_find(fd), FD_PEER));
		fcntl(fd, F_SETFL, 0);
		for (int i = 0; i < 3; i++) {
			const ssize_t n = exchange(fd, "example.com", DNS_A);
			EXPECT(n > 0 && dns_read_answer(&a, answer, (size_t)n));
			EXPECT_INT(a.n, 1);
			EXPECT_INT(a.id, 99);
			EXPECT(exchange(fd, "example.com", 16) > 3000);
		}
		close(fd);
	}
	kill(server, SIGKILL);
}

TEST("a TCP connection to a DNS server is answered here, whole, as often as it is asked")
{
	enter_runtime();
	in_child(connect_streams);
	leave_runtime();
}

static void connect_without_descriptors(void)
{
	const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(0x08080808)};
	struct rlimit limit;

	begin();
	const int fd = socket(AF_INET, SOCK_STREAM, 0), udp = udp_socket(AF_INET);
	EXPECT_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = 64;
	EXPECT_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while (dup(fd) >= 0)
		;
	EXPECT_INT(dns_tcp_server(fd, &app, (const struct sockaddr *)&to, sizeof(to)), 0);
	EXPECT(exchange(fd, "example.com", DNS_A) > 0);
	EXPECT(ASK(udp, AF_INET, "example.com", DNS_A, header_ipv4) > 0);
}

TEST("a program that has used up its descriptors is answered all the same, by TCP and by UDP")
{
	enter_runtime();
	in_child(connect_without_descriptors);
	leave_runtime();
}
