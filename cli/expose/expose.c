/* SPDX-License-Identifier: MIT */
/* expose: ask the last proxy to listen, print where, wait for a peer, hand it over, ask again; or leave all of that to ssh. */
#include "cli/expose/expose.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/clients/listener.h"
#include "cli/clients/pair.h"
#include "cli/expose/remote.h"
#include "cli/say.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/dial/bind.h"
#include "core/dial/wait.h"
#include "core/names/placeholder.h"

enum { PAUSE_S = 1 };

static void complain(const struct dial *d, int rc)
{
	TEXT(hop, PROXY_TEXT);

	if (d->tunnel.at < d->path.n)
		proxy_text(d->path.hops[d->tunnel.at], &hop);
	say("%s%s%s%s", err_text(rc), hop.len ? ": " : "", hop.at,
	    rc == ERR_PROXY_COMMAND ? "; Dante's knows BIND, and with ssh:// as the only hop sshd listens" : "");
}

/* Connect to the port here. Returns a nonblocking socket, or -1 after a message. */
static int connect_here(const struct addr *at)
{
	char text[ADDR_TEXT];
	struct sockaddr_storage to;
	const socklen_t len = addr_to_sockaddr(at, &to, AF_UNSPEC);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, len) == 0) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
		return fd;
	}
	say("cannot connect to '%s': %s", addr_string(at, text), strerror(errno));
	own_close(fd);
	return -1;
}

static void hand_over(int peer, const struct addr *at)
{
	const int here = connect_here(at);

	if (here >= 0)
		pair_start(peer, here, "", 0);
	else
		close(peer);
}

static void announce(const struct addr *where, const struct addr *at)
{
	char there[ADDR_TEXT], here[ADDR_TEXT];

	print_line("%s leads to %s, for the next who connects", addr_string(where, there), addr_string(at, here));
	fflush(stdout);
}

/* Serve one peer. Returns 0 or a negative err. */
static int serve_one(const struct config *c, const struct addr *at)
{
	static const struct addr anybody = {.kind = ADDR_IPV4};
	struct dial_job j = {.job.fd = -1, .make = dial_make};
	struct addr where;

	int rc = dial_begin(&j.dial, c, c->chain, COMMAND_BIND, &anybody);
	if (rc == 0)
		rc = dial_wait(&j, 1, INT64_MAX);
	if (rc == 0)
		rc = dial_bound(&j.dial, j.job.fd, &where);
	if (rc == 0) {
		announce(&where, at);
		rc = dial_await_peer(&j.dial);
	}
	if (rc == 0)
		rc = dial_wait(&j, 1, INT64_MAX);
	if (rc == 0) {
		hand_over((int)j.job.fd, at);
		return 0;
	}
	rc = dial_bind_failure(&j.dial, rc);
	complain(&j.dial, rc);
	own_close((int)j.job.fd);
	return rc;
}

static int by_bind(const struct config *c, const struct addr *at)
{
	bool before = false;

	placeholder_use(c);
	listener_use_all_descriptors();
	for (;;) {
		const int rc = serve_one(c, at);
		if (rc && (!before || rc == ERR_PROXY_COMMAND))
			return STATUS_FAILED;
		if (rc)
			sleep(PAUSE_S);
		before = true;
	}
}

/* Read [PROXY-PORT:]PORT. */
static bool read_ports(const char *text, uint16_t *there, uint16_t *here)
{
	const char *const colon = strchr(text, ':'), *const last = colon ? colon + 1 : text;

	return addr_parse_port(here, last, strlen(last)) && (!colon || addr_parse_port(there, text, (size_t)(colon - text)));
}

static bool is_ssh(const struct route *chain)
{
	return chain->n == 1 && chain->hops[0]->kind == PROXY_SSH;
}

int expose(const struct config *c, const char *ports)
{
	struct addr at = addr_loopback(AF_INET, 0);
	uint16_t there = 0;

	if (!read_ports(ports, &there, &at.port)) {
		say("'%s' is no port: PORT of this machine was meant, or PROXY-PORT:PORT", ports);
		return STATUS_FAILED;
	}
	if (c->chain->kind != ROUTE_CHAIN) {
		say("there is no proxy to listen at: the chain is '%s'", c->chain->name);
		return STATUS_FAILED;
	}
	if (is_ssh(c->chain))
		return remote_forward(c->chain->hops[0], there, &at);
	if (there) {
		say("'%s': port %u cannot be had there: a proxy's BIND lets the proxy choose (ssh:// as the only hop does not)", ports,
		    there);
		return STATUS_FAILED;
	}
	return by_bind(c, &at);
}
