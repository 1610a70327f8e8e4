/* SPDX-License-Identifier: MIT */
/* http: CONNECT by RFC 9110, 9.3.6, with Basic credentials by RFC 7617. */
#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/text.h"
#include "core/proto/codec.h"

enum { STATUS_LINE = sizeof "HTTP/1.1 200" - 1, SHORTEST_REPLY = STATUS_LINE + 2, HEADER_MAX = 32 * 1024 };

static int status(struct handshake *h);
static int header(struct handshake *h);

static int failure(const struct handshake *h, int code)
{
	switch (code) {
	case 403:
		return ERR_TARGET_DENIED;
	case 404: /* Privoxy's answer to a name that nobody has, and a web server's to any */
		return ERR_TARGET_NOT_FOUND;
	case 502:
		return ERR_TARGET_HOST_DOWN;
	case 401: /* tinyproxy's answer to wrong credentials */
	case 407:
		return h->errand.hop->has_credentials ? ERR_PROXY_CREDENTIALS : ERR_PROXY_METHOD;
	case 405:
	case 501:
		return ERR_PROXY_WEB;
	case 503:
		return ERR_TARGET_NET_DOWN;
	case 504:
		return ERR_TARGET_TIMED_OUT;
	default:
		return ERR_TARGET_FAILED;
	}
}

/* The code of "HTTP/1.x NNN", or -1 if it is not that. */
static int status_code(const uint8_t *line) /* RFC 9112, 4 */
{
	int code = 0;

	if (memcmp(line, "HTTP/1.", 7) != 0 || (line[7] != '0' && line[7] != '1') || line[8] != ' ')
		return -1;
	for (int i = 9; i < STATUS_LINE; i++) {
		if (line[i] < '0' || line[i] > '9')
			return -1;
		code = code * 10 + line[i] - '0';
	}
	return memchr(" \r\n", line[STATUS_LINE], 3) ? code : -1;
}

/* The reply ends with CRLF CRLF if its first line ends with CRLF, and with LF LF otherwise
 * (RFC 9112, 2.2). A reply that mixes the two has no certain end. */
static int header_byte(struct handshake *h, char c)
{
	const bool line_end = c == '\r' || c == '\n';

	if (line_end && !h->http.end)
		h->http.end = c == '\r' ? "\r\n\r\n" : "\n\n";
	if (line_end && c == h->http.end[h->http.matched]) {
		h->http.matched++;
		return 0;
	}
	if (line_end || (h->http.matched && h->http.end[h->http.matched - 1] == '\r'))
		return ERR_PROXY_GARBLED;
	h->http.matched = 0;
	return 0;
}

/* Take `n` bytes and ask for as many as the terminator still lacks: so many must come. */
static int header_bytes(struct handshake *h, const uint8_t *at, size_t n)
{
	h->http.total += n;
	if (h->http.total > HEADER_MAX)
		return ERR_PROXY_GARBLED;
	for (size_t i = 0; i < n; i++) {
		const int rc = header_byte(h, (char)at[i]);
		if (rc)
			return rc;
	}
	const size_t lack = h->http.end ? strlen(h->http.end + h->http.matched) : strlen("\n\n");
	if (lack)
		return handshake_expect(h, lack, header);
	if (!h->http.interim)
		return handshake_finish(h);
	h->requested = h->unanswered = true;
	return handshake_expect(h, SHORTEST_REPLY, status);
}

static int header(struct handshake *h)
{
	return header_bytes(h, h->in, h->got);
}

static int status(struct handshake *h)
{
	const int code = status_code(h->in);

	if (code < 0)
		return ERR_PROXY_GARBLED;
	h->http.interim = code / 100 == 1 && code != 101; /* RFC 9110, 15.2 */
	if (code / 100 != 2 && !h->http.interim)
		return failure(h, code);
	h->http.end = NULL;
	h->http.matched = 0;
	h->http.total += STATUS_LINE;
	return header_bytes(h, h->in + STATUS_LINE, SHORTEST_REPLY - STATUS_LINE);
}

static void put_base64(struct buf *out, const uint8_t *at, size_t n) /* RFC 4648, 4 */
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		const uint32_t three = (uint32_t)at[i] << 16 | (i + 1 < n ? at[i + 1] : 0u) << 8 | (i + 2 < n ? at[i + 2] : 0u);
		buf_u8(out, digits[three >> 18]);
		buf_u8(out, digits[three >> 12 & 63]);
		buf_u8(out, i + 1 < n ? digits[three >> 6 & 63] : '=');
		buf_u8(out, i + 2 < n ? digits[three & 63] : '=');
	}
}

static void put_credentials(struct buf *out, const struct proxy *hop) /* RFC 7617, 2 */
{
	uint8_t bytes[2 * PROXY_CREDENTIAL_MAX + 1];
	struct buf pair = {.at = bytes, .size = sizeof bytes};

	buf_str(&pair, hop->username);
	buf_u8(&pair, ':');
	buf_str(&pair, hop->password);
	buf_str(out, "Proxy-Authorization: Basic ");
	put_base64(out, pair.at, pair.len);
	buf_str(out, "\r\n");
}

/* Not addr_text(): port 0 is said too, and an interface, which only this host knows, never. */
static void authority(struct text *to, const struct addr *a) /* RFC 9112, 3.2.3 */
{
	char ip[ADDR_FIGURES];

	if (a->kind == ADDR_NAME)
		text_add(to, "%s:%u", a->name, a->port);
	else if (a->kind == ADDR_IPV4)
		text_add(to, "%s:%u", addr_figures(a, ip), a->port);
	else
		text_add(to, "[%s]:%u", addr_figures(a, ip), a->port);
}

int http_begin(struct handshake *h)
{
	TEXT(target, ADDR_TEXT);

	authority(&target, h->errand.target);
	buf_str(&h->out, "CONNECT ");
	buf_str(&h->out, target.at);
	buf_str(&h->out, " HTTP/1.1\r\nHost: ");
	buf_str(&h->out, target.at);
	buf_str(&h->out, "\r\n");
	if (h->errand.hop->has_credentials)
		put_credentials(&h->out, h->errand.hop);
	buf_str(&h->out, "\r\n");
	h->unanswered = true;
	return handshake_expect(h, SHORTEST_REPLY, status);
}
