/* SPDX-License-Identifier: MIT */
/* What an exchange makes of a server's bytes, however they are cut, and of messages that nobody asked for. */
#include "core/dns/exchange.h"

#include "tests/unit/tap.h"

static struct dns_exchange exchange;
static uint8_t stream[DNS_QUERIES * (DNS_PREFIX + DNS_MESSAGE_MAX) * 2];
static size_t stream_len;

static void ask(uint16_t id, const char *name, uint16_t type)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf query = {.at = bytes, .size = sizeof(bytes)};

	EXPECT(dns_write_query(&query, id, name, type));
	EXPECT(dns_exchange_add(&exchange, query.at, query.len));
}

/* An exchange that has sent queries for the A and AAAA records of example.com, ids 1 and 2. */
static void begin(void)
{
	memset(&exchange, 0, sizeof(exchange));
	stream_len = 0;
	ask(1, "example.com", DNS_A);
	ask(2, "example.com", DNS_AAAA);
	dns_exchange_sent(&exchange, dns_exchange_unsent(&exchange).len);
}

/* Append to the stream, behind its length, an answer with one address that ends in `last`, and `padding` bytes. */
static void say(uint16_t id, const char *name, uint16_t type, uint8_t last, size_t padding)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf query = {.at = bytes, .size = sizeof(bytes)};
	struct buf out = {.at = stream + stream_len + DNS_PREFIX, .size = sizeof(stream) - stream_len - DNS_PREFIX};
	const struct addr address = {.kind = type == DNS_A ? ADDR_IPV4 : ADDR_IPV6, .ip = {[3] = last, [15] = last}};
	struct dns_query q;

	EXPECT(dns_write_query(&query, id, name, type) && dns_read_query(&q, query.at, query.len) == 0);
	dns_begin_answer(&out, &q, DNS_NOERROR);
	dns_add_address(&out, &address, 60);
	dns_end_answer(&out, &q);
	memset(out.at + out.len, 0, padding);
	out.len += padding;
	EXPECT(!out.overflow && out.len <= DNS_MESSAGE_MAX);
	stream[stream_len] = (uint8_t)(out.len >> 8);
	stream[stream_len + 1] = (uint8_t)out.len;
	stream_len += DNS_PREFIX + out.len;
}

/* Let the exchange read the stream, at most `piece` bytes at a time, as recv(2) would. Returns how many it took before it was done. */
static size_t hear(size_t piece)
{
	size_t at = 0;

	while (at < stream_len && !dns_exchange_done(&exchange)) {
		const struct slice room = dns_exchange_unread(&exchange);
		size_t n = stream_len - at < piece ? stream_len - at : piece;
		n = n < room.len ? n : room.len;
		EXPECT(n > 0);
		if (!n)
			break;
		memcpy(room.at, stream + at, n);
		dns_exchange_received(&exchange, n);
		at += n;
	}
	return at;
}

/* The last octet of the address in the answer to the `i`th query; -1 if there is no answer. */
static int answered(int i)
{
	const struct slice answer = dns_exchange_answer(&exchange, i);
	struct dns_answer a;

	if (!answer.len || !dns_read_answer(&a, answer.at, answer.len) || a.n != 1)
		return -1;
	return a.addresses[0].kind == ADDR_IPV4 ? a.addresses[0].ip[3] : a.addresses[0].ip[15];
}

TEST("queries are sent behind their lengths, and no more than two")
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf query = {.at = bytes, .size = sizeof(bytes)};

	memset(&exchange, 0, sizeof(exchange));
	ask(1, "example.com", DNS_A);
	const struct slice first = dns_exchange_query(&exchange, 0), unsent = dns_exchange_unsent(&exchange);
	EXPECT_INT(unsent.len, DNS_PREFIX + first.len);
	EXPECT_INT(unsent.at[0] << 8 | unsent.at[1], first.len);
	EXPECT(first.at == unsent.at + DNS_PREFIX);
	dns_write_query(&query, 1, "example.com", DNS_A);
	EXPECT(first.len == query.len && memcmp(first.at, query.at, query.len) == 0);
	ask(2, "example.com", DNS_AAAA);
	EXPECT(!dns_exchange_add(&exchange, query.at, query.len));
	EXPECT_INT(exchange.queries, 2);
	EXPECT_INT(dns_exchange_query(&exchange, 1).at[1], 2);
}

TEST("a query longer than a message may be, or than there is room for, is refused and leaves the others alone")
{
	static const uint8_t zeros[DNS_MESSAGE_MAX + 1];

	memset(&exchange, 0, sizeof(exchange));
	EXPECT(!dns_exchange_add(&exchange, zeros, DNS_MESSAGE_MAX + 1));
	EXPECT_INT(dns_exchange_unsent(&exchange).len, 0);
	ask(1, "example.com", DNS_A);
	const size_t len = dns_exchange_unsent(&exchange).len;
	EXPECT(!dns_exchange_add(&exchange, zeros, DNS_MESSAGE_MAX));
	EXPECT_INT(dns_exchange_unsent(&exchange).len, len);
	EXPECT_INT(exchange.queries, 1);
}

TEST("what was sent in part is sent from there on")
{
	memset(&exchange, 0, sizeof(exchange));
	ask(1, "example.com", DNS_A);
	const struct slice all = dns_exchange_unsent(&exchange);
	dns_exchange_sent(&exchange, 7);
	EXPECT(dns_exchange_unsent(&exchange).at == all.at + 7);
	EXPECT_INT(dns_exchange_unsent(&exchange).len, all.len - 7);
	dns_exchange_sent(&exchange, all.len - 7);
	EXPECT_INT(dns_exchange_unsent(&exchange).len, 0);
}

