/* SPDX-License-Identifier: MIT */
/* rule: choose the route of a destination. */
#ifndef CONF_RULE_H
#define CONF_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/host_pattern.h"
#include "core/base/addr.h"
#include "core/base/arena.h"
#include "core/base/text.h"

/* Where a listening socket listens: on this machine, at the proxy (BIND), or nowhere. */
enum listen_mode { LISTEN_LOCAL, LISTEN_PROXY, LISTEN_BLOCK };

enum rule_protocol { RULE_ANY, RULE_TCP, RULE_UDP };

struct port_range {
	struct port_range *next, *prev; /* utlist */
	uint16_t first, last;
};

struct program_pattern {
	struct program_pattern *next, *prev; /* utlist */
	const char *glob; /* '*' matches any run of bytes, '?' any one byte; not fnmatch(3), which depends on the locale */
};

struct route; /* config.h */

/* Every key that the rule has must match; a key that it lacks matches everything. */
struct rule {
	struct rule *next, *prev; /* of the configuration (utlist) */
	struct rule *any;         /* of rule_index: the next one for every host */
	unsigned place;           /* of rule_index: how many stand before it */
	const char *name;         /* of its [rule NAME] section, or the text of the -r option */
	const char *file;         /* its source: a path, "command line", "NO_PROXY"... */
	int line;                 /* 0 when `file` is no file */
	struct host_pattern *hosts;
	struct port_range *ports;
	struct program_pattern *programs;
	enum rule_protocol protocol;
	enum listen_mode listen; /* if it `listens`: for sockets of its programs and ports */
	bool listens;
	const struct route *route; /* NULL if it only says where to listen */
};

/* What a rule is matched against. */
struct destination {
	const struct addr *addr;   /* an address or a name, with its port */
	const struct addr *origin; /* the name that libc resolved to `addr`, for which a rule may also match; NULL if unknown */
	bool udp;
	const char *program; /* the executable's name; NULL if unknown, and rules with programs then do not match */
};

enum rule_key { RULE_NONE, RULE_HOST, RULE_PORT, RULE_PROGRAM, RULE_PROTOCOL };

/* Returns the first key of the rule that does not match; RULE_NONE if every key does. */
enum rule_key rule_mismatch(const struct rule *, const struct destination *);

/* True if every key but `host` matches; or if `program` does, whatever the host, the port and the protocol. */
bool rule_fits(const struct rule *, const struct destination *);
bool rule_fits_program(const struct rule *, const struct destination *);

/* Add one pattern, read from the `n` bytes at `at`. Returns false with the mistake in `problem`. */
bool rule_add_host(struct rule *, struct arena *, const char *at, size_t n, struct text *problem);
bool rule_add_port(struct rule *, struct arena *, const char *at, size_t n, struct text *problem);
bool rule_add_program(struct rule *, struct arena *, const char *at, size_t n, struct text *problem);

#endif
