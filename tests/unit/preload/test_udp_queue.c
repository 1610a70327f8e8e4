/* SPDX-License-Identifier: MIT */
#include "udp/queue.h"

#include <errno.h>

#include "tests/unit/tap.h"

static struct udp_queue *queue;
static char large[65507];

static int add(const char *header, const char *data)
{
	const struct iovec v = {(void *)data, strlen(data)};

	return udp_queue_add(&queue, header, strlen(header), &v, 1);
}

static bool next_is(const char *bytes)
{
	struct iovec v;

	return udp_queue_next(queue, &v) && v.iov_len == strlen(bytes) && memcmp(v.iov_base, bytes, v.iov_len) == 0;
}

TEST("a queue that does not exist has no datagram")
{
	struct iovec v;

	EXPECT(!udp_queue_next(NULL, &v));
	udp_queue_free(NULL);
}

TEST("datagrams come out in order, each behind its header, once")
{
	struct iovec v;

	EXPECT_INT(add("a:", "one"), 0);
	EXPECT_INT(add("bc:", ""), 0);
	EXPECT_INT(add("", "three"), 0);
	EXPECT(next_is("a:one"));
	EXPECT(next_is("bc:"));
	EXPECT(next_is("three"));
	EXPECT(!udp_queue_next(queue, &v));
	udp_queue_free(queue);
	queue = NULL;
}

TEST("pieces are put together")
{
	const struct iovec v[] = {{"on", 2}, {NULL, 0}, {"e", 1}};

	EXPECT_INT(udp_queue_add(&queue, "a:", 2, v, 3), 0);
	EXPECT(next_is("a:one"));
	udp_queue_free(queue);
	queue = NULL;
}

TEST("with its header a datagram is no longer than one may be")
{
	struct iovec v = {large, sizeof large - 10};

	EXPECT_INT(udp_queue_add(&queue, "0123456789", 10, &v, 1), 0);
	v.iov_len++;
	EXPECT_INT(udp_queue_add(&queue, "0123456789", 10, &v, 1), -EMSGSIZE);
	udp_queue_free(queue);
	queue = NULL;
}

TEST("a queue that is full takes no more, and keeps what it has")
{
	const struct iovec v = {large, 1000};
	struct iovec out;
	int n = 0, rc, kept = 0;

	while ((rc = udp_queue_add(&queue, "", 0, &v, 1)) == 0)
		n++;
	EXPECT_INT(rc, -EAGAIN);
	EXPECT(n > 200);
	while (udp_queue_next(queue, &out))
		kept += out.iov_len == 1000;
	EXPECT_INT(kept, n);
	udp_queue_free(queue);
	queue = NULL;
}
