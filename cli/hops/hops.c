/* SPDX-License-Identifier: MIT */
/* hops: look for them in the routes, and keep a listener for each. */
#include "cli/hops/hops.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/clients/listener.h"
#include "cli/hops/forward.h"
#include "cli/hops/place.h"
#include "cli/hops/tls.h"
#include "cli/say.h"
#include "core/base/env.h"
#include "core/base/own.h"
#include "core/route/helper.h"

extern char **environ;

enum { HELPED_MAX = 64 };

struct hop {
	struct listener listener;
	struct addr at;
	const struct proxy *proxy;
	struct ssh ssh; /* of an ssh:// proxy */
};

static struct hop *hops[HELPED_MAX];
static size_t count;

/* Proxies, each once. */
struct found {
	struct {
		const struct proxy *proxy;
		bool needed; /* some chain has no other path */
	} of[HELPED_MAX];
	size_t n;
};

static bool is_same(const struct proxy *a, const struct proxy *b)
{
	return a->kind == b->kind && addr_equal(&a->addr, &b->addr) && strcmp(a->username, b->username) == 0;
}

static void add(struct found *f, const struct proxy *p, bool needed)
{
	size_t i = 0;

	while (i < f->n && !is_same(f->of[i].proxy, p))
		i++;
	if (i == HELPED_MAX || !proxy_can(p, PROXY_HELPED))
		return;
	f->of[i].proxy = p;
	f->of[i].needed |= needed;
	if (i == f->n)
		f->n++;
}

static void add_route(struct found *f, const struct route *route)
{
	for (size_t i = 0; route->kind == ROUTE_CHAIN && i < route->n; i++)
		add(f, route->hops[i], route_is_plain(route));
}

static struct found find(const struct config *c, const struct route *only)
{
	struct found f = {.n = 0};

	add_route(&f, only ? only : c->chain);
	for (const struct rule *r = c->rules; r && !only; r = r->next)
		add_route(&f, r->route);
	return f;
}

static int make_socket(const struct addr *at, int (*use)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_storage sa;
	const socklen_t len = addr_to_sockaddr(at, &sa, AF_UNIX);
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && use(fd, (struct sockaddr *)&sa, len) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool is_served(const struct proxy *p)
{
	const struct addr at = helper_address(p);
	const int fd = at.kind == ADDR_UNIX ? make_socket(&at, connect) : -1;

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool hops_are_there(const struct config *c, const struct route *only)
{
	const struct found f = find(c, only);
	size_t served = 0;

	while (served < f.n && is_served(f.of[served].proxy))
		served++;
	return served == f.n;
}

static bool is_ssh(const struct hop *h)
{
	return h->proxy->kind == PROXY_SSH;
}

static void accepted(struct listener *l, int fd)
{
	struct hop *const h = JOB_OF(struct hop, listener, l);

	if (is_ssh(h))
		forward_start(&h->ssh, fd);
	else
		tls_carry(h->proxy, fd);
}

static bool log_in(struct hop *h, bool try)
{
	TEXT(control, sizeof(h->at.name));

	if (!is_ssh(h))
		return tls_is_installed() && (!try || tls_try(h->proxy));
	text_add(&control, "%s.ssh", h->at.name);
	return ssh_log_in(&h->ssh, h->proxy, control.at);
}

static bool listen_at(struct hop *h)
{
	h->listener.job.fd = make_socket(&h->at, bind);
	if (h->listener.job.fd >= 0 && listen(h->listener.job.fd, LISTENER_BACKLOG) == 0)
		return true;
	say("cannot listen at '%s': %s", h->at.name, strerror(errno));
	return false;
}

/* Let connections to it fail at once: the chain has other paths. */
static void drop(struct hop *h)
{
	own_close(h->listener.job.fd);
	unlink(h->at.name);
	free(h);
}

static bool start(const struct proxy *p, bool try)
{
	struct hop *const h = calloc(1, sizeof(*h));

	if (!h) {
		say("out of memory");
		return false;
	}
	h->listener.accepted = accepted;
	h->at = helper_address(p);
	h->proxy = p;
	h->ssh.hold = -1;
	if (!listen_at(h) || !log_in(h, try)) {
		drop(h);
		return false;
	}
	hops[count++] = h;
	return true;
}

static bool make_place(void)
{
	const char *const path = place_make();

	if (!path || setenv(HELPER_VARIABLE, path, 1) != 0)
		return false;
	env_capture(environ);
	return true;
}

bool hops_start(const struct config *c, const struct route *only, bool try)
{
	const struct found f = find(c, only);
	bool fine = make_place();

	for (size_t i = 0; fine && i < f.n; i++)
		fine = start(f.of[i].proxy, try) || !f.of[i].needed;
	if (!fine)
		hops_stop();
	return fine;
}

void hops_serve(const struct config *c)
{
	log_use(c->log, c->log_file, c->log_format);
	log_program("socksify");
	listener_use_all_descriptors();
	for (size_t i = 0; i < count; i++)
		listener_start(&hops[i]->listener);
}

const struct ssh *hops_login(const struct proxy *p)
{
	for (size_t i = 0; i < count; i++)
		if (is_ssh(hops[i]) && is_same(hops[i]->proxy, p))
			return &hops[i]->ssh;
	return NULL;
}

void hops_leave(void)
{
	for (size_t i = 0; i < count; i++) {
		own_close(hops[i]->listener.job.fd);
		own_close(hops[i]->ssh.hold);
	}
	place_leave();
}

void hops_stop(void)
{
	for (size_t i = 0; i < count; i++)
		ssh_log_out(&hops[i]->ssh);
	place_remove();
}
