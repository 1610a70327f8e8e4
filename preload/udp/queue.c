/* SPDX-License-Identifier: MIT */
/* queue: one buffer of datagrams, each behind its length. */
#include "udp/queue.h"

#include <errno.h>
#include <string.h>

#include "core/base/caller.h"
#include "core/base/iovec.h"
#include "core/base/pages.h"

enum { SIZE = 256 * 1024, DATAGRAM = 65507 };

struct udp_queue {
	size_t first, last; /* the bytes that are waiting */
	uint8_t bytes[SIZE - 2 * sizeof(size_t)];
};

static void put(struct udp_queue *b, const void *bytes, size_t n)
{
	memcpy(b->bytes + b->last, bytes, n);
	b->last += n;
}

static bool put_data(struct udp_queue *b, const struct iovec *v)
{
	if (!caller_read(b->bytes + b->last, v->iov_base, v->iov_len))
		return false;
	b->last += v->iov_len;
	return true;
}

int udp_queue_add(struct udp_queue **where, const void *header, size_t header_len, const struct iovec *v, size_t n)
{
	const size_t data = iovec_size(v, n);
	const uint32_t len = (uint32_t)(header_len + data);

	if (data > DATAGRAM - header_len)
		return -EMSGSIZE;
	if (!*where && !(*where = pages_take(sizeof(struct udp_queue))))
		return -ENOBUFS;
	struct udp_queue *b = *where;
	const size_t before = b->last;
	bool there = true;
	if (sizeof(len) + len > sizeof(b->bytes) - b->last)
		return -EAGAIN;
	put(b, &len, sizeof(len));
	put(b, header, header_len);
	for (size_t i = 0; i < n && there; i++)
		there = put_data(b, &v[i]);
	if (there)
		return 0;
	b->last = before;
	return -EFAULT;
}

bool udp_queue_next(struct udp_queue *b, struct iovec *out)
{
	uint32_t len;

	if (!b || b->first == b->last)
		return false;
	memcpy(&len, b->bytes + b->first, sizeof(len));
	*out = (struct iovec){b->bytes + b->first + sizeof(len), len};
	b->first += sizeof(len) + len;
	return true;
}

void udp_queue_free(struct udp_queue *b)
{
	if (b)
		pages_free(b, sizeof(*b));
}
