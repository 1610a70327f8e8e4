/* SPDX-License-Identifier: MIT */
/* listener: the engine asks the proxy, awaits the peer, announces it on loopback, and asks anew. */
#include "listen/listener.h"

#include <limits.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/futex.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/bind.h"
#include "core/dial/clone.h"
#include "core/dial/loopback.h"
#include "core/dial/report.h"
#include "core/dial/wait.h"
#include "fd/bound_name.h"
#include "fd/epoll.h"

enum { ROOM = 16, PAUSE_MS = 1000, PAUSE_MOST_MS = 60000 };

/* A peer that has come, until the program accepts it. */
struct arrival {
	int carrier;   /* its connection, through the proxies */
	int token;     /* our connection to the loopback socket, */
	uint16_t port; /* from there */
	struct endpoint peer, name;
};

struct listener {
	struct lock lock;
	atomic_uint users;  /* the program's numbers that mean it, and calls that are at work on it */
	bool started;       /* the program has called listen() */
	pid_t owner;        /* the process whose engine works for it */
	bool busy;          /* the engine has one of the jobs */
	bool full;          /* it waits for room */
	atomic_uint asking; /* the proxy is being asked where it listens next; a futex */
	int family;
	const struct app *app;
	const struct route *route;
	struct addr at;       /* the loopback socket's address */
	struct endpoint name; /* where the proxy listens; */
	struct endpoint next; /* or will, for the peer after those that have come */
	struct dial_job dialling;
	struct job pausing;
	int pause_ms;
	struct arrival arrivals[ROOM];
	int n;
};

static void begin_bind(struct listener *);

static void release(struct listener *l)
{
	for (int i = 0; i < l->n; i++) {
		own_close(l->arrivals[i].carrier);
		own_close(l->arrivals[i].token);
	}
	own_close(l->dialling.job.fd);
	pages_free(l, sizeof(*l));
}

static void heard(struct listener *l)
{
	l->asking = false;
	futex_wake(&l->asking, INT_MAX);
}

/* The engine has ended a job. Returns true if it is to have another; else it has none, and if nobody needs the listener any more, that is
 * gone. */
static bool goes_on(struct listener *l)
{
	lock_take(&l->lock);
	const bool left = !l->users;
	l->full = l->n == ROOM;
	l->busy = !l->full;
	const bool on = l->busy && !left;
	lock_give(&l->lock);
	if (left)
		release(l);
	else if (!on)
		heard(l);
	return on;
}

/* Returns 0, or ERR_PROXY_ADDRESS for an address that the program's socket cannot have. */
static int read_name(const struct dial *d, int fd, int family, struct endpoint *name)
{
	struct addr at;

	return dial_bound(d, fd, &at) == 0 && endpoint_to(name, &at, family) ? 0 : ERR_PROXY_ADDRESS;
}

/* Nobody can come to port 0. */
static int read_place(struct listener *l)
{
	const int rc = read_name(&l->dialling.dial, l->dialling.job.fd, l->family, &l->next);

	return rc == 0 && !l->next.in4.sin_port ? ERR_PROXY_GARBLED : rc;
}

static int go_on(struct dial_job *j)
{
	const struct listener *const l = j->owner;

	return l->users ? dial_next(&j->dial, j->job.fd) : -ECANCELED;
}

/* The proxy is to expect the peer of the program's newest connection: active FTP's server. */
static int begin_dial(struct listener *l)
{
	struct addr peer = bound_name_target();

	l->dialling = (struct dial_job){.job.fd = -1, .make = dial_make, .go = go_on, .owner = l};
	int rc = dial_begin(&l->dialling.dial, l->app->config, l->route, COMMAND_BIND, &peer);
	if (rc == ERR_PROXY_ADDRESS) {
		peer = (struct addr){.kind = ADDR_IPV4};
		rc = dial_begin(&l->dialling.dial, l->app->config, l->route, COMMAND_BIND, &peer);
	}
	return l->dialling.want = rc;
}

static void tell_name(const struct listener *l, const struct endpoint *name)
{
	char text[ADDR_TEXT];
	struct addr at;

	if (addr_from_sockaddr(&at, &name->sa, sizeof(*name)))
		log_line(LOG_INFO, "listening at '%s' via '%s'", addr_string(&at, text), l->route->name);
}

static bool resume(struct job *j)
{
	return clock_now() < j->limit;
}

static void resumed(struct job *j)
{
	struct listener *const l = JOB_OF(struct listener, pausing, j);

	if (goes_on(l))
		begin_bind(l);
}

/* Try again later, whatever it is: the program waits, and a proxy that was started anew may do what it did before. */
static void fail(struct listener *l, int rc)
{
	heard(l);
	if (l->users)
		dial_report(&l->dialling.dial, rc);
	own_close(l->dialling.job.fd);
	l->dialling.job.fd = -1;
	if (!goes_on(l))
		return;
	l->pause_ms = l->pause_ms ? 2 * l->pause_ms : PAUSE_MS;
	if (l->pause_ms > PAUSE_MOST_MS)
		l->pause_ms = PAUSE_MOST_MS;
	l->pausing = (struct job){.step = resume, .end = resumed, .fd = -1, .limit = clock_in_ms(l->pause_ms)};
	engine_submit(&l->pausing);
}

