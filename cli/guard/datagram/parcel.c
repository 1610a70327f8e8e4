/* SPDX-License-Identifier: MIT */
/* parcel: read headers of 64 and of 32 bits, and what they point to, and make one of ours. */
#include "cli/guard/datagram/parcel.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "cli/guard/guest/calls.h"
#include "cli/guard/guest/guest.h"
#include "core/base/sys.h"
#include "core/route/source_route.h"

/* The kernel's struct msghdr, which differs between programs of 32 and of 64 bits. */
struct header {
	uint64_t name, parts, n_parts, control, control_n;
	uint32_t name_len;
};

static int read_address(const struct notice *r, struct parcel *p, uint64_t at, int len)
{
	p->len = 0;
	if (!at || len == 0)
		return 0;
	if (len < 0 || (size_t)len > sizeof(p->to))
		return -EINVAL;
	p->len = (socklen_t)len;
	memset(&p->to, 0, sizeof(p->to));
	return guest_read(r, &p->to, at, (size_t)len);
}

static int read_bytes(const struct notice *r, struct parcel *p, uint64_t at, uint64_t n)
{
	if (n > sizeof(p->bytes) - p->n)
		return -EMSGSIZE;
	const int rc = guest_read(r, p->bytes + p->n, at, n);
	p->n += n;
	return rc;
}

static int read_parts(const struct notice *r, struct parcel *p, const struct header *h)
{
	const bool narrow = call_is_narrow(r);
	const size_t size = narrow ? 8 : 16;
	int rc = h->n_parts > PARCEL_PARTS ? -EMSGSIZE : 0;

	for (uint64_t i = 0; rc == 0 && i < h->n_parts; i++) {
		union {
			uint64_t wide[2];
			uint32_t narrow[2];
		} part;
		rc = guest_read(r, &part, h->parts + i * size, size);
		if (rc == 0)
			rc = read_bytes(r, p, narrow ? part.narrow[0] : part.wide[0], narrow ? part.narrow[1] : part.wide[1]);
	}
	return rc;
}

static int read_header(const struct notice *r, struct header *h, uint64_t at)
{
	uint32_t narrow[7];
	struct msghdr wide;
	int rc;

	if (call_is_narrow(r)) {
		rc = guest_read(r, narrow, at, sizeof(narrow));
		*h = (struct header){narrow[0], narrow[2], narrow[3], narrow[4], narrow[5], narrow[1]};
		return rc;
	}
	rc = guest_read(r, &wide, at, sizeof(wide));
	*h = (struct header){(uintptr_t)wide.msg_name,    (uintptr_t)wide.msg_iov, wide.msg_iovlen,
			     (uintptr_t)wide.msg_control, wide.msg_controllen,     wide.msg_namelen};
	return rc;
}

/* Control messages of 32-bit programs have a shorter length in front. Returns -EPERM if one of them leads past the message's address, else 0. */
static int check_control(const uint8_t *control, size_t n, bool narrow)
{
	const size_t word = narrow ? sizeof(uint32_t) : sizeof(uint64_t), head = word + 2 * sizeof(int);

	for (size_t at = 0; at <= n && n - at >= head;) {
		uint64_t len = 0;
		int level, type;
		memcpy(&len, control + at, word);
		memcpy(&level, control + at + word, sizeof(level));
		memcpy(&type, control + at + word + sizeof(level), sizeof(type));
		if (len < head || len > n - at)
			return 0; /* the kernel refuses it */
		if (source_route_by_control(level, type))
			return -EPERM;
		at += (len + word - 1) & ~(word - 1);
	}
	return 0;
}

static int read_control(const struct notice *r, const struct header *h, uint8_t control[static PARCEL_CONTROL], size_t *n)
{
	*n = h->control ? h->control_n : 0;
	if (*n > PARCEL_CONTROL)
		return -EINVAL;
	const int rc = guest_read(r, control, h->control, *n);
	return rc ? rc : check_control(control, *n, call_is_narrow(r));
}

int parcel_take(struct parcel *p, const struct notice *r)
{
	p->flags = (int)r->arg[3];
	p->n = p->control_n = 0;
	const int rc = read_address(r, p, r->arg[4], (int)r->arg[5]);
	return rc ? rc : read_bytes(r, p, r->arg[1], r->arg[2]);
}

int parcel_is_addressed(const struct notice *r, uint64_t at)
{
	uint8_t control[PARCEL_CONTROL];
	size_t control_n;
	struct header h;
	int rc = read_header(r, &h, at);

	if (rc == 0 && !(h.name && h.name_len))
		rc = read_control(r, &h, control, &control_n);
	return rc ? rc : h.name && h.name_len;
}

int parcel_take_message(struct parcel *p, const struct notice *r, uint64_t at, int flags)
{
	struct header h;
	int rc = read_header(r, &h, at);

	p->flags = flags;
	p->n = 0;
	if (rc == 0)
		rc = read_address(r, p, h.name, (int)h.name_len);
	if (rc == 0)
		rc = read_control(r, &h, p->control, &p->control_n);
	if (rc == 0 && p->control_n && call_is_narrow(r))
		rc = -EINVAL; /* to the kernel the sender would be a program of 64 bits */
	return rc ? rc : read_parts(r, p, &h);
}

struct parcel *parcel_copy(const struct parcel *p)
{
	const size_t n = offsetof(struct parcel, bytes) + p->n;
	struct parcel *const copy = malloc(n);

	if (copy)
		memcpy(copy, p, n);
	return copy;
}

static struct msghdr header_of(const struct parcel *p, struct iovec *part)
{
	*part = (struct iovec){(void *)p->bytes, p->n};
	return (struct msghdr){
		.msg_name = (void *)&p->to,
		.msg_namelen = p->len,
		.msg_iov = part,
		.msg_iovlen = 1,
		.msg_control = p->control_n ? (void *)p->control : NULL,
		.msg_controllen = p->control_n,
	};
}

long parcel_send(const struct parcel *p, int fd)
{
	struct iovec part;
	const struct msghdr m = header_of(p, &part);

	return sys_rc(sys_sendmsg(fd, &m, p->flags | MSG_DONTWAIT | MSG_NOSIGNAL));
}

void parcel_forget_source(struct parcel *p)
{
	struct iovec part;
	struct msghdr m = header_of(p, &part);

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		const size_t room = (size_t)(p->control + p->control_n - (uint8_t *)c);
		if (c->cmsg_len < sizeof(*c) || c->cmsg_len > room)
			break; /* the kernel refuses it */
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO))
			memset(CMSG_DATA(c), 0, c->cmsg_len - sizeof(*c));
	}
}
