/* SPDX-License-Identifier: MIT */
/* fill: small buffers, and zeros until the receiver's window is closed. */
#include "cli/guard/stream/fill.h"

#include <linux/tcp.h>
#include <poll.h>
#include <sched.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/dial.h"

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif

/* Bytes of buffers. A smaller one has no room for whole segments: then each acknowledgement waits for 40 ms, or a segment is dropped. */
enum { ROOM_TO_SEND = 4608, ROOM_TO_RECEIVE = 8192, ROOM_AFTER = 1 << 18 };

enum { PATIENCE_MS = 5 };

static void set(int fd, int name, int value)
{
	sys.setsockopt(fd, SOL_SOCKET, name, &value, sizeof(value));
}

static bool is_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, 0) == 1;
}

/* True if nothing is under way: what was sent has been acknowledged, and the rest has to wait until we read. */
static bool is_still(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	return sys.getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && !info.tcpi_unacked && info.tcpi_notsent_bytes;
}

/* Returns false if the socket does not fill up. */
static bool fill(struct fill *f, int fd)
{
	static const char zeros[4096];
	const int64_t limit = clock_in_ms(PATIENCE_MS);

	while (clock_now() < limit) {
		/* An acknowledgement that is put off would make room later. */
		sys.setsockopt(f->end, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
		const ssize_t n = sys_send(fd, zeros, sizeof(zeros), MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			f->junk += (size_t)n;
		else if (is_still(fd) && !is_writable(fd))
			return true;
		else
			sched_yield();
	}
	return false;
}

static void restore(const struct fill *f, int fd)
{
	if (f->locks & SOCK_SNDBUF_LOCK)
		set(fd, SO_SNDBUF, f->size / 2);
	else
		set(fd, SO_BUF_LOCK, f->locks);
}

void fill_begin(struct fill *f, const struct guest_socket *s)
{
	*f = (struct fill){.end = -1, .locks = sys_option(s->fd, SO_BUF_LOCK), .size = sys_option(s->fd, SO_SNDBUF)};
	if (f->locks < 0)
		return;
	set(s->fd, SO_SNDBUF, ROOM_TO_SEND);
	int rc = socket_join(s, ROOM_TO_RECEIVE, &f->end);
	if (rc == 0 && fill(f, s->fd))
		return;
	restore(f, s->fd);
	if (rc == 0)
		dial_clear(s->fd);
	own_close(f->end);
	f->end = -1;
}

void fill_end(const struct fill *f, const struct guest_socket *s)
{
	restore(f, s->fd);
	set(f->end, SO_RCVBUF, ROOM_AFTER);
	set(f->end, SO_BUF_LOCK, 0);
}

void fill_fail(struct fill *f)
{
	const struct linger reset = {.l_onoff = 1};

	sys.setsockopt(f->end, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	own_close(f->end);
	f->end = -1;
}
