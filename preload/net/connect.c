/* connect: make a socket of the application's reach a destination along a way, as connect(2) would. */
#include "net/connect.h"

#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/time.h>

#include "base/sys.h"
#include "conf/err.h"
#include "net/clock.h"
#include "net/pending.h"
#include "net/private.h"
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
	int lowat; /* SO_RCVLOWAT, if the application has set it */
	struct slot *slot;
};

/* When a blocking connect returns although the dial goes on: socket(7), SO_SNDTIMEO. */
static int64_t patience(int fd, const struct slot *slot)
{
	struct timeval limit = {0};
	socklen_t len = sizeof(limit);

	if (!slot || !slot_is(slot, SLOT_TIMED) || sys.getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &len) ||
	    (!limit.tv_sec && !limit.tv_usec))
		return INT64_MAX;
	return clock_in_ms((int64_t)limit.tv_sec * 1000 + limit.tv_usec / 1000);
}

static int await_earlier(int fd, struct slot *slot)
{
	const struct entered in = pending_enter(fd);
	const bool pending = in.fd != fd, blocking = !(sys.fcntl(in.fd, F_GETFL) & O_NONBLOCK);
	const int64_t until = pending && blocking ? patience(in.fd, slot) : 0;

	pending_leave(in);
	return !pending ? 0 : blocking ? slot_await_until(slot, until) : -EALREADY;
}

int connect_earlier(int fd)
{
	struct slot *slot = slot_find(fd);

	if (!slot || !slot_is(slot, SLOT_PENDING | SLOT_FAILED | SLOT_SHUT | SLOT_PEER | SLOT_NEWS))
		return 0;
	const int rc = await_earlier(fd, slot);
	if (rc || !slot_verify(slot, fd))
		return rc;
	const bool news = slot_is(slot, SLOT_NEWS), failed = slot_is(slot, SLOT_FAILED), shut = slot_is(slot, SLOT_SHUT);
	slot_clear(slot, SLOT_NEWS | SLOT_FAILED | SLOT_SHUT);
	if (!shut)
		return news ? CONNECT_STANDS : slot_is(slot, SLOT_PEER) ? -EISCONN : 0;
	dial_clear(fd);
	/* Once SO_ERROR has told the reason, connect(2) knows it no more. */
	return !news ? 0 : failed ? -slot->error : -ECONNABORTED;
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
	c->fd = fd;
	c->family = to->sa_family;
	c->flags = sys.fcntl(fd, F_GETFL);
	if (c->flags < 0)
		return -errno;
	memcpy(&c->to, to, len < sizeof(c->to) ? len : sizeof(c->to));
	c->slot = slot_make(fd);
	return 0;
}

/* To be asked where the kernel does not find out for us, in the application's own connect, that its address is of another family. */
static int check_family(const struct call *c)
{
	int family;
	socklen_t size = sizeof(family);

	if (sys.getsockopt(c->fd, SOL_SOCKET, SO_DOMAIN, &family, &size))
		return -errno;
	return family == c->family ? 0 : -EAFNOSUPPORT;
}

/* In a vfork child, which must not touch its parent's slots, nobody could finish it later. */
static bool may_be_left(const struct call *c)
{
	return c->slot && !slots_foreign();
}

static int behind_placeholder(const struct call *c, struct pending *p)
{
	p->fd = c->fd;
	p->flags = c->flags;
	p->family = c->family;
	p->to = c->to;
	p->lowat = c->lowat;
	return pending_start(p, c->slot);
}

static int nonblocking(const struct call *c)
{
	int rc = check_family(c);
	if (rc)
		return rc;
	struct pending *p = pending_new();
	if (!p)
		return -ENOBUFS;
	rc = dial_begin(&p->dial, c->config, c->via, c->target);
	if (rc) {
		pending_free(p);
		return rc;
	}
	rc = behind_placeholder(c, p);
	return rc ? rc : -EINPROGRESS;
}

/* The call ends (a handler ran, or its time is up), the connection goes on being made, as connect(2) has it. Takes over `twin`. */
static int leave_it(const struct call *c, const struct dial *d, int twin, int rc)
{
	struct pending *p = pending_new();

	if (!p) {
		private_close(twin);
		return -ENOBUFS;
	}
	p->job.fd = twin;
	dial_move(&p->dial, d);
	p->want = DIAL_WANT_WRITE;
	const int failure = behind_placeholder(c, p);
	return failure ? failure : rc;
}

