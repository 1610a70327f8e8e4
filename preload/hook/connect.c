/* SPDX-License-Identifier: MIT */
/* connect: dial the chain, or refuse. */
#include "hook/connect.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/dns/daemons.h"
#include "core/exec/outside.h"
#include "core/journal/dials.h"
#include "core/journal/journal.h"
#include "dns/dbus.h"
#include "dns/tcp_server.h"
#include "fd/connecting.h"
#include "fd/table.h"
#include "hook/hook.h"
#include "hook/listen.h"
#include "listen/listener.h"
#include "udp/inherit.h"

/* Give a datagram socket its peer; the kernel alone handles a direct peer whose address is known. */
static int datagrams(int fd, const struct route *route, const struct addr *target, const struct sockaddr *to, socklen_t len)
{
	int rc;
	const bool plain = route->kind == ROUTE_DIRECT && target->kind != ADDR_NAME;
	struct udp *u = plain ? udp_enter(fd) : udp_make(fd, &rc);

	if (plain) {
		if (u)
			udp_disconnect(u, fd);
		rc = (int)sys_rc(sys_connect(fd, to, len));
		udp_sends_direct(fd, to, len);
	} else if (u) {
		rc = udp_connect(u, fd, to, len, target, route);
	}
	if (u)
		udp_leave(u);
	return rc;
}

/* Connect a socket that is not TCP: UDP takes its route; any other kind goes directly or is refused. */
static int other_socket(const struct app *a, int fd, struct addr *target, const struct sockaddr *to, socklen_t len)
{
	struct verdict v;
	int rc = decide_for(fd, a, target, true, &v);

	if (rc == 0)
		rc = datagrams(fd, v.route, target, to, len);
	return rc < -4095 ? hook_refuse(target, rc) : rc;
}

static void report_direct(const struct addr *target, int rc)
{
	char text[ADDR_TEXT];

	if (!log_wants(LOG_INFO))
		return;
	const bool fails = rc && rc != -EINPROGRESS;
	const struct log_connection c = {addr_string(target, text), route_direct.name, rc ? fails ? err_text(rc) : "begun" : NULL, -1};
	if (fails)
		log_connection(LOG_INFO, &c, "%s: '%s', directly", c.result, text);
	else
		log_connection(LOG_INFO, &c, "connect%s directly to '%s'", rc ? "ing" : "ed", text);
}

static int connect_direct(int fd, const struct addr *target, const struct sockaddr *to, socklen_t len)
{
	const int rc = (int)sys_rc(sys_connect(fd, to, len));
	struct fd_entry *const entry = sys_is_unheard() && !fd_table_foreign() ? fd_entry_make(fd) : NULL;

	if (entry)
		fd_entry_unheard(entry, fd);
	journal_direct(target, fd, rc);
	report_direct(target, rc);
	return rc;
}

/* Not inlined: what it needs is not on the stack while the first call of a program reads the configuration. */
__attribute__((noinline)) static int dial(const struct app *a, int fd, struct addr *target, const struct sockaddr *to, socklen_t len)
{
	struct verdict v;
	struct fd_entry *const bound = listening_entry(fd);
	int rc = connecting_earlier(fd);

	if (rc == 0)
		rc = connecting_state(fd);
	if (rc == ERR_RAW)
		return other_socket(a, fd, target, to, len);
	if (rc)
		return rc == CONNECTING_STANDS ? 0 : rc;
	if (bound)
		listener_closed(bound); /* it has asked for its address at the proxy, and connects instead of listening there */
	rc = decide_for(fd, a, target, false, &v);
	if (rc)
		return hook_refuse(target, rc);
	/* We answer a program that asks a DNS server on its own, with placeholders to connect to. */
	if (v.route->kind == ROUTE_HERE && v.chosen->kind == ROUTE_DIRECT && !v.resolver && target->kind != ADDR_NAME)
		return dns_tcp_server_before(fd, a, target, to, len);
	if (v.route->kind == ROUTE_HERE)
		return dns_tcp_server(fd, a, to, len);
	if (v.route->kind == ROUTE_DIRECT && target->kind != ADDR_NAME)
		return connect_direct(fd, target, to, len);
	return connecting_start(fd, a->config, v.route, target, to, len);
}

