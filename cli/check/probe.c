/* SPDX-License-Identifier: MIT */
/* probe: dial ever longer parts of a chain; what a leg takes is what the longer part takes longer. */
#include "cli/check/probe.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/dial/relays.h"
#include "core/dial/wait.h"
#include "core/route/helper.h"

enum { NS_PER_US = 1000 };

static double ms_since(int64_t start)
{
	return (double)((clock_now() - start) / NS_PER_US) / 1000;
}

/* Returns what a hop chose that was told all at once, and so had no choice but to refuse. */
static enum chose chose_of(const struct tunnel *t, size_t i, enum chose chose)
{
	const unsigned speech = chose == CHOSE_NOTHING && i < MANNER_HOPS ? t->manner.speech[i] : 0;

	return speech & SPEECH_OPEN ? CHOSE_OPEN : speech & SPEECH_WHOLE && t->hops[i]->kind == PROXY_SOCKS5 ? CHOSE_LOGIN : chose;
}

/* Remember what the hop chose that was the last to let us in. A hop that fails to reach the next one leaves the tunnel at that one. */
static void see_choice(struct probe *p, const struct tunnel *t)
{
	if (tunnel_done(t) && t->n)
		p->chose[t->n - 1] = chose_of(t, t->n - 1, t->chose);
	else if (t->now.requested && t->now.errand.hop) {
		const size_t i = t->at && t->hops[t->at] != t->now.errand.hop ? t->at - 1 : t->at;
		p->chose[i] = chose_of(t, i, t->now.chose);
	}
}

/* Dial `to` along the first `n` hops; the caller closes `*fd`. Returns 0 or a negative err. */
static int dial_part(struct probe *p, const struct config *c, const struct proxy *const *hops, size_t n, const struct addr *to,
		     double *ms, int *fd)
{
	struct dial_job j = {.job.fd = -1, .make = dial_make};

	int rc = dial_begin_along(&j.dial, c, p->route, hops, n, COMMAND_CONNECT, to);
	if (rc == 0)
		rc = dial_wait(&j, 1, INT64_MAX);
	*ms = ms_since(j.dial.started);
	p->at = j.dial.tunnel.at;
	p->greeted = tunnel_requested(&j.dial.tunnel);
	see_choice(p, &j.dial.tunnel);
	*fd = j.job.fd;
	return rc;
}

/* Connect to the first hop, for which there is as much time as a whole dial has for it. */
static int reach_first(struct probe *p, const struct config *c, const struct addr *at, double *ms, int *fd)
{
	struct config hurried = *c;

	if (hurried.timeout_ms > c->hop_timeout_ms)
		hurried.timeout_ms = c->hop_timeout_ms;
	const int rc = dial_part(p, &hurried, p->route->hops, 0, at, ms, fd);
	return rc == ERR_TIMED_OUT ? -ETIMEDOUT : rc;
}

/* Connect to each hop through those before it. Returns how long the last took, with its connection in `*fd`. */
static double reach_all(struct probe *p, const struct config *c, int *fd)
{
	double before = 0, whole;

	*fd = -1;
	for (size_t i = 0; i < p->n; i++, p->reached++) {
		const struct addr at = helper_address(p->route->hops[i]);
		own_close(*fd);
		p->rc = i ? dial_part(p, c, p->route->hops, i, &at, &whole, fd) : reach_first(p, c, &at, &whole, fd);
		p->ms[i] = whole > before ? whole - before : 0;
		before = whole;
		if (p->rc)
			break;
	}
	return before;
}

static int wait_for(int fd, short events, int64_t until)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};

	return poll(&poll_fd, 1, clock_poll_ms(until)) > 0 ? 0 : -ETIMEDOUT;
}

/* Send what the tunnel has to say, or read the answer. Returns 0 or a negative err. */
static int speak(struct tunnel *t, int fd, int64_t until)
{
	const struct slice out = tunnel_unsent(t);

	if (wait_for(fd, out.len ? POLLOUT : POLLIN, until))
		return tunnel_overdue(t);
	if (out.len) {
		const ssize_t sent = send(fd, out.at, out.len, MSG_NOSIGNAL);
		tunnel_sent(t, sent > 0 ? (size_t)sent : 0);
		return sent < 0 && errno != EAGAIN ? -errno : 0;
	}
	const struct slice in = tunnel_unread(t);
	const ssize_t n = recv(fd, in.at, in.len, 0);
	if (n > 0)
		return tunnel_received(t, (size_t)n);
	return n == 0 ? tunnel_closed(t) : errno == EAGAIN ? 0 : -errno;
}

