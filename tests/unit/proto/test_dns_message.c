/* SPDX-License-Identifier: MIT */
#include "core/proto/dns_message.h"

#include "core/proto/dns_name.h"
#include "tests/unit/tap.h"

static uint8_t bytes[1024];

static struct buf empty(size_t size)
{
	return (struct buf){.at = bytes, .size = size};
}

#define WIRE(text) (const uint8_t *)(text), sizeof(text) - 1

#define HEADER(flags, answers) "\x12\x34" flags "\0\1\0" answers "\0\0\0\0"
#define QUESTION_A "\7example\3com\0\0\1\0\1"
#define QUERY_A HEADER("\1\0", "\0") QUESTION_A

TEST("a query is read")
{
	struct dns_query q;

	EXPECT_INT(dns_read_query(&q, WIRE(QUERY_A)), 0);
	EXPECT_INT(q.id, 0x1234);
	EXPECT_INT(q.type, DNS_A);
	EXPECT_INT(q.class, DNS_IN);
	EXPECT_STR(q.name, "example.com");
	EXPECT_INT(q.udp_room, 512);
	EXPECT(!q.edns);
}

#define QUESTION_ANY "\7example\3com\0\0\xff\0\1"
#define RECORD(type, size, data) "\xc0\x0c" type "\0\1\0\0\x0e\x10" size data

TEST("the records of another answer are added, with other addresses and none that HTTPS records give, and pointers stay right")
{
	static const char other[] = HEADER("\x81\x80", "\4") QUESTION_ANY RECORD("\0\x41", "\0\7", "\0\1\3www\0")
		RECORD("\0\1", "\0\4", "\12\1\2\3") RECORD("\0\x0f", "\0\7", "\0\5\2mx\xc0\x0c") RECORD("\0\2", "\0\2", "\xc0\x4e");
	const struct addr ipv4 = {.kind = ADDR_IPV4, .ip = {198, 18, 0, 1}}, ipv6 = {.kind = ADDR_IPV6, .ip = {0xfd, 0x53, [15] = 1}};
	char name[ADDR_NAME_MAX + 1];
	struct buf out = empty(sizeof(bytes));
	struct dns_query q;

	EXPECT_INT(dns_read_query(&q, WIRE(HEADER("\1\0", "\0") QUESTION_ANY)), 0);
	dns_begin_answer(&out, &q, DNS_NOERROR);
	dns_add_records(&out, &q, (struct slice){(uint8_t *)other, sizeof(other) - 1}, &ipv4, &ipv6, 30);
	EXPECT_INT(out.at[7], 5);
	EXPECT_INT(out.len, sizeof(other) - 1 + 12 + 16);
	EXPECT(memmem(out.at, out.len, "\xff\xff\0\1\0\0\x0e\x10\0\7\0\0\0\0\0\0\0", 17));
	EXPECT(memmem(out.at, out.len, "\0\1\0\1\0\0\0\x1e\0\4\xc6\x12\0\1", 14));
	EXPECT(!memmem(out.at, out.len, "\12\1\2\3", 4));
	EXPECT(memcmp(out.at + out.len - 16, ipv6.ip, 16) == 0);
	EXPECT(dns_name_read(out.at, out.len, sizeof(other) - 3, name));
	EXPECT_STR(name, "mx.example.com");
}

TEST("the records of what is no whole message are added as far as they are whole; without any there are the addresses")
{
	static const char other[] =
		HEADER("\x81\x80", "\2") QUESTION_ANY RECORD("\0\1", "\0\4", "\12\1\2\3") RECORD("\0\1", "\0\4", "\12");
	const struct addr ipv4 = {.kind = ADDR_IPV4, .ip = {198, 18, 0, 1}}, ipv6 = {.kind = ADDR_IPV6, .ip = {0xfd, 0x53, [15] = 1}};
	struct dns_query q;

	EXPECT_INT(dns_read_query(&q, WIRE(HEADER("\1\0", "\0") QUESTION_ANY)), 0);
	for (size_t n = 0; n < sizeof(other); n++) {
		struct buf out = empty(sizeof(bytes));
		dns_begin_answer(&out, &q, DNS_NOERROR);
		dns_add_records(&out, &q, (struct slice){(uint8_t *)other, n}, &ipv4, &ipv6, 30);
		EXPECT_INT(out.at[7], 2);
		EXPECT_INT(out.len, q.question_end + 16 + 28);
	}
}

