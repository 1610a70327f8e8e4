/* SPDX-License-Identifier: MIT */
/* ask_dns: a resolver of its own, which believes only what comes from a server it asked: ask_dns [-6] [-c] [-e] HOW NAME SERVER...
 * -6: an AF_INET6 socket, the servers v4-mapped, -c: connected to the first server, -e: EDNS.  HOW: sendto sendmsg sendmmsg.
 * Both queries go to every server at once. Prints "A ADDRESS from SERVER:53" for each answer, with " edns" if that has it, "stranger: FROM", or
 * "missing: N" after 5 s. */
#include "tests/lib/common.h"

#include <arpa/nameser.h>
#include <poll.h>
#include <resolv.h>

enum { MOST = 8, QUERIES = 2 };

static const char *const types[QUERIES] = {"A", "AAAA"};
static struct {
	uint8_t bytes[512];
	size_t len;
} queries[QUERIES];
static struct server {
	struct sockaddr_storage at;
	bool answered[QUERIES];
} servers[MOST];
static int n_servers, family = AF_INET;
static socklen_t len = sizeof(struct sockaddr_in);
static bool connected, edns;

static void prepare(const char *name)
{
	static const uint8_t opt[] = {0, 0, ns_t_opt, 0x04, 0xd0, 0, 0, 0, 0, 0, 0}; /* 1232 bytes, please */
	static const int kinds[QUERIES] = {ns_t_a, ns_t_aaaa};

	for (int i = 0; i < QUERIES; i++) {
		const int n = res_mkquery(ns_o_query, name, ns_c_in, kinds[i], NULL, 0, NULL, queries[i].bytes, 400);
		if (n < 0)
			die(name);
		queries[i].len = (size_t)n;
		queries[i].bytes[1] = (uint8_t)(queries[1 - i].bytes[1] + 1); /* they differ */
		if (edns) {
			memcpy(queries[i].bytes + n, opt, sizeof(opt));
			queries[i].len += sizeof(opt);
			queries[i].bytes[11] = 1;
		}
	}
}

static void add_server(const char *text)
{
	char where[80];
	const bool map = family == AF_INET6 && !strchr(text, ':');

	snprintf(where, sizeof(where), map ? "[::ffff:%s]:53" : strchr(text, ':') ? "[%s]:53" : "%s:53", text);
	if (address_parse(where, &servers[n_servers++].at) != len)
		die(text);
}

static void ask(const char *how, int fd, struct server *s)
{
	struct iovec v[QUERIES][2];
	struct mmsghdr m[QUERIES];

	for (int i = 0; i < QUERIES; i++) {
		uint8_t *const at = queries[i].bytes;
		const size_t n = queries[i].len;
		memcpy(v[i], (struct iovec[]){{at, 5}, {at + 5, n - 5}}, sizeof(v[i]));
		m[i] = (struct mmsghdr){.msg_hdr = {.msg_name = connected ? NULL : &s->at,
						    .msg_namelen = connected ? 0 : len,
						    .msg_iov = v[i],
						    .msg_iovlen = 2}};
		const struct msghdr *const one = &m[i].msg_hdr;
		if (!strcmp(how, "sendto") && sendto(fd, at, n, MSG_NOSIGNAL, one->msg_name, one->msg_namelen) < 0)
			die(how);
		if (!strcmp(how, "sendmsg") && sendmsg(fd, one, MSG_NOSIGNAL) < 0)
			die(how);
	}
	if (!strcmp(how, "sendmmsg") && sendmmsg(fd, m, QUERIES, MSG_NOSIGNAL) != QUERIES)
		die(how);
}

static struct server *asked(const struct sockaddr_storage *from, socklen_t from_len)
{
	for (int i = 0; i < n_servers; i++)
		if (from_len == len && !memcmp(&servers[i].at, from, len))
			return &servers[i];
	return NULL;
}

static bool believe(const uint8_t *answer, int n, const struct sockaddr_storage *from, socklen_t from_len)
{
	struct server *const s = asked(from, from_len);
	char text[INET6_ADDRSTRLEN];
	ns_msg message;
	ns_rr record, extra;

	for (int i = 0; s && i < QUERIES; i++) {
		if (s->answered[i] || memcmp(answer, queries[i].bytes, 2) || ns_initparse(answer, n, &message) ||
		    ns_parserr(&message, ns_s_an, 0, &record))
			continue;
		const bool has_edns = !ns_parserr(&message, ns_s_ar, 0, &extra) && ns_rr_type(extra) == ns_t_opt;
		printf("%s %s from %s%s\n", types[i], inet_ntop(i ? AF_INET6 : AF_INET, ns_rr_rdata(record), text, sizeof(text)),
		       address_text(&s->at), has_edns ? " edns" : "");
		return s->answered[i] = true;
	}
	printf("stranger: %s\n", address_text(from));
	return false;
}

static int hear(const char *how, int fd)
{
	int missing = QUERIES * (connected ? 1 : n_servers);

	while (missing && poll(&(struct pollfd){fd, POLLIN, 0}, 1, 5000) == 1) {
		uint8_t answer[1500];
		struct sockaddr_storage from;
		struct msghdr m = {.msg_name = &from,
				   .msg_namelen = sizeof(from),
				   .msg_iov = &(struct iovec){answer, sizeof(answer)},
				   .msg_iovlen = 1};
		const ssize_t n = strcmp(how, "sendto")
					  ? recvmsg(fd, &m, 0)
					  : recvfrom(fd, answer, sizeof(answer), 0, (struct sockaddr *)&from, &m.msg_namelen);
		if (n < 0)
			die("receive");
		missing -= believe(answer, (int)n, &from, m.msg_namelen);
	}
	return missing;
}

int main(int argc, char **argv)
{
	for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
		if (argv[1][1] == '6')
			family = AF_INET6;
		connected |= argv[1][1] == 'c';
		edns |= argv[1][1] == 'e';
	}
	if (argc < 4 || argc > 3 + MOST)
		die("ask_dns [-6] [-c] [-e] HOW NAME SERVER...");
	len = family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	for (int i = 3; i < argc; i++)
		add_server(argv[i]);
	prepare(argv[2]);

	const struct sockaddr_storage any = {.ss_family = (sa_family_t)family};
	const int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	if (bind(fd, (const struct sockaddr *)&any, len))
		die("bind");
	if (connected && connect(fd, (struct sockaddr *)&servers[0].at, len))
		die("connect");
	for (int i = 0; i < (connected ? 1 : n_servers); i++)
		ask(argv[1], fd, &servers[i]);
	const int missing = hear(argv[1], fd);
	return missing ? printf("missing: %d\n", missing), 1 : 0;
}