/* Greet the last hop, over a connection to it, as far as it lets us in; the request stays unsent. A hop whose protocol has no greeting hears
 * nothing. */
static int greet(struct probe *p, const struct config *c, int fd)
{
	struct proxy last = *p->route->hops[p->n - 1];
	const struct proxy *const hops = &last;
	const struct addr nowhere = addr_loopback(AF_INET, 1);
	const int64_t until = clock_now() + (int64_t)c->hop_timeout_ms * 1000 * NS_PER_US;
	struct tunnel t;

	last.pipeline = PIPELINE_NO;
	p->at = p->n - 1;
	p->greeted = last.kind == PROXY_SOCKS5 || last.kind == PROXY_SSH;
	if (!p->greeted)
		return 0;
	int rc = tunnel_begin(&t, &hops, 1, &nowhere);
	while (rc == 0 && !tunnel_requested(&t))
		rc = speak(&t, fd, until);
	p->greeted = rc == 0;
	p->chose[p->at] = t.now.chose;
	return rc;
}

static bool is_http(const struct proxy *hop)
{
	return hop->kind == PROXY_HTTP || hop->kind == PROXY_HTTPS;
}

/* True unless the failure is the kernel's, one of a proxy's own, or a stranger that hung up on us. */
static bool is_of_target(const struct probe *p, int rc)
{
	if (rc == 0)
		return true;
	if (p->at != p->n - 1 || rc >= -4095 || err_whose(rc) != ERR_OF_TARGET)
		return false;
	if ((rc == ERR_TARGET_FAILED || rc == ERR_TARGET_NOT_FOUND) && is_http(p->route->hops[p->at]))
		return false; /* proxies have statuses for what befalls them; web servers answer 400 or 404, or lead elsewhere */
	return (rc != ERR_TARGET_HUNG_UP && rc != ERR_TARGET_UNANSWERED) || p->greeted;
}

static void try_target(struct probe *p, const struct config *c, double before)
{
	double whole;
	int fd;

	p->rc = dial_part(p, c, p->route->hops, p->n, p->target, &whole, &fd);
	own_close(fd);
	p->ms[p->n] = whole > before ? whole - before : 0;
	p->works = is_of_target(p, p->rc);
}

/* An HTTP proxy does not say whether it has looked at the user name. Ask it without: one that lets us in all the same has not. */
static void try_without_login(struct probe *p, const struct config *c, size_t i)
{
	const struct addr next = i + 1 < p->n ? helper_address(p->route->hops[i + 1]) : *p->target;
	const struct proxy *hops[PROBE_HOPS];
	struct proxy open = *p->route->hops[i];
	struct probe other = {.route = p->route};
	double ms;
	int fd;

	memcpy(hops, p->route->hops, (i + 1) * sizeof(*hops));
	open.has_credentials = false;
	hops[i] = &open;
	const int rc = dial_part(&other, c, hops, i + 1, &next, &ms, &fd);
	own_close(fd);
	p->chose[i] = rc == ERR_PROXY_METHOD && other.at == i ? CHOSE_LOGIN : rc == 0 ? CHOSE_OPEN : CHOSE_NOTHING;
}

static void try_without_logins(struct probe *p, const struct config *c)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->route->hops[i]->has_credentials && is_http(p->route->hops[i]))
			try_without_login(p, c, i);
}

/* What stands behind a hop that does not relay is not asked. */
static void try_udp(struct probe *p, const struct config *c)
{
	const struct app app = {.config = c};

	for (size_t i = 0; i < p->n && (i == 0 || p->udp[i - 1].rc == 0); i++) {
		p->udp[i].tried = true;
		p->udp[i].rc = relays_try(&app, p->route, i + 1, &p->udp[i].relay);
	}
}

void probe(struct probe *p, const struct config *c, const struct route *route, const struct addr *target)
{
	int fd;

	*p = (struct probe){.route = route, .target = target, .n = route->n < PROBE_HOPS ? route->n : PROBE_HOPS};
	const double before = reach_all(p, c, &fd);
	if (p->rc == 0 && target)
		try_target(p, c, before);
	else if (p->rc == 0)
		p->works = (p->rc = greet(p, c, fd)) == 0;
	own_close(fd);
	if (p->works && target)
		try_without_logins(p, c);
	if (p->works && target && c->udp == UDP_PROXY)
		try_udp(p, c);
}