TEST("EDNS tells how much the asker can take by UDP, never less than 512 bytes")
{
	struct dns_query q;

	EXPECT_INT(dns_read_query(&q, WIRE("\x12\x34\1\0\0\1\0\0\0\0\0\1" QUESTION_A "\0\0\x29\x04\xd0\0\0\0\0\0\0")), 0);
	EXPECT(q.edns);
	EXPECT_INT(q.udp_room, 1232);
	EXPECT_INT(dns_read_query(&q, WIRE("\x12\x34\1\0\0\1\0\0\0\0\0\1" QUESTION_A "\0\0\x29\0\x10\0\0\0\0\0\0")), 0);
	EXPECT_INT(q.udp_room, 512);
}

TEST("what is cut anywhere is no query, and is not read beyond its end")
{
	const char whole[] = QUERY_A;
	struct dns_query q;

	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		uint8_t *const exact = memcpy(bytes + sizeof(bytes) - n, whole, n);
		EXPECT_INT(dns_read_query(&q, exact, n), n < 12 ? -1 : DNS_FORMERR);
	}
}

TEST("answers, and messages of no question or two, are no queries")
{
	struct dns_query q;

	EXPECT_INT(dns_read_query(&q, WIRE(HEADER("\x81\0", "\0") QUESTION_A)), -1);
	EXPECT_INT(dns_read_query(&q, WIRE("\x12\x34\1\0\0\0\0\0\0\0\0\0")), DNS_FORMERR);
	EXPECT_INT(dns_read_query(&q, WIRE("\x12\x34\1\0\0\2\0\0\0\0\0\0" QUESTION_A QUESTION_A)), DNS_FORMERR);
}

TEST("pointers lead backwards only, so no message makes a loop")
{
	char name[ADDR_NAME_MAX + 1];

	EXPECT_INT(dns_name_read(WIRE("\3www\xc0\0"), 0, name), 0);
	EXPECT_INT(dns_name_read(WIRE("\xc0\0"), 0, name), 0);
	EXPECT_INT(dns_name_read(WIRE("\xc0\2\xc0\0"), 0, name), 0);
	EXPECT_INT(dns_name_read(WIRE("\xc0"), 0, name), 0);
	EXPECT_INT(dns_name_read(WIRE("\3com\0\7example\xc0\0"), 5, name), 15);
	EXPECT_STR(name, "example.com");
}

TEST("labels that text cannot say give no text, and the root gives the empty one")
{
	char name[ADDR_NAME_MAX + 1];

	EXPECT_INT(dns_name_read(WIRE("\3a.b\3com\0"), 0, name), 9);
	EXPECT_STR(name, "");
	EXPECT_INT(dns_name_read(WIRE("\3a\0b\0"), 0, name), 5);
	EXPECT_STR(name, "");
	EXPECT_INT(dns_name_read(WIRE("\0"), 0, name), 1);
	EXPECT_STR(name, "");
	EXPECT_INT(dns_name_read(WIRE("\100a"), 0, name), 0); /* a label type that nobody uses */
}

TEST("a name has 253 bytes of text at most, a label 63")
{
	char text[300] = "";
	char name[ADDR_NAME_MAX + 1];

	for (int i = 0; i < 253; i++)
		text[i] = i % 64 == 63 ? '.' : 'x';
	struct buf out = empty(sizeof(bytes));
	EXPECT(dns_name_write(&out, text));
	EXPECT_INT(out.len, 255);
	EXPECT_INT(dns_name_read(out.at, out.len, 0, name), 255);
	EXPECT_STR(name, text);
	strcat(text, "y");
	EXPECT(!dns_name_write(&out, text));
	text[64] = '\0';
	memset(text, 'x', 64);
	EXPECT(!dns_name_write(&out, text));
	EXPECT(!dns_name_write(&out, "a..b"));
	EXPECT(!dns_name_write(&out, ".a"));
	EXPECT(!dns_name_write(&out, "a.."));
	EXPECT(dns_name_write(&out, "a."));
	EXPECT(dns_name_write(&out, ""));
}

