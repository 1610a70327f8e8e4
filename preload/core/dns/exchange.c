/* SPDX-License-Identifier: MIT */
/* exchange: two buffers of length-prefixed messages, one to send and one to fill. */
#include "core/dns/exchange.h"

#include <string.h>

bool dns_exchange_add(struct dns_exchange *x, const uint8_t *query, size_t n)
{
	struct buf out = {.at = x->out, .size = sizeof(x->out), .len = x->out_len};

	if (x->queries == DNS_QUERIES || n > DNS_MESSAGE_MAX)
		return false;
	buf_u16(&out, (unsigned)n);
	buf_put(&out, query, n);
	if (out.overflow)
		return false;
	x->out_len = out.len;
	x->queries++;
	return true;
}

void dns_exchange_restart(struct dns_exchange *x)
{
	x->sent = x->in_len = x->complete = 0;
	x->answers = 0;
	memset(x->answer, 0, sizeof(x->answer));
}

struct slice dns_exchange_unsent(const struct dns_exchange *x)
{
	return (struct slice){(uint8_t *)x->out + x->sent, x->out_len - x->sent};
}

void dns_exchange_sent(struct dns_exchange *x, size_t n)
{
	x->sent += n;
}

/* Behind the answers that are complete, a whole message fits for each that is missing. */
struct slice dns_exchange_unread(struct dns_exchange *x)
{
	return (struct slice){x->in + x->in_len, sizeof(x->in) - x->in_len};
}

static bool is_answered(const struct dns_exchange *x, int i)
{
	return x->answer[i] != 0;
}

/* Returns which query without an answer yet a message answers; -1 if it answers none. */
static int answered_by(const struct dns_exchange *x, const uint8_t *message, size_t n)
{
	for (int i = 0; i < x->queries; i++) {
		const struct slice query = dns_exchange_query(x, i);
		if (!is_answered(x, i) && dns_is_answer(query.at, query.len, message, n))
			return i;
	}
	return -1;
}

static void keep(struct dns_exchange *x, int query, size_t size)
{
	x->answer[query] = x->complete + DNS_PREFIX;
	x->complete += size;
	x->answers++;
}

static void drop(struct dns_exchange *x, size_t size)
{
	uint8_t *const at = x->in + x->complete;

	x->in_len -= size;
	memmove(at, at + size, x->in_len - x->complete);
}

void dns_exchange_received(struct dns_exchange *x, size_t n)
{
	x->in_len += n;
	while (!dns_exchange_done(x) && x->in_len - x->complete >= DNS_PREFIX) {
		const uint8_t *const at = x->in + x->complete;
		const size_t size = dns_prefixed_size(at);
		if (x->in_len - x->complete < size)
			return;
		const int query = answered_by(x, at + DNS_PREFIX, size - DNS_PREFIX);
		if (query < 0)
			drop(x, size);
		else
			keep(x, query, size);
	}
}

bool dns_exchange_done(const struct dns_exchange *x)
{
	return x->answers == x->queries;
}

/* Returns the message behind the prefix at `at`. */
static struct slice message(const uint8_t *at)
{
	return (struct slice){(uint8_t *)at + DNS_PREFIX, dns_prefixed_size(at) - DNS_PREFIX};
}

struct slice dns_exchange_query(const struct dns_exchange *x, int i)
{
	const uint8_t *at = x->out;

	while (i-- > 0)
		at += dns_prefixed_size(at);
	return message(at);
}

struct slice dns_exchange_answer(const struct dns_exchange *x, int i)
{
	return is_answered(x, i) ? message(x->in + x->answer[i] - DNS_PREFIX) : (struct slice){0};
}

void dns_exchange_put(struct dns_exchange *x, const uint8_t *answer, size_t n)
{
	const struct slice room = dns_exchange_unread(x);
	struct buf in = {.at = room.at, .size = room.len};

	buf_u16(&in, (unsigned)n);
	buf_put(&in, answer, n);
	if (!in.overflow)
		dns_exchange_received(x, in.len);
}
