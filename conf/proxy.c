/* proxy: read a proxy's URL, and judge what its protocol can carry. */
#include "conf/proxy.h"

#include <string.h>
#include <sys/un.h>

#include "core/base/ascii.h"
#include "core/base/suggest.h"
#include "conf/url.h"

static const struct scheme {
	const char *name;
	enum proxy_kind kind;
	uint16_t port;
	bool unix_socket, later;
} schemes[] = {
    {"socks5", PROXY_SOCKS5, 1080, false, false},   {"socks5h", PROXY_SOCKS5, 1080, false, false},
    {"socks5+unix", PROXY_SOCKS5, 0, true, false},  {"socks4", PROXY_SOCKS4, 1080, false, false},
    {"socks4a", PROXY_SOCKS4A, 1080, false, false}, {"http", PROXY_HTTP, 8080, false, false},
    {"ssh", PROXY_SOCKS5, 22, false, true},
};

enum { SCHEMES = sizeof(schemes) / sizeof(*schemes) };

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
		text_add(problem, ": socks5, socks4, socks4a, http or socks5+unix was meant");
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
	/* The "port" is not repeated: where the '@' was forgotten it is a password. */
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
	if (!url_decode(&u.user, p->username, sizeof(p->username), "user name", problem) ||
	    !url_decode(&u.password, p->password, sizeof(p->password), "password", problem))
		return false;
	if (!(scheme->unix_socket ? read_path(p, &u, problem) : read_host(p, &u, scheme->port, problem)))
		return false;
	if (scheme->later)
		text_add(problem, "'%s://' is not yet supported", scheme->name);
	return !scheme->later;
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if (ascii_is_control(*s))
			return true;
	return false;
}

/* What is wrong with user name and password, or NULL. */
static const char *objection(const struct proxy *p)
{
	const bool user = p->username[0], password = p->password[0];

	if (password && !user)
		return "a password without a user name";
	switch (p->kind) {
	case PROXY_SOCKS5: /* RFC 1929, 2 */
		return user && !password
			   ? "a user name without a password: socks5 wants 1 to 255 bytes of each"
			   : NULL;
	case PROXY_SOCKS4:
	case PROXY_SOCKS4A:
		return password ? "socks4 knows a user name but no password" : NULL;
	case PROXY_HTTP: /* RFC 7617, 2 */
		if (strchr(p->username, ':'))
			return "the user name for an http proxy contains a ':'";
		if (has_control(p->username) || has_control(p->password))
			return "a control character in the user name or password for an http proxy";
		return NULL;
	}
	return NULL;
}

bool proxy_check(struct proxy *p, struct text *problem)
{
	const char *const wrong = objection(p);

	p->has_credentials = p->username[0] && !wrong;
	if (wrong)
		text_add(problem, "%s", wrong);
	return !wrong;
}

bool proxy_parse(struct proxy *p, const char *url, struct text *problem)
{
	return proxy_read(p, url, problem) && proxy_check(p, problem);
}

const char *proxy_scheme(const struct proxy *p)
{
	static const char *const names[] = {[PROXY_SOCKS4] = "socks4",
					    [PROXY_SOCKS4A] = "socks4a",
					    [PROXY_SOCKS5] = "socks5",
					    [PROXY_HTTP] = "http"};

	return p->addr.kind == ADDR_UNIX ? "socks5+unix" : names[p->kind];
}

void proxy_text(const struct proxy *p, struct text *t)
{
	text_add(t, "%s://", proxy_scheme(p));
	if (p->username[0])
		text_add(t, "%s@", p->username);
	addr_text(&p->addr, t);
}
