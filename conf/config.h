/* SPDX-License-Identifier: MIT */
/* config: what the user asked for, read once, and what it says about a destination. */
#ifndef CONF_CONFIG_H
#define CONF_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/hash.h"
#include "conf/proxy.h"
#include "conf/rule_index.h"
#include "core/base/addr.h"
#include "core/base/arena.h"
#include "core/base/log.h"
#include "core/base/text.h"

enum udp_mode { UDP_PROXY, UDP_BLOCK, UDP_DIRECT };
enum udp_relay_mode { UDP_RELAY_PROXY, UDP_RELAY_ANY };
enum guard_mode { GUARD_AUTO, GUARD_REQUIRE, GUARD_OFF };
enum guard_reply { GUARD_REPLY_AUTO, GUARD_REPLY_LATE, GUARD_REPLY_RELAY };
enum dns_mode { DNS_REMOTE, DNS_TCP, DNS_SYSTEM };
enum prefer { PREFER_ANY, PREFER_IPV4, PREFER_IPV6 };
enum daemons_mode { DAEMONS_WARN, DAEMONS_BLOCK, DAEMONS_ALLOW };
enum isolate { ISOLATE_NONE, ISOLATE_PROCESS, ISOLATE_DESTINATION, ISOLATE_CONNECTION };

enum route_kind { ROUTE_DIRECT, ROUTE_BLOCK, ROUTE_CHAIN, ROUTE_HERE };

/* How a connection's path is chosen among the members of a chain: all in order; all that live; some at random, or in turn; the first that
 * works; the one that answers soonest. */
enum chain_mode { CHAIN_STRICT, CHAIN_DYNAMIC, CHAIN_RANDOM, CHAIN_ROUND_ROBIN, CHAIN_FAILOVER, CHAIN_FASTEST };

/* Proxies of one path; proxies, and members, to choose from. */
enum { HOPS_MAX = 64, CHOICE_MAX = 512 };

/* A route that traffic may take. ROUTE_CHAIN: `n` proxies, n >= 1. Without `members` they are the only path, in that order; otherwise they
 * are all that a path may lead through. ROUTE_HERE: to a DNS server inside this process. */
struct route {
	enum route_kind kind;
	const char *name; /* "direct", "block", the chain's or proxy's name, or "command line", "ALL_PROXY"... */
	const struct proxy *const *hops;
	size_t n;
	const struct route *const *members;
	size_t n_members;
	enum chain_mode mode;
	unsigned length; /* members of a path: CHAIN_RANDOM, CHAIN_ROUND_ROBIN */
};

/* The routes that need no proxy. No rule leads to `route_here`, only decide() does. */
extern const struct route route_direct, route_block, route_here;

/* A [chain NAME] section; a [proxy NAME] may stand wherever a chain may, and gets a route of its own. */
struct chain {
	UT_hash_handle handle; /* by name; `handle.next` is the next in their order */
	const char *name;
	struct route route;
};

struct config {
	struct arena arena;                 /* owns everything below */
	bool starved;                       /* loading failed for want of memory or descriptors: another try may succeed */
	const char *source;                 /* the file that was read; "command line", or "ALL_PROXY" or the like, if there was none */
	const struct source *sources;       /* all that was read, or not found (conf/load/file.h) */
	const struct route *direct, *block; /* for the rules that lead there */

	const struct route *chain; /* for destinations that no rule names */
	enum udp_mode udp;
	enum udp_relay_mode udp_relay;
	enum dns_mode dns;
	struct addr dns_server; /* asked for dns = tcp, and when programs query DNS servers themselves */
	int timeout_ms, hop_timeout_ms;
	enum listen_mode listen;      /* for sockets that no rule in `listeners` names */
	struct rule *listeners;       /* the rules that say where sockets listen, in file order */
	enum prefer prefer;           /* the family of the placeholders for programs that ask for both */
	enum guard_mode guard;        /* for what the library cannot see */
	enum guard_reply guard_reply; /* to its connect() */
	bool strict;                  /* Landlock on top of the guard */
	enum isolate isolate;         /* what gets a user name of its own */
	enum daemons_mode daemons;    /* where network work is handed to a program that is not proxied */
	struct addr placeholder_ipv4; /* first address of the range */
	struct addr placeholder_ipv6;
	int placeholder_ipv4_prefix, placeholder_ipv6_prefix; /* bits */
	enum log_level log;
	const char *log_file; /* NULL: stderr */
	enum log_format log_format;
	bool keep_proxy_variables;

	struct proxy *proxies;   /* in the order of the files, then those of SOCKSIFY_PROXY, SOCKSIFY_RULES or ALL_PROXY */
	struct chain *chains;    /* [chain] sections, in the order of the files */
	struct chain *single;    /* each [proxy] section as a chain of one */
	struct rule *rules;      /* command line or environment first, then file order */
	struct rule_index index; /* of those rules */
};

/* Read the configuration that env_get() and the file system give (the order is the manual's). Returns false with one line for each mistake
 * in `problems` ("FILE line 12: unknown key 'chian' in [socksify]; did you mean 'chain'?"), newline-terminated; `c` is then empty but for `starved`. If true, there may be
 * lines about what was left out of NO_PROXY. */
bool config_load(struct config *, struct text *problems);

/* The same from an empty arena that the caller chose; what the environment names in SOCKSIFY_KEPT (conf/load/kept.h) is not looked at. */
bool config_read(struct config *, struct arena, struct text *problems);

/* Release everything that config_load() allocated. */
void config_free(struct config *);

/* True if the address lies in one of the two placeholder ranges. */
bool config_covers(const struct config *, const struct addr *);

/* True if `name` ("timeout") is a key of [socksify] that -o and SOCKSIFY_NAME may set; otherwise `problem` says why not:
 * "unknown key 'timout'; did you mean 'timeout'?" */
bool config_key_known(const char *name, struct text *problem);

/* Count the leading hops whose protocol has that ability; the result is `n` if all of a path have. */
size_t route_able(const struct route *, enum proxy_ability);

/* Returns how many hops the longest path of a chain has. */
size_t route_longest(const struct route *);

/* True if a path of the chain leads through all of its members, or all that live. */
static inline bool route_takes_all(const struct route *r)
{
	return r->mode == CHAIN_STRICT || r->mode == CHAIN_DYNAMIC;
}

/* True if a chain has but one path. */
static inline bool route_is_plain(const struct route *r)
{
	return !r->members;
}

/* True if traffic may go through that proxy: by the default chain or by a rule. */
bool config_uses(const struct config *, const struct proxy *);

/* Find a route by its name: "direct", "block", a chain or a proxy. Returns NULL if there is none. */
const struct route *config_route(const struct config *, const char *name, size_t n);

#endif
