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
	STEPS = UDP_ASSOCIATIONS * LONGEST + 1,
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

/* Pass what comes from an address of `words` words at `source`. */
static void hear(struct program *p, unsigned version, unsigned source, const void *address, unsigned words)
{
	unsigned left = 2 * words + 1; /* of this address, after the version */

	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)SKF_NET_OFF));
	add(p, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4));
	must_be(p, version, left);
	for (unsigned i = 0; i < words; i++) {
		uint32_t word;
		memcpy(&word, (const uint8_t *)address + sizeof(word) * i, sizeof(word));
		add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, source + 4 * i));
		left -= 2;
		must_be(p, ntohl(word), left);
	}
	add(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, PASS));
}

static void hear_relay(struct program *p, const struct endpoint *at)
{
	struct addr a;

	if (!addr_from_sockaddr(&a, &at->sa, sizeof(*at)))
		return;
	if (a.kind == ADDR_IPV4)
		hear(p, 4, (unsigned)V4_SOURCE, a.ip, 1);
	else
		hear(p, 6, (unsigned)V6_SOURCE, a.ip, 4);
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
		if (a->route && a->state == ASSOCIATION_READY)
			hear_relay(p, &a->relay.at);
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
