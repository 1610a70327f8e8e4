/* SPDX-License-Identifier: MIT */
/* request: the first byte tells the protocol: SOCKS5 begins with its number, HTTP with a letter. */
#include "cli/clients/request.h"

#include <errno.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/text.h"
#include "core/proto/socks5_addr.h"

enum { VERSION5 = 5, METHOD_NONE = 0, METHOD_UNACCEPTABLE = 0xff, CONNECT = 1 };

/* RFC 1928, 6 */
enum reply {
	REPLY_OK,
	REPLY_FAILED,
	REPLY_DENIED,
	REPLY_NET_DOWN,
	REPLY_HOST_DOWN,
	REPLY_REFUSED,
	REPLY_TIMED_OUT,
	REPLY_COMMAND,
	REPLY_ADDRESS
};

static void say(struct client_request *r, const void *bytes, size_t n)
{
	struct buf out = {.at = r->out, .size = sizeof(r->out), .len = r->said};

	buf_put(&out, bytes, n);
	r->said = out.len;
}

static void say_reply(struct client_request *r, enum reply reply) /* RFC 1928, 6 */
{
	const uint8_t bytes[] = {VERSION5, (uint8_t)reply, 0, ATYP_IPV4, 0, 0, 0, 0, 0, 0};

	say(r, bytes, sizeof(bytes));
}

static void say_status(struct client_request *r, const char *status) /* RFC 9112, 4 */
{
	TEXT(line, 256);

	text_add(&line, "HTTP/1.1 %s\r\n%s\r\n", status,
		 status[0] == '2' ? "" : "Allow: CONNECT\r\nContent-Length: 0\r\nConnection: close\r\n");
	say(r, line.at, line.len);
}

/* Refuse a plain http:// request in words that its user gets to see. */
static void say_what_is_meant(struct client_request *r) /* RFC 9110, 15.5.6 */
{
	static const char meant[] =
		"socksify --serve: only CONNECT (https://) and SOCKS5 are carried; for http:// name this proxy as socks5h://\n";
	TEXT(line, 512);

	text_add(&line,
		 "HTTP/1.1 405 Method Not Allowed\r\nAllow: CONNECT\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: "
		 "close\r\n\r\n%s",
		 sizeof(meant) - 1, meant);
	say(r, line.at, line.len);
}

/* A name on the wire may be an address in figures; it must be a host in any case, since it goes into the requests of other protocols. */
static bool is_host(struct addr *target)
{
	const struct addr asked = *target;

	if (asked.kind == ADDR_NAME && !addr_parse_host(target, asked.name, strlen(asked.name)))
		return false;
	target->port = asked.port;
	return true;
}

static enum request_state refuse(struct client_request *r, enum reply reply)
{
	say_reply(r, reply);
	return REQUEST_REFUSED;
}

static enum request_state socks5_request(struct client_request *r) /* RFC 1928, 4 */
{
	const uint8_t *const at = r->in + r->taken;
	const size_t n = r->got - r->taken;

	if (n < 4)
		return REQUEST_MORE;
	if (at[0] != VERSION5)
		return REQUEST_REFUSED;
	const int len = socks5_addr_get(&r->target, at + 3, n - 3);
	if (len == 0)
		return REQUEST_MORE;
	if (len < 0 || !is_host(&r->target))
		return refuse(r, REPLY_ADDRESS);
	if (at[1] != CONNECT)
		return refuse(r, REPLY_COMMAND);
	r->taken += 3 + (size_t)len;
	return REQUEST_COMPLETE;
}

static enum request_state socks5_greeting(struct client_request *r) /* RFC 1928, 3 */
{
	const size_t methods = r->got > 1 ? r->in[1] : 0;

	if (r->got < 2 || r->got < 2 + methods)
		return REQUEST_MORE;
	const bool fine = memchr(r->in + 2, METHOD_NONE, methods);
	say(r, (uint8_t[]){VERSION5, fine ? METHOD_NONE : METHOD_UNACCEPTABLE}, 2);
	r->taken = 2 + methods;
	r->greeted = fine;
	return fine ? socks5_request(r) : REQUEST_REFUSED;
}

/* Returns the length of the request with its fields and the empty line behind them; 0 if that has not come yet. */
static size_t http_length(const struct client_request *r) /* RFC 9112, 2.2 */
{
	const uint8_t *const end = memmem(r->in, r->got, "\r\n\r\n", 4), *const bare = memmem(r->in, r->got, "\n\n", 2);

	if (bare && (!end || bare < end))
		return (size_t)(bare - r->in) + 2;
	return end ? (size_t)(end - r->in) + 4 : 0;
}

static bool http_target(struct client_request *r) /* RFC 9110, 9.3.6: CONNECT HOST:PORT HTTP/1.1 */
{
	static const char method[] = "CONNECT ";
	const char *const host = (const char *)r->in + sizeof(method) - 1;
	const char *const line_end = memchr(r->in, '\n', r->got), *const end = memmem(r->in, r->got, " HTTP/1.", 8);

	return end && line_end && end < line_end && end > host && addr_parse(&r->target, host, (size_t)(end - host), 0) &&
	       r->target.kind != ADDR_UNIX && r->target.port;
}

static enum request_state http_request(struct client_request *r)
{
	const size_t len = http_length(r);

	r->http = true;
	if (!len && r->got < sizeof(r->in))
		return REQUEST_MORE;
	r->taken = len;
	if (!len)
		say_status(r, "431 Request Header Fields Too Large");
	else if (memcmp(r->in, "CONNECT ", 8) != 0)
		say_what_is_meant(r);
	else if (!http_target(r))
		say_status(r, "400 Bad Request");
	else
		return REQUEST_COMPLETE;
	return REQUEST_REFUSED;
}

enum request_state request_read(struct client_request *r)
{
	if (!r->got)
		return REQUEST_MORE;
	if (r->in[0] == VERSION5)
		return r->greeted ? socks5_request(r) : socks5_greeting(r);
	return r->in[0] >= 'A' && r->in[0] <= 'Z' ? http_request(r) : REQUEST_REFUSED;
}

static enum reply reply_of(int rc)
{
	switch (err_errno(rc)) {
	case EACCES:
		return REPLY_DENIED;
	case ENETUNREACH:
		return REPLY_NET_DOWN;
	case EHOSTUNREACH:
		return REPLY_HOST_DOWN;
	case ECONNREFUSED:
		return REPLY_REFUSED;
	case ETIMEDOUT:
		return REPLY_TIMED_OUT;
	case EAFNOSUPPORT:
		return REPLY_ADDRESS;
	default:
		return REPLY_FAILED;
	}
}

static const char *status_of(int rc)
{
	switch (err_errno(rc)) {
	case EACCES:
		return "403 Forbidden";
	case ETIMEDOUT:
		return "504 Gateway Timeout";
	default:
		return "502 Bad Gateway";
	}
}

void request_answer(struct client_request *r, int rc)
{
	if (r->http)
		say_status(r, rc ? status_of(rc) : "200 Connection established");
	else
		say_reply(r, rc ? reply_of(rc) : REPLY_OK);
}
