/* SPDX-License-Identifier: MIT */
/* dbus: parse what the program writes, and send it in pieces around the letters that change. */
#include "dns/dbus.h"

#include <limits.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/sys.h"
#include "fd/table.h"
#include "sys_resolve.h"

enum { PIECES = 32 };

/* Pieces to send in place of the program's buffers, and the last forbidden name in them. */
struct out {
	struct iovec pieces[PIECES];
	size_t n;
	const char *found;
};

int dbus_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	struct fd_entry *entry = fd_entry_make(fd);

	if (!entry)
		return -ENOBUFS;
	const int rc = (int)sys_rc(sys_connect(fd, to, len));
	if (rc)
		return rc;
	const uint64_t cookie = fd_entry_cookie(fd);
	lock_take(&entry->lock);
	fd_entry_become(entry, FD_DBUS);
	entry->cookie = cookie;
	entry->dbus = (struct dbus_stream){0};
	fd_entry_set(entry, FD_DBUS);
	lock_give(&entry->lock);
	sys_plain_no_more();
	return 0;
}

bool dbus_is(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);

	return entry && fd_entry_is(entry, FD_DBUS) && fd_entry_verify(entry, fd);
}

/* True if there is room for two more pieces. What does not fit is not sent, as when the socket's buffer is full. */
static bool has_room(const struct out *out)
{
	return out->n + 2 <= PIECES;
}

static void add(struct out *out, const void *at, size_t n)
{
	out->pieces[out->n++] = (struct iovec){(void *)at, n};
}

/* Add a buffer, with the last letter of each forbidden name changed. */
static int censor(struct out *out, struct dbus_stream *s, const struct iovec *v, const char *const names[])
{
	const uint8_t *at = v->iov_base, *const end = at + v->iov_len;
	const char *found;

	while (at < end && has_room(out)) {
		const ssize_t n = dbus_stream_read(s, at, (size_t)(end - at), names, &found);
		if (n < 0)
			return ERR_NOT_DBUS;
		add(out, at, (size_t)n - !!found);
		if (found) {
			add(out, "_", 1);
			out->found = found;
		}
		at += n;
	}
	return 0;
}

static int prepare(struct out *out, struct dbus_stream s, const struct msghdr *m, const char *const names[])
{
	struct iovec v;
	int rc = 0;

	if (m->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	for (size_t i = 0; i < m->msg_iovlen && has_room(out) && rc == 0; i++) {
		if (!caller_read(&v, &m->msg_iov[i], sizeof(v)) || !caller_can_read(v.iov_base, v.iov_len))
			return -EFAULT;
		rc = censor(out, &s, &v, names);
	}
	return rc;
}

/* Copy what the program has said so far, and the connection's cookie. False if another thread has closed it. */
static bool recall(struct fd_entry *entry, struct dbus_stream *s, uint64_t *cookie)
{
	lock_take(&entry->lock);
	const bool is = fd_entry_is(entry, FD_DBUS);
	*s = entry->dbus;
	*cookie = entry->cookie;
	lock_give(&entry->lock);
	return is;
}

/* Advance the stream by the first `n` bytes of `out`, which were sent. */
static void follow(struct fd_entry *entry, uint64_t cookie, struct dbus_stream s, const struct out *out, size_t n,
		   const char *const names[])
{
	const char *found;

	for (size_t i = 0; n; i++) {
		const size_t part = out->pieces[i].iov_len < n ? out->pieces[i].iov_len : n;
		dbus_stream_read(&s, out->pieces[i].iov_base, part, names, &found);
		n -= part;
	}
	lock_take(&entry->lock); /* another thread may have connected another socket under this number */
	if (fd_entry_is(entry, FD_DBUS) && entry->cookie == cookie)
		entry->dbus = s;
	lock_give(&entry->lock);
}

ssize_t dbus_send(int fd, const struct msghdr *m, int flags, const char *const names[])
{
	struct fd_entry *entry = fd_entry_find(fd);
	struct out out = {.found = NULL};
	struct msghdr censored = *m;
	struct dbus_stream said;
	uint64_t cookie;

	if (!entry || !recall(entry, &said, &cookie))
		return -EBADF;
	const int rc = prepare(&out, said, m, names);
	if (rc == ERR_NOT_DBUS)
		log_line(LOG_INFO, "%s", err_text(rc));
	if (rc)
		return rc;
	censored.msg_iov = out.pieces;
	censored.msg_iovlen = out.n;
	const ssize_t n = sys_rc(sys_sendmsg(fd, &censored, flags));
	if (n > 0)
		follow(entry, cookie, said, &out, (size_t)n, names);
	if (n > 0 && out.found)
		log_line(LOG_INFO, "%s: '%s'", err_text(ERR_DNS_DIRECT), out.found);
	return n;
}
