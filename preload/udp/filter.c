/* SPDX-License-Identifier: MIT */
/* filter: a classic BPF program that compares the source of a datagram with addresses. */
#include "udp/filter.h"

#include <linux/filter.h>
#include <string.h>

#include "core/base/scratch.h"
#include "core/base/sys.h"

enum {
	PASS = 0x40000,               /* more than any datagram */
	V4_SOURCE = SKF_NET_OFF + 12, /* RFC 791, 3.1 */
	V6_SOURCE = SKF_NET_OFF + 8,  /* RFC 8200, 3 */
	LONGEST = 3 + 2 * 4 + 1,      /* for an address: the version, each of its words, and the answer */
	NAMING = 2 + 2 * 4 + 2,       /* for a header: its beginning, each word of the address, and the port */
	STEPS = UDP_ASSOCIATIONS * LONGEST + NAMING + 1,
	PAYLOAD = 8, /* RFC 768: the filter sees the kernel's header, too */
};

struct program {
	struct sock_filter step[STEPS];
	unsigned short n;
};

static void add(struct program *p, struct sock_filter step)
{
	p->step[p->n++] = step;
}

/* Go on after `left` more steps unless the loaded value is `k`. */
static void must_be(struct program *p, uint32_t k, unsigned left)
{
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, (uint8_t)left));
}

static uint32_t word_at(const void *address, unsigned i)
{
	uint32_t word;

	memcpy(&word, (const uint8_t *)address + sizeof(word) * i, sizeof(word));
	return ntohl(word);
}

static unsigned words_in(const struct addr *a)
{
	return a->kind == ADDR_IPV4 ? 1 : 4;
}

/* Returns how many steps must_name() adds; `named` is NULL if any name or address will do. */
static unsigned steps_for(const struct addr *named)
{
	return named ? 4 + 2 * words_in(named) : 0;
}

/* RFC 1928, 7: a header that names an address of that kind must name this one, or the last step of all refuses. What it is with another beginning,
 * as a name, a receive tells. The step behind these passes. */
static void must_name(struct program *p, const struct addr *named)
{
	const unsigned words = words_in(named);
	unsigned left = 2 * words + 2;

	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, PAYLOAD));
	must_be(p, named->kind == ADDR_IPV4 ? 0x01 : 0x04, left);
	for (unsigned i = 0; i < words; i++) {
		add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, PAYLOAD + 4 + 4 * i));
		left -= 2;
		must_be(p, word_at(named->ip, i), left + 1);
	}
	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_H | BPF_ABS, PAYLOAD + 4 + 4 * words));
	must_be(p, named->port, 1);
}

/* Pass what comes from an address of `words` words at `source`, if its header is for `named`. */
static void hear(struct program *p, unsigned version, unsigned source, const struct addr *from, const struct addr *named)
{
	const unsigned words = words_in(from);
	unsigned left = 2 * words + steps_for(named) + 1; /* of this address, after the version */

	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)SKF_NET_OFF));
	add(p, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4));
	must_be(p, version, left);
	for (unsigned i = 0; i < words; i++) {
		add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, source + 4 * i));
		left -= 2;
		must_be(p, word_at(from->ip, i), left);
	}
	if (named)
		must_name(p, named);
	add(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, PASS));
}

static void hear_relay(struct program *p, const struct endpoint *at, const struct addr *named)
{
	struct addr a;

	if (!addr_from_sockaddr(&a, &at->sa, sizeof(*at)))
		return;
	if (a.kind == ADDR_IPV4)
		hear(p, 4, (unsigned)V4_SOURCE, &a, named);
	else
		hear(p, 6, (unsigned)V6_SOURCE, &a, named);
}

/* Answers to what a connected socket sends elsewhere wake nobody, as in the kernel: true for the association of its peer. Who else is behind that
 * relay can be told from the header, if there is but one and the peer is an address: `literal`, written to `peer`. */
static bool is_peers(const struct udp *u, const struct association *a, struct addr *peer, bool *literal)
{
	if (!u->connected)
		return true;
	*literal = !u->peer.named && a->relay.front_len == 0 && udp_header_get(peer, u->peer.header, u->peer.header_len) > 0;
	return a->route == u->peer.route && a->group == u->peer.group;
}

static void hear_association(struct program *p, const struct udp *u, const struct association *a)
{
	struct addr peer;
	bool literal = false;

	if (a->route && a->state == ASSOCIATION_READY && is_peers(u, a, &peer, &literal))
		hear_relay(p, &a->relay.at, literal ? &peer : NULL);
}

static bool is_the_programs(const struct udp *u, int fd)
{
	socklen_t steps = 0;

	return !u->filtered && sys.getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, NULL, &steps) == 0 && steps;
}

void udp_filter(struct udp *u, int fd)
{
	SCRATCH(room);
	struct program *const p = scratch_take(&room, sizeof(*p));

	if (!p || is_the_programs(u, fd))
		return;
	p->n = 0;
	for (const struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++)
		hear_association(p, u, a);
	add(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0));
	const struct sock_fprog whole = {p->n, p->step};
	u->filtered = sys.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &whole, sizeof(whole)) == 0;
}

void udp_filter_no_more(struct udp *u, int fd)
{
	if (u->filtered)
		sys.setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &(int){0}, sizeof(int));
	u->filtered = false;
}