TEST("an answer with an address is what a resolver expects, byte by byte")
{
	static const struct addr address = {.kind = ADDR_IPV4, .ip = {198, 18, 0, 1}};
	struct buf out = empty(sizeof(bytes));
	struct dns_query q;

	EXPECT_INT(dns_read_query(&q, WIRE(QUERY_A)), 0);
	dns_begin_answer(&out, &q, DNS_NOERROR);
	dns_add_address(&out, &address, 30);
	dns_end_answer(&out, &q);
	static const char want[] = HEADER("\x81\x80", "\1") QUESTION_A "\xc0\x0c\0\1\0\1\0\0\0\x1e\0\4\xc6\x12\0\1";
	EXPECT_INT(out.len, sizeof(want) - 1);
	EXPECT(memcmp(out.at, want, sizeof(want) - 1) == 0);
}

TEST("an error, or a word that more would come by TCP, repeats the question")
{
	struct buf out = empty(sizeof(bytes));
	struct dns_query q;

	EXPECT_INT(dns_read_query(&q, WIRE(QUERY_A)), 0);
	dns_write_error(&out, &q, DNS_NXDOMAIN, true);
	EXPECT_INT(out.len, sizeof(QUERY_A) - 1);
	EXPECT_INT(out.at[2], 0x83);
	EXPECT_INT(out.at[3], 0x83);
	EXPECT_INT(out.at[5], 1);
	out.len = 0;
	EXPECT_INT(dns_read_query(&q, WIRE("\x12\x34\1\0\0\1\0\0\0\0\0\0\7")), DNS_FORMERR);
	dns_write_error(&out, &q, DNS_FORMERR, false);
	EXPECT_INT(out.len, 12);
	EXPECT_INT(out.at[5], 0);
}

TEST("an answer's addresses are read behind its CNAMEs, with the shortest time to live")
{
	struct dns_answer a;

	EXPECT(dns_read_answer(&a, WIRE(HEADER("\x81\x80", "\3") QUESTION_A "\xc0\x0c\0\5\0\1\0\0\0\5\0\6\3www\xc0\x0c"
									    "\xc0\x29\0\1\0\1\0\0\1\0\0\4\1\2\3\4"
									    "\xc0\x29\0\1\0\1\0\0\0\7\0\4\5\6\7\x8")));
	EXPECT_INT(a.n, 2);
	EXPECT_INT(a.ttl, 5);
	EXPECT_STR(a.canonical, "www.example.com");
	EXPECT_INT(a.addresses[1].ip[3], 8);
}

TEST("an answer cut anywhere, or with a record of a wrong size, does no harm")
{
	static const char whole[] = HEADER("\x81\x80", "\2") QUESTION_A
		"\xc0\x0c\0\1\0\1\0\0\1\0\0\4\1\2\3\4"
		"\xc0\x0c\0\1\0\1\0\0\1\0\0\3\1\2\3";
	struct dns_answer a;

	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		uint8_t *const exact = memcpy(bytes + sizeof(bytes) - n, whole, n);
		EXPECT(!dns_read_answer(&a, exact, n));
	}
	EXPECT(dns_read_answer(&a, WIRE(whole)));
	EXPECT_INT(a.n, 1);
}

#define QUESTION_PTR "\0017\7in-addr\4arpa\0\0\x0c\0\1"
/* clang-format off */
#define ANSWER_PTR                                                                                       \
	HEADER("\x81\x80", "\3") QUESTION_PTR "\xc0\x0c\0\5\0\1\0\0\1\0\0\4\1x\xc0\x0c"                  \
						"\xc0\x2c\0\x0c\0\1\0\0\1\0\0\7\3one\1a\0"                     \
						"\xc0\x2c\0\x0c\0\1\0\0\1\0\0\7\3two\1b\0"
