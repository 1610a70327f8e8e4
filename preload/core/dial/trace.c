/* SPDX-License-Identifier: MIT */
/* trace: bytes are written as C writes them in strings. A password is blanked wherever it stands, since one message may speak to several
 * hops. */
#include "core/dial/trace.h"

#include <string.h>

#include "core/base/ascii.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/scratch.h"

enum { MOST = 1024 };

void trace_path(const struct dial *d)
{
	if (!log_wants(LOG_DEBUG))
		return;
	SCRATCH_TEXT(first, ADDR_TEXT);
	addr_text(&d->first, &first);
	log_line(LOG_DEBUG, "dialling '%s', the first of %zu hops of '%s'", first.at, d->path.n, d->route->name);
}

void trace_hop(const struct dial *d, size_t hop)
{
	if (!log_wants(LOG_DEBUG))
		return;
	SCRATCH_TEXT(url, PROXY_TEXT);
	proxy_text(d->path.hops[hop], &url);
	log_line(LOG_DEBUG, "hop %zu of %zu, '%s', has connected on after %d ms", hop + 1, d->path.n, url.at,
		 (int)((clock_now() - d->hop_began) / NS_PER_MS));
}

static void add_bytes(struct text *t, const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)at[i];
		if (c < ' ' || c > '~' || c == '\\')
			text_add(t, "\\x%x%x", c >> 4, c & 15);
		else
			text_add(t, "%c", c);
	}
}

static void blank(char *at, size_t n, const char *secret)
{
	const size_t len = strlen(secret);

	for (size_t i = 0; len && i + len <= n; i++)
		if (memcmp(at + i, secret, len) == 0)
			memset(at + i, '*', len);
}

/* HTTP writes them in base64 (RFC 7617, 2). */
static void blank_basic(char *at, size_t n)
{
	static const char basic[] = "Basic ";
	const size_t len = sizeof(basic) - 1;

	for (size_t i = 0; i + len <= n; i++)
		if (memcmp(at + i, basic, len) == 0)
			for (i += len; i < n && !ascii_is_control(at[i]); i++)
				at[i] = '*';
}

static void blank_all(const struct dial *d, char *at, size_t n)
{
	for (size_t i = 0; i < d->path.n; i++)
		blank(at, n, d->path.hops[i]->password);
	if (d->isolated)
		blank(at, n, d->login.password);
	blank_basic(at, n);
}

static void trace(const struct dial *d, const char *what, const char *at, size_t n)
{
	SCRATCH_TEXT(bytes, MOST);

	add_bytes(&bytes, at, n);
	log_line(LOG_TRACE, "%s hop %zu: \"%s\"%s", what, d->tunnel.at + 1, bytes.at, bytes.cut ? "..." : "");
}

void trace_message(const struct dial *d, struct slice message)
{
	if (!log_wants(LOG_TRACE))
		return;
	SCRATCH(scratch);
	char *const copy = scratch_take(&scratch, message.len);
	if (!copy)
		return;
	memcpy(copy, message.at, message.len);
	blank_all(d, copy, message.len);
	trace(d, "to", copy, message.len);
}

void trace_answer(const struct dial *d, struct slice answer)
{
	if (log_wants(LOG_TRACE))
		trace(d, "from", (const char *)answer.at, answer.len);
}
