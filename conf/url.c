/* SPDX-License-Identifier: MIT */
/* url: cut a URL into its parts (RFC 3986, 3) and decode them. */
#include "conf/url.h"

#include <string.h>

#include "core/base/addr.h"
#include "core/base/ascii.h"

static bool is_scheme(const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alnum(at[i]) && !strchr("+-.", at[i]))
			return false;
	return n > 0;
}

static void split_userinfo(struct url *u, const char *at, size_t n)
{
	const char *const colon = memchr(at, ':', n);

	u->user = (struct url_part){at, colon ? (size_t)(colon - at) : n};
	if (colon)
		u->password = (struct url_part){colon + 1, n - u->user.n - 1};
}

/* True for HOST:PORT. What has no port, or an '@', may be a password. */
static bool is_host(const char *text)
{
	struct addr a;

	return strchr(text, ':') && !strchr(text, '@') && addr_parse(&a, text, strlen(text), 0) && a.port;
}

bool url_split(struct url *u, const char *text, struct text *problem)
{
	const char *const mark = strstr(text, "://");

	*u = (struct url){0};
	if (!mark || !is_scheme(text, (size_t)(mark - text))) {
		text_add(problem, "a proxy is written SCHEME://HOST:PORT, as in socks5://%s", is_host(text) ? text : "127.0.0.1:1080");
		return false;
	}
	u->scheme = (struct url_part){text, (size_t)(mark - text)};
	const char *at = mark + 3;
	const char *const end = at + strcspn(at, "/?#");
	/* The path of a unix socket may hold any '@'; after a host, one means that a password was not
	 * encoded, and that programs would not agree on which host this is. */
	if (end > at && end[-1] != '@' && strchr(end, '@')) {
		text_add(problem, "'/', '?' and '#' in a user name or password are written %%2F, %%3F and %%23");
		return false;
	}
	const char *const last = memrchr(at, '@', (size_t)(end - at));
	if (last) {
		split_userinfo(u, at, (size_t)(last - at));
		at = last + 1;
	}
	u->host = (struct url_part){at, (size_t)(end - at)};
	if (*end)
		u->path = (struct url_part){end, strlen(end)};
	return true;
}

bool url_decode(const struct url_part *part, char *to, size_t size, const char *what, struct text *problem)
{
	size_t len = 0;

	for (size_t i = 0; i < part->n; i++) {
		char c = part->at[i];
		if (c == '%') {
			const int high = i + 1 < part->n ? ascii_hex(part->at[i + 1]) : -1;
			const int low = i + 2 < part->n ? ascii_hex(part->at[i + 2]) : -1;
			if (high < 0 || low < 0) {
				text_add(problem,
					 "'%%' in the %s is not followed by two hexadecimal digits; "
					 "a '%%' itself is written %%25",
					 what);
				return false;
			}
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (!c) {
			text_add(problem, "the %s contains a NUL", what);
			return false;
		}
		if (len + 1 >= size) {
			text_add(problem, "the %s is longer than %zu bytes", what, size - 1);
			return false;
		}
		to[len++] = c;
	}
	to[len] = '\0';
	return true;
}

bool url_part_is(const struct url_part *part, const char *word)
{
	return part->n == strlen(word) && ascii_same(part->at, word, part->n);
}