/* Connect to the loopback socket, which wakes whoever waits for it. Returns 0 or -errno. */
static int announce(struct listener *l, struct arrival *a)
{
	struct sockaddr_storage to;
	struct addr own;

	a->token = loopback_socket(l->family, SOCK_STREAM, &own);
	if (a->token < 0)
		return a->token;
	a->port = own.port;
	lock_take(&l->lock); /* accept() looks for the arrival, and finds it */
	l->arrivals[l->n++] = *a;
	const socklen_t len = addr_to_sockaddr(&l->at, &to, l->family);
	const int rc = (int)sys_rc(sys_connect(a->token, (struct sockaddr *)&to, len));
	const bool fine = rc == 0 || rc == -EINPROGRESS;
	if (!fine)
		l->n--;
	lock_give(&l->lock);
	if (!fine)
		own_close(a->token);
	return fine ? 0 : rc;
}

static void arrived(struct dial_job *j)
{
	struct listener *const l = j->owner;
	struct arrival a = {.carrier = j->job.fd, .name = l->next};

	if (j->want != DIAL_DONE || !l->users) {
		fail(l, j->want);
		return;
	}
	j->job.fd = -1;
	l->asking = true; /* before the program hears of it, and asks for the address of the next */
	int rc = read_name(&j->dial, a.carrier, l->family, &a.peer);
	if (rc == 0)
		rc = announce(l, &a);
	if (rc) { /* at once the next might come to the same, and so on */
		own_close(a.carrier);
		fail(l, rc);
	} else if (goes_on(l)) {
		begin_bind(l);
	}
}

static void await_peer(struct listener *l)
{
	l->dialling.want = dial_await_peer(&l->dialling.dial);
	l->dialling.end = arrived;
	dial_start(&l->dialling);
}

/* Where the proxy listens from now on, is what getsockname tells once nobody who came before waits. */
static void bound(struct dial_job *j)
{
	struct listener *const l = j->owner;

	const int rc = j->want ? dial_bind_failure(&j->dial, j->want) : read_place(l);
	if (rc) {
		fail(l, rc);
		return;
	}
	l->pause_ms = 0;
	lock_take(&l->lock);
	if (!endpoint_equal(&l->name, &l->next))
		tell_name(l, &l->next);
	l->name = l->next;
	lock_give(&l->lock);
	heard(l);
	await_peer(l);
}

static void begin_bind(struct listener *l)
{
	l->asking = true;
	begin_dial(l);
	l->dialling.end = bound;
	dial_start(&l->dialling);
}

static int wait_bound(struct listener *l)
{
	int rc = begin_dial(l);

	if (rc)
		return rc;
	do
		rc = dial_wait(&l->dialling, 1, INT64_MAX);
	while (rc == -EINTR);
	if (rc)
		return dial_bind_failure(&l->dialling.dial, rc);
	return read_place(l);
}

/* Returns false if another thread was faster. */
static bool become(struct fd_entry *entry, int fd, struct listener *l)
{
	lock_take(&entry->lock);
	const bool first = !fd_entry_is(entry, FD_LISTENING);
	if (first) {
		fd_entry_become(entry, FD_LISTENING);
		entry->cookie = fd_entry_cookie(fd);
		entry->listening = l;
		fd_entry_set(entry, FD_LISTENING);
	}
	lock_give(&entry->lock);
	return first;
}

int listener_bind(int fd, struct fd_entry *entry, const struct app *app, const struct route *route)
{
	struct listener *const l = pages_take(sizeof(*l));

	if (!l)
		return -ENOBUFS;
	l->app = app;
	l->route = route;
	l->family = sys_option(fd, SO_DOMAIN);
	l->users = 1;
	l->owner = getpid();
	const int rc = wait_bound(l);
	if (rc) {
		dial_report(&l->dialling.dial, rc);
		release(l);
		return rc;
	}
	l->name = l->next;
	if (become(entry, fd, l))
		tell_name(l, &l->name);
	else
		release(l);
	return 0;
}

static void enter(struct listener *l)
{
	lock_take(&l->lock);
	l->users++;
	lock_give(&l->lock);
}

struct listener *listener_enter(struct fd_entry *entry, int fd)
{
	const uint64_t cookie = fd_entry_cookie(fd);

	lock_take(&entry->lock);
	struct listener *const l = fd_entry_is(entry, FD_LISTENING) && entry->cookie == cookie ? entry->listening : NULL;
	if (l)
		enter(l);
	lock_give(&entry->lock);
	return l;
}

void listener_leave(struct listener *l)
{
	if (!listener_is_ours(l)) /* in a child: all else is its parent's */
		return;
	lock_take(&l->lock);
	const bool last = --l->users == 0, idle = last && !l->busy;
	if (last && l->busy && l->dialling.job.fd >= 0)
		sys.shutdown(l->dialling.job.fd, SHUT_RDWR); /* the engine finds nobody left, and frees it */
	lock_give(&l->lock);
	if (idle)
		release(l);
	else if (last)
		engine_look();
}

