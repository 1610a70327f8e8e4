/* SPDX-License-Identifier: MIT */
/* proxy: one server that connects on our behalf, and the URL that names it. */
#ifndef CONF_PROXY_H
#define CONF_PROXY_H

#include <stdbool.h>

#include "core/base/addr.h"
#include "core/base/text.h"

#define PROTOCOL(id, ...) PROXY_##id,
#define SCHEME(...)
enum proxy_kind {
#include "conf/protocol.def"
};
#undef PROTOCOL
#undef SCHEME

/* What a protocol can do beside CONNECT to an address. */
enum proxy_ability {
	PROXY_NAMES = 1,    /* CONNECT to a name */
	PROXY_COMMANDS = 2, /* UDP ASSOCIATE, RESOLVE */
	PROXY_EARLY = 4,    /* what follows a request is for its target alone */
	PROXY_HELPED = 8,   /* reached through the launcher, which logs in for us */
	PROXY_BINDS = 16,   /* BIND */
};

/* Whether a proxy is told everything at once, without waiting for its answers in between; auto: as it is known to bear. */
enum pipeline { PIPELINE_AUTO, PIPELINE_NO, PIPELINE_YES };

enum { PROXY_CREDENTIAL_MAX = 255 }; /* RFC 1929, 2: lengths are one octet */

struct proxy {
	struct proxy *next, *prev; /* of the configuration (utlist) */
	const char *name;          /* of its [proxy NAME] section; NULL for one from the command line or environment */
	enum proxy_kind kind;
	uint8_t scheme;   /* of its URL, which may be another name of the protocol's: a row of protocol.def */
	struct addr addr; /* ADDR_UNIX: reached through a unix socket */
	enum pipeline pipeline;
	bool fast_open;       /* connect by TCP Fast Open where that is known */
	bool has_credentials; /* to tell the proxy: a user name was given; its password is empty only for socks4, socks4a and http */
	bool lacks_password;  /* it is what password_command prints, and has not been asked for */
	const char *password_command;
	char username[PROXY_CREDENTIAL_MAX + 1];
	char password[PROXY_CREDENTIAL_MAX + 1];
};

/* The most room that proxy_text() needs, NUL included. */
enum { PROXY_TEXT = ADDR_TEXT + 3 * PROXY_CREDENTIAL_MAX + 32 };

/* Read a proxy URL: SCHEME://[USER[:PASSWORD]@]HOST[:PORT][/] with SCHEME socks4, socks4a, socks5, socks5h, http, https or ssh, or
 * socks5+unix://[USER[:PASSWORD]@]/PATH. USER and PASSWORD are percent-decoded (RFC 3986,
 * 2.1); the last '@' ends them; a '/', '?' or '#' in them must be encoded. Returns false with the mistake in `problem`, which never repeats the password.
 * The schemes and their ports are those of protocol.def. */
bool proxy_parse(struct proxy *, const char *url, struct text *problem);

/* proxy_parse() in two steps, for a [proxy NAME] section whose other keys add to its URL: read the URL without judging it, ... */
bool proxy_read(struct proxy *, const char *url, struct text *problem);

/* ... then judge user name and password by what the protocol can carry, and set `has_credentials`. */
bool proxy_check(struct proxy *, struct text *problem);

/* Append "socks5://user@host:port": the URL without the password. */
void proxy_text(const struct proxy *, struct text *);

/* Returns why it can only be the first hop; NULL if it can be any. */
const char *proxy_only_first(const struct proxy *);

/* True if the protocol has that ability. Whether the server grants it, only a dial can tell. */
bool proxy_can(const struct proxy *, enum proxy_ability);

#endif