/* clang-format on */

static void take_name(void *arg, const char *name)
{
	char *const names = arg;

	snprintf(names + strlen(names), 64 - strlen(names), "%s ", name);
}

TEST("an answer's names are read behind its CNAMEs")
{
	char names[64] = "";

	EXPECT_INT(dns_read_pointers(WIRE(ANSWER_PTR), take_name, names), DNS_NOERROR);
	EXPECT_STR(names, "one.a two.b ");
	EXPECT_INT(dns_read_pointers(WIRE(HEADER("\x81\x83", "\0") QUESTION_PTR), take_name, names), DNS_NXDOMAIN);
	EXPECT_INT(dns_read_pointers(WIRE(HEADER("\x81\x80", "\0") QUESTION_A), take_name, names), -1);
	EXPECT_INT(dns_read_pointers(WIRE(HEADER("\1\0", "\0") QUESTION_PTR), take_name, names), -1);
	for (size_t n = 0; n < sizeof(ANSWER_PTR) - 1; n++) {
		uint8_t *const exact = memcpy(bytes + sizeof(bytes) - n, ANSWER_PTR, n);
		names[0] = '\0';
		EXPECT_INT(dns_read_pointers(exact, n, take_name, names), -1);
	}
}

TEST("a query that we write is one that we read")
{
	struct buf out = empty(sizeof(bytes));
	struct dns_query q;

	EXPECT(dns_write_query(&out, 7, "example.com.", DNS_AAAA));
	EXPECT_INT(dns_read_query(&q, out.at, out.len), 0);
	EXPECT_STR(q.name, "example.com");
	EXPECT_INT(q.type, DNS_AAAA);
	EXPECT(q.edns);
}

TEST("an answer has its query's id and question, in either case; a failure may have none")
{
	EXPECT(dns_is_answer(WIRE(QUERY_A), WIRE(HEADER("\x81\x80", "\0") "\7eXample\3COM\0\0\1\0\1")));
	EXPECT(!dns_is_answer(WIRE(QUERY_A), WIRE(QUERY_A)));
	EXPECT(!dns_is_answer(WIRE(QUERY_A), WIRE("\x12\x35\x81\x80\0\1\0\0\0\0\0\0" QUESTION_A)));
	EXPECT(!dns_is_answer(WIRE(QUERY_A), WIRE(HEADER("\x81\x80", "\0") "\7example\3com\0\0\x1c\0\1")));
	EXPECT(!dns_is_answer(WIRE(QUERY_A), WIRE(HEADER("\x81\x80", "\0") "\7example\3net\0\0\1\0\1")));
	EXPECT(dns_is_answer(WIRE(QUERY_A), WIRE("\x12\x34\x81\x81\0\0\0\0\0\0\0\0")));
	EXPECT(!dns_is_answer(WIRE(QUERY_A), WIRE("\x12\x34\x81\x80\0\0\0\0\0\0\0\0")));
}

TEST("an answer cut anywhere answers nothing, and is not read beyond its end")
{
	const char whole[] = HEADER("\x81\x80", "\0") QUESTION_A;

	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		EXPECT(!dns_is_answer(WIRE(QUERY_A), memcpy(bytes + sizeof(bytes) - n, whole, n), n));
}

TEST("an address that an answer says another name has is passed over")
{
	struct dns_answer a;

	EXPECT(dns_read_answer(&a, WIRE(HEADER("\x81\x80", "\2") QUESTION_A "\5other\3net\0\0\1\0\1\0\0\0\5\0\4\xa\x66\x66\x66"
									    "\7Example\xc0\x14\0\1\0\1\0\0\0\5\0\4\xa\1\2\3")));
	EXPECT_INT(a.n, 1);
	EXPECT_INT(a.addresses[0].ip[1], 1);
}
