/* SPDX-License-Identifier: MIT */
/* Whose answer it is: relays tell addresses, applications know names. */
#include "udp/peer.h"

#include <arpa/inet.h>

#include "tests/unit/tap.h"

static const struct route chain = {.kind = ROUTE_CHAIN, .name = "chain"}, another = {.kind = ROUTE_CHAIN, .name = "another"};
static struct peers peers;

static struct endpoint as(const char *ip, uint16_t port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(ip)};

	return endpoint_from((struct sockaddr *)&a, sizeof a);
}

static struct addr ip(const char *text, uint16_t port)
{
	struct addr a;

	EXPECT(addr_parse(&a, text, strlen(text), port));
	return a;
}

static struct peer *meet(const char *placeholder, const char *name, uint16_t port)
{
	const struct endpoint called = as(placeholder, port);
	const struct addr where = ip(name, port);

	return peers_add(&peers, &called, &where, &chain);
}

static struct peer *answering(unsigned group, const char *from, uint16_t port)
{
	const struct addr a = ip(from, port);

	return peers_answering(&peers, &chain, group, &a);
}

TEST("an address is itself, and nobody else is")
{
	memset(&peers, 0, sizeof peers);
	struct peer *p = meet("192.0.2.1", "192.0.2.1", 53);
	EXPECT_INT(p->group, 0);
	EXPECT(answering(0, "192.0.2.1", 53) == p);
	EXPECT(!answering(0, "192.0.2.1", 54));
	EXPECT(!answering(0, "192.0.2.2", 53));
	EXPECT(!peers_answering(&peers, &another, 0, &(struct addr){.kind = ADDR_IPV4, .port = 53, .ip = {192, 0, 2, 1}}));
}

TEST("an answer to a name comes from any address, at its port, in its group")
{
	memset(&peers, 0, sizeof peers);
	struct peer *p = meet("198.18.0.1", "a.test", 53);
	EXPECT(p->named && p->group);
	EXPECT(answering(p->group, "192.0.2.1", 53) == p);
	EXPECT(answering(p->group, "192.0.2.2", 53) == p);
	EXPECT(answering(p->group, "a.test", 53) == p);
	EXPECT(!answering(p->group, "b.test", 53));
	EXPECT(!answering(p->group, "192.0.2.1", 54));
	EXPECT(!answering(0, "192.0.2.1", 53));
}

TEST("names with one port are in different groups; with different ports they share one")
{
	memset(&peers, 0, sizeof peers);
	struct peer *a = meet("198.18.0.1", "a.test", 53), *b = meet("198.18.0.2", "b.test", 53), *c = meet("198.18.0.3", "c.test", 123);
	EXPECT(a->group != b->group);
	EXPECT_INT(c->group, 1);
	EXPECT(answering(b->group, "192.0.2.1", 53) == b);
	EXPECT(answering(a->group, "192.0.2.1", 53) == a);
	EXPECT(answering(1, "192.0.2.1", 123) == c);
}

TEST("a peer met again is the same; the longest unused makes room")
{
	char text[32];

	memset(&peers, 0, sizeof peers);
	struct peer *p = meet("198.18.0.1", "a.test", 53);
	EXPECT(meet("198.18.0.1", "a.test", 53) == p);
	p->used = 0;
	for (int i = 2; i < PEERS + 2; i++) {
		snprintf(text, sizeof text, "192.0.2.%d", i);
		meet(text, text, 53);
	}
	const struct endpoint gone = as("198.18.0.1", 53), there = as("192.0.2.9", 53);
	EXPECT(!peers_find(&peers, &gone));
	EXPECT(peers_find(&peers, &there));
}
