/* connect: dial the chain, or refuse. */
#include "net/connect.h"

#include "base/log.h"
#include "conf/err.h"
#include "hook/hook.h"
#include "hook/side_door.h"
#include "net/bus.h"
#include "net/dns_stream.h"
#include "net/udp.h"

static void log_refusal(const struct addr *target, int rc)
{
	TEXT(text, ADDR_TEXT);

	addr_text(target, &text);
	log_line(LOG_INFO, "%s: '%s'", err_text(rc), text.at);
}

/* Datagrams to one peer; a direct one whose address is known is the kernel's business alone. */
static int datagrams(int fd, const struct via *via, const struct addr *target, const struct sockaddr *to, socklen_t len)
{
	int rc;
	const bool plain = via->kind == VIA_DIRECT && target->kind != ADDR_NAME;
	struct udp *u = plain ? udp_enter(fd) : udp_make(fd, &rc);

	if (plain) {
		if (u)
			udp_disconnect(u);
		rc = (int)sys_rc(sys_connect(fd, to, len));
		udp_sends_direct(fd, to, len);
	} else if (u) {
		rc = udp_connect(u, fd, to, len, target, via);
	}
	if (u)
		udp_leave(u);
	return rc;
}

/* Not TCP: UDP, or it goes directly or it does not go. */
static int other_socket(const struct app *a, int fd, struct addr *target, const struct sockaddr *to, socklen_t len)
{
	const struct via *via;
	int rc = hook_decide(a, target, true, &via);

	if (rc == 0)
		rc = datagrams(fd, via, target, to, len);
	if (rc < -4095)
		log_refusal(target, rc);
	return rc;
}

static bool is_dns(const struct app *a, const struct via *via, const struct addr *target)
{
	return target->port == 53 && via->kind == VIA_CHAIN && a->config.dns == DNS_REMOTE;
}

static int dial(const struct app *a, int fd, struct addr *target, const struct sockaddr *to, socklen_t len)
{
	const struct via *via;
	int rc = connect_earlier(fd);

	if (rc == 0)
		rc = connect_state(fd);
	if (rc == ERR_RAW)
		return other_socket(a, fd, target, to, len);
	if (rc)
		return rc == CONNECT_STANDS ? 0 : rc;
	rc = hook_decide(a, target, false, &via);
	/* A program that asks a DNS server itself is answered here: what it then connects to are placeholders. */
	if (rc == ERR_DNS_DIRECT || (rc == 0 && is_dns(a, via, target)))
		return dns_stream(fd, &a->config, a->program, to, len, rc == ERR_DNS_DIRECT);
	if (rc) {
		log_refusal(target, rc);
		return rc;
	}
	if (via->kind == VIA_DIRECT && target->kind != ADDR_NAME)
		return (int)sys_rc(sys_connect(fd, to, len));
	return connect_via(fd, &a->config, via, target, to, len);
}

/* A datagram socket has no peer any more, nor has it the port that relays know it by. */
static void dissolve_datagrams(int fd)
{
	struct udp *u = udp_enter(fd);

	if (!u)
		return;
	udp_disconnect(u);
	udp_leave(u);
}

/* At the door of a local server that would ask DNS. */
static int knock(const struct app *a, enum side side, int fd, const struct sockaddr *to, socklen_t len)
{
	if (side_door_is_open() || hook_is_direct(a) || (a->usable && a->config.dns == DNS_SYSTEM))
		return (int)sys_rc(sys_connect(fd, to, len));
	if (side == SIDE_BUS)
		return bus_connect(fd, to, len);
	log_line(LOG_INFO, "%s", err_text(ERR_DNS_DIRECT));
	return -ECONNREFUSED;
}

__extension__ int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	const int saved = errno;
	struct addr target;

	if (to && len >= sizeof(to->sa_family) && to->sa_family == AF_UNSPEC) {
		dissolve_datagrams(fd);
		return (int)hook_result(connect_dissolve(fd), saved);
	}
	const bool inet = addr_from_sockaddr(&target, to, len) && target.kind != ADDR_UNIX;
	const enum side side = inet ? SIDE_NONE : side_of(to, len);
	const struct app *a = inet || side != SIDE_NONE ? hook_enter() : NULL;
	if (!a)
		return sys_connect(fd, to, len);
	return (int)hook_result(inet ? dial(a, fd, &target, to, len) : knock(a, side, fd, to, len), saved);
}

#ifdef __GLIBC__
HOOK_TWIN(__connect, connect);
#endif