TEST("two answers are found wherever the stream is cut in two")
{
	begin();
	say(1, "example.com", DNS_A, 11, 0);
	say(2, "example.com", DNS_AAAA, 22, 0);
	const size_t whole = stream_len;
	for (size_t cut = 1; cut < whole; cut++) {
		dns_exchange_restart(&exchange);
		stream_len = cut;
		EXPECT_INT(hear(cut), cut);
		EXPECT(!dns_exchange_done(&exchange));
		const struct slice room = dns_exchange_unread(&exchange);
		memcpy(room.at, stream + cut, whole - cut);
		dns_exchange_received(&exchange, whole - cut);
		EXPECT(dns_exchange_done(&exchange));
		EXPECT_INT(answered(0), 11);
		EXPECT_INT(answered(1), 22);
	}
}

TEST("answers are found byte by byte, the first as soon as it is whole")
{
	begin();
	say(1, "example.com", DNS_A, 11, 0);
	const size_t first = stream_len;
	say(2, "example.com", DNS_AAAA, 22, 0);
	const size_t whole = stream_len;
	stream_len = first - 1;
	hear(1);
	EXPECT_INT(answered(0), -1);
	dns_exchange_restart(&exchange);
	stream_len = first;
	hear(1);
	EXPECT_INT(answered(0), 11);
	EXPECT_INT(answered(1), -1);
	EXPECT(!dns_exchange_done(&exchange));
	dns_exchange_restart(&exchange);
	stream_len = whole;
	EXPECT_INT(hear(1), whole);
	EXPECT(dns_exchange_done(&exchange));
	EXPECT_INT(answered(1), 22);
}

TEST("answers out of order are told by their query")
{
	begin();
	say(2, "example.com", DNS_AAAA, 22, 0);
	say(1, "example.com", DNS_A, 11, 0);
	hear(stream_len);
	EXPECT(dns_exchange_done(&exchange));
	EXPECT_INT(answered(0), 11);
	EXPECT_INT(answered(1), 22);
}

TEST("an answer with another id, to another question, or to the same query again, is dropped")
{
	begin();
	say(3, "example.com", DNS_A, 33, 0);
	say(1, "example.org", DNS_A, 44, 0);
	say(1, "example.com", DNS_AAAA, 55, 0);
	say(1, "example.com", DNS_A, 11, 0);
	say(1, "example.com", DNS_A, 66, 0);
	say(2, "example.com", DNS_A, 77, 0);
	for (size_t piece = 1; piece <= stream_len; piece += piece < 40 ? 1 : stream_len - 40) {
		dns_exchange_restart(&exchange);
		hear(piece);
		EXPECT_INT(exchange.answers, 1);
		EXPECT_INT(answered(0), 11);
		EXPECT_INT(answered(1), -1);
	}
	say(2, "example.com", DNS_AAAA, 22, 0);
	dns_exchange_restart(&exchange);
	hear(stream_len);
	EXPECT(dns_exchange_done(&exchange));
	EXPECT_INT(answered(0), 11);
	EXPECT_INT(answered(1), 22);
}

TEST("an empty message is no answer")
{
	begin();
	stream_len = DNS_PREFIX;
	memset(stream, 0, DNS_PREFIX);
	say(1, "example.com", DNS_A, 11, 0);
	hear(1);
	EXPECT_INT(answered(0), 11);
	EXPECT_INT(answered(1), -1);
}

TEST("there is room for two answers of 64 KiB, and for others of that length between them")
{
	begin();
	say(1, "example.com", DNS_A, 11, 0);
	const size_t most = DNS_MESSAGE_MAX + DNS_PREFIX - stream_len;
	stream_len = 0;
	say(1, "example.com", DNS_A, 11, most);
	EXPECT_INT(stream_len, DNS_PREFIX + DNS_MESSAGE_MAX);
	say(9, "example.com", DNS_A, 99, most);
	say(2, "example.com", DNS_AAAA, 22, most - 12);
	EXPECT_INT(hear(5000), stream_len);
	EXPECT(dns_exchange_done(&exchange));
	EXPECT_INT(answered(0), 11);
	EXPECT_INT(answered(1), 22);
	EXPECT_INT(dns_exchange_answer(&exchange, 0).len, DNS_MESSAGE_MAX);
}

TEST("on a new connection everything is sent and awaited again")
{
	begin();
	const size_t len = exchange.out_len;
	say(1, "example.com", DNS_A, 11, 0);
	hear(stream_len - 1);
	hear(stream_len);
	dns_exchange_restart(&exchange);
	EXPECT_INT(dns_exchange_unsent(&exchange).len, len);
	EXPECT_INT(answered(0), -1);
	EXPECT_INT(exchange.queries, 2);
	say(2, "example.com", DNS_AAAA, 22, 0);
	hear(stream_len);
	EXPECT(dns_exchange_done(&exchange));
}

TEST("an answer that came another way counts, if it is one")
{
	begin();
	say(1, "example.com", DNS_A, 11, 0);
	dns_exchange_put(&exchange, stream + DNS_PREFIX, stream_len - DNS_PREFIX);
	stream_len = 0;
	say(7, "example.com", DNS_AAAA, 77, 0);
	dns_exchange_put(&exchange, stream + DNS_PREFIX, stream_len - DNS_PREFIX);
	EXPECT_INT(answered(0), 11);
	EXPECT_INT(exchange.answers, 1);
}