/* A socket that another program of this process has connected. */
static void inherit(const struct app *a, const struct udp_inherited *s)
{
	struct verdict v;
	struct addr target;
	int rc = addr_from_sockaddr(&target, &s->peer.sa, sizeof(s->peer)) ? decide(a, &target, true, &v) : -EINVAL;

	if (rc || v.route->kind != ROUTE_CHAIN || fd_entry_cookie(s->fd) != s->cookie)
		return;
	struct udp *u = udp_make(s->fd, &rc);
	if (u && s->server)
		rc = udp_connect(u, s->fd, &s->peer.sa, endpoint_len(&s->peer), &target, v.route);
	else if (u)
		rc = udp_adopt(u, s, &target, v.route);
	if (u)
		udp_leave(u);
}

void connect_inherited(const char *list)
{
	const struct app *a = app_enter();
	struct udp_inherited s;

	while (a && a->config && udp_handed_over(&list, &s))
		if (!s.server || s.server == getpid() || kill(s.server, 0))
			inherit(a, &s);
}

/* Take away a datagram socket's peer, and the port that relays know the socket by. */
static void dissolve_datagrams(int fd)
{
	struct udp *u = udp_enter(fd);

	if (!u)
		return;
	udp_disconnect(u, fd);
	udp_leave(u);
}

/* Connect to a local daemon that would ask DNS for the program: filter its D-Bus calls, or refuse. */
static int to_daemon(const struct app *a, enum dns_daemon daemon, int fd, const struct sockaddr *to, socklen_t len)
{
	if (daemons_allowed() || app_dns_is_open(a))
		return (int)sys_rc(sys_connect(fd, to, len));
	if (daemon == DAEMON_BUS)
		return dbus_connect(fd, to, len);
	log_line(LOG_INFO, "%s", err_text(ERR_DNS_DIRECT));
	return -ECONNREFUSED;
}

/* The path of a unix socket's address; "" for an abstract name. */
static const char *path_of(const struct sockaddr *to, socklen_t len, char path[static sizeof(((struct sockaddr_un *)0)->sun_path) + 1])
{
	const size_t head = offsetof(struct sockaddr_un, sun_path), n = len > head ? len - head : 0;

	memcpy(path, (const char *)to + head, n);
	path[n] = '\0';
	return path;
}

/* Connect on this machine. What is at the other end may work for this program in places where nothing is proxied. */
static int connect_local(int fd, const struct sockaddr *to, socklen_t len)
{
	const int saved = errno;
	struct outside o;
	struct addr target;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
	const int rc = sys_connect(fd, to, len);

	if (rc || to->sa_family != AF_UNIX || len > sizeof(struct sockaddr_un) || !outside_connected(fd, path_of(to, len, path), &o))
		return rc;
	const struct app *const a = app_enter();
	const int refused = a ? outside_heed(a, &o) : 0;
	if (!refused)
		return rc;
	sys.shutdown(fd, SHUT_RDWR);
	journal_look();
	if (addr_from_sockaddr(&target, to, len))
		journal_refusal(&target, refused);
	return (int)hook_result(refused, saved);
}

/* connect() to a copy of the address. */
static int connect_to(int fd, const struct sockaddr *to, socklen_t len)
{
	const int saved = errno;
	struct addr target;

	if (len >= sizeof(to->sa_family) && to->sa_family == AF_UNSPEC) {
		dissolve_datagrams(fd);
		return (int)hook_result(connecting_dissolve(fd), saved);
	}
	const bool inet = addr_from_sockaddr(&target, to, len) && target.kind != ADDR_UNIX;
	const enum dns_daemon daemon = inet ? DAEMON_NONE : daemon_of(to, len);
	const struct app *a = inet || daemon != DAEMON_NONE ? app_enter() : NULL;
	if (!a)
		return inet ? sys_connect(fd, to, len) : connect_local(fd, to, len);
	udp_verify(fd);
	journal_look();
	return (int)hook_result(inet ? dial(a, fd, &target, to, len) : to_daemon(a, daemon, fd, to, len), saved);
}

__extension__ int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	struct sockaddr_storage copy;

	return caller_address(&copy, to, len) ? connect_to(fd, (struct sockaddr *)&copy, len) : sys_connect(fd, caller_nowhere(), len);
}
