/* SPDX-License-Identifier: MIT */
/* proxy: read a proxy's URL, by the rows of protocol.def. */
#include "conf/proxy.h"

#include <string.h>
#include <sys/un.h>

#include "conf/credentials.h"
#include "conf/url.h"
#include "core/base/suggest.h"

/* How a URL with the scheme goes on: with a host, or with a path. */
enum how { PLAIN, UNIX };

static const struct scheme {
	const char *name;
	enum proxy_kind kind;
	uint16_t port;
	enum how how;
} schemes[] = {
#define PROTOCOL(id, scheme, port, ...) {scheme, PROXY_##id, port, PLAIN},
#define SCHEME(scheme, id, port, how) {scheme, PROXY_##id, port, how},
#include "conf/protocol.def"
#undef PROTOCOL
#undef SCHEME
};

enum { SCHEMES = sizeof(schemes) / sizeof(*schemes) };

/* protocol.def's columns, by kind. */
static const struct protocol {
	const char *scheme;
	unsigned abilities;
	enum credentials credentials;
} protocols[] = {
#define NAMES PROXY_NAMES
#define COMMANDS PROXY_COMMANDS
#define BINDS PROXY_BINDS
#define EARLY PROXY_EARLY
#define HELPED PROXY_HELPED
#define PROTOCOL(id, scheme, port, abilities, credentials, ...) [PROXY_##id] = {scheme, abilities, CREDENTIALS_##credentials},
#define SCHEME(...)
#include "conf/protocol.def"
#undef PROTOCOL
#undef SCHEME
};

/* Append ": socks5, socks4, ... or socks5+unix was meant". Second names (socks5h) would only make the list longer. */
static void list_schemes(struct text *problem)
{
	const char *before = ": ";

	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++, before = ", ")
		text_add(problem, "%s%s", before, protocols[i].scheme);
	for (size_t i = 0; i < SCHEMES; i++)
		if (schemes[i].how == UNIX)
			text_add(problem, " or %s was meant", schemes[i].name);
}

static const struct scheme *find_scheme(const struct url_part *part, struct text *problem)
{
	char typed[32];

	for (size_t i = 0; i < SCHEMES; i++)
		if (url_part_is(part, schemes[i].name))
			return &schemes[i];
	if (part->n >= sizeof(typed)) {
		text_add(problem, "unknown scheme");
		return NULL;
	}
	memcpy(typed, part->at, part->n);
	typed[part->n] = '\0';
	text_add(problem, "unknown scheme '%s'", typed);
	struct suggest s = suggest_for(typed);
	for (size_t i = 0; i < SCHEMES; i++)
		suggest_offer(&s, schemes[i].name);
	suggest_text(&s, problem);
	if (!s.best)
		list_schemes(problem);
	return NULL;
}

static bool read_path(struct proxy *p, const struct url *u, struct text *problem)
{
	const size_t most = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	if (u->host.n || u->path.n < 2 || u->path.at[0] != '/') {
		text_add(problem, "a unix socket is written socks5+unix:///PATH");
		return false;
	}
	if (u->path.n > most) {
		text_add(problem, "the path of the unix socket is longer than %zu bytes", most);
		return false;
	}
	p->addr = (struct addr){.kind = ADDR_UNIX};
	memcpy(p->addr.name, u->path.at, u->path.n);
	return true;
}

static bool read_host(struct proxy *p, const struct url *u, uint16_t port, struct text *problem)
{
	const char *const at = u->host.at;
	const bool brackets = u->host.n && at[0] == '[';
	const char *const colon = memrchr(at, ':', u->host.n);

	if (!u->host.n) {
		text_add(problem, "the host is missing");
		return false;
	}
	if (!brackets && colon && memchr(at, ':', u->host.n) != colon) {
		text_add(problem, "an IPv6 address in a URL stands in brackets");
		return false;
	}
	if (u->path.n > 1 || (u->path.n && u->path.at[0] != '/')) {
		text_add(problem, "nothing may follow the port");
		return false;
	}
	if (addr_parse(&p->addr, at, u->host.n, port))
		return true;
	/* Never repeat the "port": when the user forgot the '@', it is a password. */
	const size_t host = colon && (!brackets || colon[-1] == ']') ? (size_t)(colon - at) : u->host.n;
	if (addr_parse_host(&p->addr, at, host))
		text_add(problem, "bad port after '%.*s': 1 to 65535 was meant", (int)host, at);
	else
		text_add(problem, "bad host '%.*s'", (int)host, at);
	return false;
}

bool proxy_read(struct proxy *p, const char *url, struct text *problem)
{
	struct url u;

	*p = (struct proxy){0};
	if (!url_split(&u, url, problem))
		return false;
	const struct scheme *const scheme = find_scheme(&u.scheme, problem);
	if (!scheme)
		return false;
	p->kind = scheme->kind;
	p->scheme = (uint8_t)(scheme - schemes);
	if (!url_decode(&u.user, p->username, sizeof(p->username), "user name", problem) ||
	    !url_decode(&u.password, p->password, sizeof(p->password), "password", problem))
		return false;
	return scheme->how == UNIX ? read_path(p, &u, problem) : read_host(p, &u, scheme->port, problem);
}

bool proxy_check(struct proxy *p, struct text *problem)
{
	const enum credentials carried = protocols[p->kind].credentials;
	const bool valid = credentials_check(carried, schemes[p->scheme].name, p->username, p->password, problem);

	p->has_credentials = p->username[0] && carried != CREDENTIALS_LOGIN && valid;
	return valid;
}

bool proxy_parse(struct proxy *p, const char *url, struct text *problem)
{
	return proxy_read(p, url, problem) && proxy_check(p, problem);
}

static const char *scheme_of(const struct proxy *p)
{
	return p->addr.kind == ADDR_UNIX ? "socks5+unix" : protocols[p->kind].scheme;
}

bool proxy_can(const struct proxy *p, enum proxy_ability ability)
{
	return protocols[p->kind].abilities & ability;
}

const char *proxy_only_first(const struct proxy *p)
{
	if (p->addr.kind == ADDR_UNIX)
		return "a unix socket can only be the first hop";
	if (p->kind == PROXY_SSH)
		return "ssh:// can only be the first hop; ssh itself goes through several machines by ProxyJump";
	if (p->kind == PROXY_HTTPS)
		return "https:// can only be the first hop";
	return NULL;
}

/* Percent-encode what would end a user name, or begin an encoded byte. */
static void user_text(const char *user, struct text *t)
{
	for (; *user; user++)
		text_add(t, strchr("/?#:%", *user) ? "%%%02x" : "%c", (unsigned char)*user);
	text_add(t, "@");
}

static bool is_bare_ipv6(const struct addr *a)
{
	return a->kind == ADDR_IPV6 && !a->port;
}

void proxy_text(const struct proxy *p, struct text *t)
{
	text_add(t, "%s://", scheme_of(p));
	if (p->username[0])
		user_text(p->username, t);
	text_add(t, is_bare_ipv6(&p->addr) ? "[" : "");
	addr_text(&p->addr, t);
	text_add(t, is_bare_ipv6(&p->addr) ? "]" : "");
}
