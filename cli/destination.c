/* SPDX-License-Identifier: MIT */
/* destination: take a URL apart, and look services up in /etc/services. */
#include "cli/destination.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

#include "core/base/addr.h"

enum { WEB = 80 };

/* Returns the port of a service, or 0. */
static uint16_t port_of(const char *service, size_t n)
{
	TEXT(name, 64);

	text_add(&name, "%.*s", (int)n, service);
	const struct servent *const known = name.len && !name.cut ? getservbyname(name.at, "tcp") : NULL;
	return known ? ntohs((uint16_t)known->s_port) : 0;
}

/* Returns the host and port of "SCHEME://[USER@]HOST[:PORT][/...]"; of anything else all of it, and no scheme. */
static const char *authority(const char *typed, size_t *n, uint16_t *of_scheme)
{
	const char *const mark = strstr(typed, "://"), *const host = mark ? mark + 3 : typed;

	*n = strcspn(host, mark ? "/?#" : "");
	*of_scheme = mark ? port_of(typed, (size_t)(mark - typed)) : 0;
	const char *const at = mark ? memrchr(host, '@', *n) : NULL;
	if (at)
		*n -= (size_t)(at + 1 - host);
	return at ? at + 1 : host;
}

/* Read HOST:SERVICE. */
static bool read_service(struct addr *a, const char *host, size_t n)
{
	const char *const colon = memrchr(host, ':', n);

	if (!colon || !addr_parse(a, host, (size_t)(colon - host), 0) || a->port)
		return false;
	a->port = port_of(colon + 1, n - (size_t)(colon + 1 - host));
	return a->port;
}

static bool is_host(const struct addr *a)
{
	return a->kind != ADDR_NAME || strchr(a->name, '.');
}

void destination_suggest(struct text *hint, const char *typed)
{
	struct addr a;
	char text[ADDR_TEXT];
	size_t n;
	uint16_t of_scheme;
	const char *const host = authority(typed, &n, &of_scheme);

	if (addr_parse(&a, host, n, of_scheme)) {
		if (!of_scheme && host == typed && !is_host(&a))
			return;
		a.port = a.port ? a.port : WEB;
	} else if (!read_service(&a, host, n)) {
		return;
	}
	text_add(hint, "; did you mean '%s'?", addr_string(&a, text));
}
