/* decide: which way something goes, and who answers for a name. The one place that says so: for hooks, for the DNS servers in the process, and
 * for --explain. Nothing is sent or looked up. Any thread may ask, once placeholder_use() was called; forked children may go on asking. */
#ifndef CORE_ROUTE_DECIDE_H
#define CORE_ROUTE_DECIDE_H

#include "conf/config.h"

/* A program, and the configuration that holds for it. */
struct app {
	const struct config *config; /* NULL: it could not be read, and nothing may leave */
	const char *program;         /* the executable's name; NULL: not known, and no rule for programs matches */
};

/* Which way, and why. */
struct verdict {
	const struct route *route;  /* the way it goes: as chosen, or ROUTE_HERE, or direct by `udp = direct` */
	const struct route *chosen; /* the way that the rules, or loopback, or the default give */
	const struct rule *rule;    /* NULL: none matched */
	bool loopback;              /* direct because it is loopback */
};

/* Decide about `target`, after turning a placeholder there back into its name. Returns 0, and `route` is ROUTE_DIRECT, ROUTE_CHAIN or ROUTE_HERE;
 * or why it must not go: ERR_CONFIG or ERR_NO_PLACEHOLDER with an empty verdict, ERR_BLOCKED, ERR_UDP_BLOCKED or ERR_UDP_GROUP with what was
 * chosen. */
int decide(const struct app *, struct addr *target, bool udp, struct verdict *);

/* Whether an address that is no placeholder goes directly. */
bool decide_is_direct(const struct app *, const struct addr *, bool udp);

/* The way to `dns_server` for a question about `name`, or about none (NULL); may be ROUTE_BLOCK. */
const struct route *decide_dns_server(const struct app *, const struct addr *name);

/* Whether nothing goes anywhere but directly. */
bool app_is_direct(const struct app *);

/* Whether the program's DNS may go past us: nothing is proxied, or it is meant to (dns = system). */
bool app_dns_is_open(const struct app *);

/* Who answers for a name. */
enum name_verdict {
	NAME_LOCAL,  /* this machine: it is loopback */
	NAME_DIRECT, /* libc, or the server that the program chose, as without us: the name goes directly on every port and protocol */
	NAME_HERE,   /* nobody needs to: a placeholder stands for it, and the last proxy is told the name */
	NAME_BY_DNS, /* `dns_server`, by TCP through the chain */
	NAME_SYSTEM, /* libc, past the proxy (dns = system) */
};

/* Of a name, of a name that may not be NAME_DIRECT because a server is asked that goes through a chain, and of an address whose name is wanted.
 * The configuration must be usable. */
enum name_verdict name_decide(const struct app *, const struct addr *name);
enum name_verdict name_decide_proxied(const struct app *, const struct addr *name);
enum name_verdict address_decide(const struct app *, const struct addr *);

#endif