/* The socket that replaces the application's moves in under its number. */
static int move_in(struct slot *slot, int fd, int twin)
{
	if (slot)
		slot_lock(slot);
	const int rc = watch_replace(slot, fd, twin);
	if (slot)
		slot_unlock(slot);
	watch_return(slot, fd);
	return rc;
}

static bool goes_on(const struct call *c, int rc)
{
	return (rc == -EINTR || rc == -EINPROGRESS) && may_be_left(c);
}

static void close_twin(void *fd)
{
	private_close(*(int *)fd);
}

/* A cancelled thread leaves no twin behind. */
static int wait_with_twin(const struct call *c, struct dial *d, int twin, int family)
{
	int rc;

	pthread_cleanup_push(close_twin, &twin);
	rc = dial_wait(d, twin, dial_connect(d, twin, family, c->flags), patience(c->fd, c->slot));
	pthread_cleanup_pop(false);
	if (goes_on(c, rc))
		return leave_it(c, d, twin, rc);
	if (rc == 0)
		rc = move_in(c->slot, c->fd, twin);
	private_close(twin);
	return rc;
}

/* The waiting happens here, in the application's thread, on the application's own socket wherever that can reach the first hop. */
static int wait_for(const struct call *c, struct dial *d)
{
	const int family = dial_family(d, c->family);

	if (family != c->family) {
		const int rc = check_family(c), twin = rc ? rc : twin_make(c->fd, family);
		return twin < 0 ? twin : wait_with_twin(c, d, twin, family);
	}
	const int rc = dial_wait(d, c->fd, dial_connect(d, c->fd, family, c->flags), patience(c->fd, c->slot));
	return goes_on(c, rc) ? leave_it(c, d, -1, rc) : rc;
}

static int blocking(const struct call *c)
{
	struct dial d;
	int rc = dial_begin(&d, c->config, c->via, c->target);

	if (rc == 0 && dial_needs_resolving(&d))
		rc = dial_resolve(&d, c->family);
	if (rc == 0)
		rc = wait_for(c, &d);
	if (rc == -EINTR || rc == -EINPROGRESS)
		return rc;
	dial_report(&d, rc);
	if (rc < 0)
		dial_clear(c->fd);
	else if (c->slot && c->via->kind == VIA_CHAIN)
		slot_connected(c->slot, c->fd, &c->to);
	return rc;
}

static int start(const struct call *c)
{
	const int rc = c->flags & O_NONBLOCK && may_be_left(c) ? nonblocking(c) : -EMFILE;

	/* When not even the hard limit has room for a placeholder: better late than never. */
	return rc == -EMFILE || rc == -ENFILE ? blocking(c) : rc;
}

/* While a proxy answers, each octet counts. */
static void lower_lowat(struct call *c)
{
	socklen_t len = sizeof(c->lowat);

	if (!c->slot || !slot_is(c->slot, SLOT_LOWAT) || sys.getsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &c->lowat, &len))
		return;
	sys.setsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &(int){1}, sizeof(int));
}

int connect_via(int fd, const struct config *config, const struct via *via, const struct addr *target, const struct sockaddr *to,
		socklen_t len)
{
	struct call c = {.config = config, .via = via, .target = target};
	int rc;

	dial_hold_cancel();
	rc = describe(&c, fd, to, len);
	if (rc == 0)
		lower_lowat(&c);
	if (rc == 0)
		rc = start(&c);
	if (c.lowat && rc != -EINPROGRESS && rc != -EINTR) /* else the dial that goes on sees to it */
		sys.setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &c.lowat, sizeof(c.lowat));
	dial_release_cancel();
	return rc;
}

/* The socket under the number is of the family that reached the proxy; whoever connects it again expects his own. */
static int dissolve_twin(int fd, struct slot *slot)
{
	const int fresh = twin_make(fd, slot->peer.sin6_family);

	if (fresh < 0)
		return fresh;
	const int rc = move_in(slot, fd, fresh);
	private_close(fresh);
	return rc;
}

int connect_dissolve(int fd)
{
	struct slot *slot = slot_find(fd);
	int family = AF_UNSPEC, rc;
	socklen_t len = sizeof(family);

	if (slot && pending_abandon(slot, fd, true))
		return 0;
	const bool ours = slot && slot_is(slot, SLOT_PEER) && slot_verify(slot, fd) &&
	                  sys.getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len) == 0;
	if (ours && family != slot->peer.sin6_family)
		rc = dissolve_twin(fd, slot);
	else
		rc = (int)sys_rc(sys_connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)));
	if (slot && rc == 0)
		slot_clear(slot, SLOT_PEER | SLOT_SHUT | SLOT_NEWS);
	return rc;
}
