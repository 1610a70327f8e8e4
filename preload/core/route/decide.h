/* SPDX-License-Identifier: MIT */
/* decide: which route something takes, and who answers for a name: the one place that says so, for hooks, for the DNS servers in the
 * process and for --explain. Sends and looks up nothing. Any thread may ask once placeholder_use() was called, and so may forked
 * children. */
#ifndef CORE_ROUTE_DECIDE_H
#define CORE_ROUTE_DECIDE_H

#include "conf/config.h"

/* A program and its configuration. */
struct app {
	const struct config *config; /* NULL if it could not be read: nothing may leave */
	const char *program;         /* the executable's name; NULL if unknown: no rule for programs matches */
};

/* The route of some traffic, and why. */
struct verdict {
	const struct route *route;  /* the route taken: `chosen`, or ROUTE_HERE, or direct by `udp = direct` */
	const struct route *chosen; /* the route that the rules, loopback or the default give */
	const struct rule *rule;    /* NULL if none matched */
	bool loopback;              /* direct because it is loopback */
	bool resolver;              /* a DNS server that the system told programs to ask, or on loopback: its port 53 */
};

/* Decide about `target`, after turning a placeholder back into its name. Returns 0 and a route that is ROUTE_DIRECT, ROUTE_CHAIN or
 * ROUTE_HERE; or why the target is refused: ERR_CONFIG or ERR_NO_PLACEHOLDER with an empty verdict, ERR_BLOCKED, ERR_UDP_BLOCKED or
 * ERR_UDP_GROUP with the route in `chosen`. */
int decide(const struct app *, struct addr *target, bool udp, struct verdict *);

/* The same for the socket `fd`: -ENETUNREACH where loopback would go directly, but by a device of the program's choice, and so out of this machine.
 * Changes errno. */
int decide_for(int fd, const struct app *, struct addr *target, bool udp, struct verdict *);

/* True if an address that is no placeholder goes directly. */
bool decide_is_direct(const struct app *, const struct addr *, bool udp);

/* Decide where a socket of this program listens that is bound to `at` on this machine, and by which route if that is LISTEN_PROXY: never for who
 * binds to loopback, and so wants nobody from elsewhere. */
enum listen_mode decide_listen(const struct app *, const struct addr *at, const struct route **);

/* Returns the route to `dns_server` for a question about `name` (NULL: about no name). It may be ROUTE_BLOCK. */
const struct route *decide_dns_server(const struct app *, const struct addr *name);

/* True if everything goes directly. */
bool app_is_direct(const struct app *);

/* True if a rule lets all that the program does go directly, or everything does. */
bool app_goes_direct(const struct app *);

/* True if the program's DNS may go past us: nothing is proxied, or the user said so (dns = system). */
bool app_dns_is_open(const struct app *);

/* Who answers for a name. */
enum name_verdict {
	NAME_LOCAL,   /* this machine: it is loopback */
	NAME_DIRECT,  /* libc, or the server that the program chose, as without us: the name goes directly on every port and protocol */
	NAME_HERE,    /* nobody: a placeholder stands for the name, and the last proxy gets that */
	NAME_NOWHERE, /* nobody: there never is such a name */
	NAME_BY_DNS,  /* `dns_server`, by TCP through the chain */
	NAME_SYSTEM,  /* libc, past the proxy (dns = system) */
};

/* Decide who answers: for a name; for a name in a query to one of the system's servers behind a chain, which is never NAME_DIRECT; for one
 * in a query to a server behind a chain that the user chose, which is NAME_BY_DNS, or else no server may hear of it; and for an address
 * whose name is asked for. `config` must not be NULL. */
enum name_verdict name_decide(const struct app *, const struct addr *name);
enum name_verdict name_decide_proxied(const struct app *, const struct addr *name);
enum name_verdict name_decide_asked(const struct addr *name);
enum name_verdict address_decide(const struct app *, const struct addr *);

#endif
