/* connect: make a socket of the application's reach a destination along a way, as connect(2) would. */
#include "net/connect.h"

#include <netinet/tcp.h>
#include <string.h>

#include "base/sys.h"
#include "conf/err.h"
#include "net/pending.h"
#include "net/slot.h"
#include "net/twin.h"
#include "net/watch.h"

/* One call to connect_via(). */
struct call {
	const struct config *config;
	const struct via *via;
	const struct addr *target;
	struct sockaddr_in6 to;
	int fd, flags, family;
	struct slot *slot;
};

int connect_earlier(int fd)
{
	struct slot *slot = slot_find(fd);

	if (!slot || !slot_is(slot, SLOT_PENDING | SLOT_FAILED | SLOT_SHUT | SLOT_PEER))
		return 0;
	const struct entered in = pending_enter(fd);
	pending_leave(in);
	if (in.fd != fd)
		return -EALREADY;
	if (!slot_verify(slot, fd))
		return 0;
	const int error = slot_is(slot, SLOT_FAILED) ? -slot->error : slot_is(slot, SLOT_PEER) ? -EISCONN : 0;
	if (slot_is(slot, SLOT_SHUT))
		dial_disconnect(fd);
	if (error != -EISCONN)
		slot_clear(slot, SLOT_FAILED | SLOT_SHUT | SLOT_PEER);
	return error;
}

int connect_state(int fd)
{
	uint8_t state; /* tcpi_state, the first octet of struct tcp_info */
	socklen_t len = sizeof(state);

	if (sys.getsockopt(fd, IPPROTO_TCP, TCP_INFO, &state, &len))
		return errno == EBADF || errno == ENOTSOCK ? -errno : ERR_RAW;
	switch (state) {
	case TCP_CLOSE:
		return 0;
	case TCP_SYN_SENT:
	case TCP_SYN_RECV:
		return -EALREADY;
	default:
		return -EISCONN;
	}
}

static int describe(struct call *c, int fd, const struct sockaddr *to, socklen_t len)
{
	socklen_t size = sizeof(c->family);

	c->fd = fd;
	c->flags = sys.fcntl(fd, F_GETFL);
	if (c->flags < 0 || sys.getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &c->family, &size))
		return -errno;
	if (c->family != to->sa_family)
		return -EAFNOSUPPORT;
	memcpy(&c->to, to, len < sizeof(c->to) ? len : sizeof(c->to));
	c->slot = slot_make(fd);
	return 0;
}

static int behind_placeholder(const struct call *c, struct pending *p)
{
	p->fd = c->fd;
	p->flags = c->flags;
	p->family = c->family;
	p->to = c->to;
	return pending_start(p, c->slot);
}

static int nonblocking(const struct call *c)
{
	struct pending *p = pending_new();

	if (!p)
		return -ENOBUFS;
	int rc = dial_begin(&p->dial, c->config, c->via, c->target);
	if (rc) {
		pending_free(p);
		return rc;
	}
	rc = behind_placeholder(c, p);
	return rc ? rc : -EINPROGRESS;
}

/* A handler ran in the middle: the call ends, the connection goes on being made, as connect(2) has it. */
static int interrupted(const struct call *c, const struct dial *d, int want)
{
	struct pending *p = pending_new();

	if (!p)
		return -ENOBUFS;
	dial_move(&p->dial, d);
	p->want = want;
	const int rc = behind_placeholder(c, p);
	return rc ? rc : -EINTR;
}

/* The socket that replaces the application's moves in under its number. */
static int move_in(const struct call *c, int twin)
{
	if (c->slot && !slot_lock(c->slot))
		return -EALREADY;
	const int rc = watch_replace(c->slot, c->fd, twin);
	if (c->slot)
		slot_unlock(c->slot);
	watch_return(c->slot, c->fd);
	return rc;
}

/* The waiting happens here, in the application's thread, on the application's own socket wherever that can reach the first hop. */
static int wait_for(const struct call *c, struct dial *d)
{
	const int family = dial_family(d, c->family);
	const int fd = family == c->family ? c->fd : twin_make(c->fd, family);

	if (fd < 0)
		return fd;
	int want = dial_connect(d, fd, family, c->flags);
	int rc = dial_wait(d, fd, want);
	if (rc == -EINTR && fd == c->fd && c->slot)
		return interrupted(c, d, DIAL_WANT_WRITE);
	if (fd != c->fd) {
		if (rc == 0)
			rc = move_in(c, fd);
		sys.close(fd);
	}
	return rc;
}

static int blocking(const struct call *c)
{
	struct dial d;
	int rc = dial_begin(&d, c->config, c->via, c->target);

	if (rc == 0 && dial_needs_resolving(&d))
		rc = dial_resolve(&d, c->family);
	if (rc == 0)
		rc = wait_for(c, &d);
	if (rc == -EINTR)
		return rc;
	dial_report(&d, rc);
	if (rc < 0)
		dial_disconnect(c->fd);
	else if (c->slot && c->via->kind == VIA_CHAIN)
		slot_connected(c->slot, c->fd, &c->to);
	return rc;
}

int connect_via(int fd, const struct config *config, const struct via *via, const struct addr *target, const struct sockaddr *to,
		socklen_t len)
{
	struct call c = {.config = config, .via = via, .target = target};
	const int rc = describe(&c, fd, to, len);

	if (rc)
		return rc;
	/* Without a slot (a vfork child, which must not touch its parent's) nobody could finish it later. */
	return c.flags & O_NONBLOCK && c.slot ? nonblocking(&c) : blocking(&c);
}