bool listener_is_ours(const struct listener *l)
{
	return l->owner == getpid();
}

static int listen_on_loopback(struct listener *l, int socket, int backlog)
{
	const struct addr any = addr_loopback(l->family, 0);
	struct sockaddr_storage at;
	socklen_t len = addr_to_sockaddr(&any, &at, l->family);

	if (__extension__ sys.bind(socket, (struct sockaddr *)&at, len) || sys_listen(socket, backlog) ||
	    __extension__ sys.getsockname(socket, (struct sockaddr *)&at, &len))
		return -errno;
	return addr_from_sockaddr(&l->at, (struct sockaddr *)&at, len) ? 0 : -EINVAL;
}

static int put_in_place(struct fd_entry *entry, int fd, int socket)
{
	lock_take(&entry->lock);
	const int rc = fd_epoll_replace(entry, fd, socket);
	if (rc == 0)
		entry->cookie = fd_entry_cookie(fd);
	lock_give(&entry->lock);
	fd_epoll_return(entry, fd);
	return rc;
}

/* Let peers come. Only the first who calls does that. */
static int start(struct listener *l, int fd, struct fd_entry *entry, int backlog)
{
	const int socket = clone_make(fd, l->family);
	int rc = socket < 0 ? socket : listen_on_loopback(l, socket, backlog < ROOM ? ROOM : backlog);

	if (rc == 0)
		rc = put_in_place(entry, fd, socket);
	own_close(socket);
	if (rc == 0)
		await_peer(l);
	else
		l->busy = l->started = false;
	return rc;
}

static bool is_first(struct listener *l)
{
	lock_take(&l->lock);
	const bool first = !l->started;
	l->busy = l->busy || first;
	l->started = true;
	lock_give(&l->lock);
	return first;
}

int listener_start(int fd, struct fd_entry *entry, int backlog)
{
	struct listener *const l = listener_enter(entry, fd);

	if (!l)
		return -EBADF; /* another thread has closed it */
	int rc = listener_is_ours(l) ? 0 : -EINVAL;
	if (rc == 0 && is_first(l))
		rc = start(l, fd, entry, backlog);
	listener_leave(l);
	return rc;
}

static void wait_name(struct listener *l, struct endpoint *name)
{
	while (l->asking && listener_is_ours(l)) /* the address that is known serves nobody any more */
		futex_wait(&l->asking, true, NULL);
	lock_take(&l->lock);
	*name = l->name;
	lock_give(&l->lock);
}

bool listener_name(struct fd_entry *entry, int fd, struct endpoint *name)
{
	struct listener *const l = listener_enter(entry, fd);

	if (!l)
		return false;
	wait_name(l, name);
	listener_leave(l);
	return true;
}

static bool find(struct listener *l, const struct endpoint *from, struct arrival *a)
{
	for (int i = 0; i < l->n; i++)
		if (l->arrivals[i].port == ntohs(from->in4.sin_port)) {
			*a = l->arrivals[i];
			memmove(&l->arrivals[i], &l->arrivals[i + 1], (size_t)(--l->n - i) * sizeof(*a));
			return true;
		}
	return false;
}

/* The connection was nonblocking for us. */
static int put_peer(const struct arrival *a, int fd, int flags)
{
	clone_copy_settings(fd, a->carrier);
	if (sys.dup3(a->carrier, fd, flags & SOCK_CLOEXEC ? O_CLOEXEC : 0) < 0)
		return -errno;
	const int status = sys.fcntl(fd, F_GETFL);
	sys.fcntl(fd, F_SETFL, flags & SOCK_NONBLOCK ? status | O_NONBLOCK : status & ~O_NONBLOCK);
	struct fd_entry *const entry = fd_entry_make(fd);
	if (entry)
		fd_entry_connected(entry, fd, &a->peer);
	bound_name_put(fd_entry_cookie(fd), &a->name);
	return 0;
}

int listener_take(struct listener *l, int fd, const struct endpoint *from, int flags, struct endpoint *peer)
{
	struct arrival a;

	lock_take(&l->lock);
	const bool found = find(l, from, &a), resume_now = found && l->full && !l->busy;
	l->busy = l->busy || resume_now;
	lock_give(&l->lock);
	if (resume_now)
		begin_bind(l);
	if (!found)
		return -ECONNABORTED;
	const int rc = put_peer(&a, fd, flags);
	own_close(a.carrier);
	own_close(a.token);
	*peer = a.peer;
	return rc;
}

void listener_closed(struct fd_entry *entry)
{
	lock_take(&entry->lock);
	struct listener *const l = fd_entry_is(entry, FD_LISTENING) ? entry->listening : NULL;
	fd_entry_clear(entry, FD_LISTENING);
	lock_give(&entry->lock);
	if (l)
		listener_leave(l);
}

void listener_copied(struct fd_entry *from, int fd, struct fd_entry *to)
{
	struct listener *const l = listener_enter(from, fd);

	if (l && !become(to, fd, l))
		listener_leave(l);
}
