/* SPDX-License-Identifier: MIT */
/* serve: one listening socket; the engine accepts its clients and carries on their sessions. */
#include "cli/serve/serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/clients/listener.h"
#include "cli/route.h"
#include "cli/say.h"
#include "cli/serve/session.h"
#include "core/names/placeholder.h"

static struct app app;

static void begin_session(struct listener *l, int fd)
{
	(void)l;
	session_start(&app, fd);
}

/* "1080" is loopback; other machines are let in only where an address is said. */
static bool read_place(struct addr *at, const char *place)
{
	const size_t n = strlen(place);

	*at = addr_loopback(AF_INET, 0);
	if (addr_parse_port(&at->port, place, n))
		return true;
	return addr_parse(at, place, n, 0) && at->port && (at->kind == ADDR_IPV4 || at->kind == ADDR_IPV6);
}

static int listen_at(const struct addr *at)
{
	struct sockaddr_storage sa;
	const socklen_t len = addr_to_sockaddr(at, &sa, AF_UNSPEC);
	const int fd = socket(sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (fd >= 0 && bind(fd, (struct sockaddr *)&sa, len) == 0 && listen(fd, LISTENER_BACKLOG) == 0)
		return fd;
	char where[ADDR_TEXT];
	say("cannot listen at '%s': %s", addr_string(at, where), strerror(errno));
	return -1;
}

static bool is_local(const struct addr *at)
{
	const struct addr wild = {.kind = at->kind}; /* 0.0.0.0 and :: take clients from everywhere */

	return addr_is_loopback(at) && !addr_in_range(at, &wild, at->kind == ADDR_IPV4 ? 32 : 128);
}

static void announce(const struct config *c, const struct addr *at)
{
	char where[ADDR_TEXT];
	TEXT(name, 256);

	route_name(c, c->chain, &name);
	print_line("SOCKS5 and HTTP CONNECT at %s, via %s", addr_string(at, where), name.at);
	fflush(stdout);
	if (!is_local(at))
		say("whoever reaches '%s' may use it: nobody is asked for a password", where);
}

int serve(const struct config *c, const char *place)
{
	static struct listener listener = {.accepted = begin_session};
	struct addr at;

	if (!read_place(&at, place)) {
		say("'%s' is no place to listen at: [ADDRESS:]PORT", place);
		return STATUS_FAILED;
	}
	listener.job.fd = listen_at(&at);
	if (listener.job.fd < 0)
		return STATUS_FAILED;
	app = (struct app){.config = c};
	placeholder_use(c);
	log_use(c->log, c->log_file, c->log_format);
	log_program("socksify");
	listener_use_all_descriptors();
	announce(c, &at);
	listener_start(&listener);
	for (;;)
		pause();
}
