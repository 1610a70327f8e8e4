/* SPDX-License-Identifier: MIT */
/* dns_message: never trust a length or a pointer in a message. */
#include "core/proto/dns_message.h"

#include <string.h>

#include "core/base/ascii.h"
#include "core/proto/dns_name.h"

enum { QR = 0x8000, AA = 0x0400, TC = 0x0200, RD = 0x0100, RA = 0x0080 }; /* RFC 1035, 4.1.1 */
enum { QUESTION_NAME = 0xc000 | DNS_HEADER };                             /* a compression pointer to the question's name */
enum { EDNS_ROOM = 1232 };                                                /* what fits a packet on any path */

static unsigned u16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static void put_u32(struct buf *out, uint32_t value)
{
	buf_u16(out, value >> 16);
	buf_u16(out, value & 0xffff);
}

/* One record, and where its data lies. */
struct record {
	unsigned type, class;
	uint32_t ttl;
	size_t data, size;
};

/* Read the record at `from`. Returns where the next one begins, or 0. */
static size_t read_record(struct record *r, const uint8_t *at, size_t n, size_t from)
{
	size_t p = dns_name_skip(at, n, from);

	if (!p || n - p < 10)
		return 0;
	*r = (struct record){.type = u16(at + p), .class = u16(at + p + 2), .data = p + 10, .size = u16(at + p + 8)};
	r->ttl = u16(at + p + 4) << 16 | u16(at + p + 6);
	return n - r->data < r->size ? 0 : r->data + r->size;
}

/* Read the question that every message here has. Returns where it ends, or 0. */
static size_t read_question(const uint8_t *at, size_t n, char name[static ADDR_NAME_MAX + 1], uint16_t *type, uint16_t *class)
{
	const size_t p = u16(at + 4) == 1 ? dns_name_read(at, n, DNS_HEADER, name) : 0;

	if (!p || n - p < 4)
		return 0;
	*type = (uint16_t)u16(at + p);
	*class = (uint16_t)u16(at + p + 2);
	return p + 4;
}

static void find_edns(struct dns_query *q, const uint8_t *at, size_t n)
{
	const unsigned records = u16(at + 6) + u16(at + 8) + u16(at + 10);
	size_t p = q->question_end;
	struct record r;

	for (unsigned i = 0; i < records && (p = read_record(&r, at, n, p)); i++) {
		if (r.type != DNS_OPT)
			continue;
		q->edns = true;
		q->udp_room = r.class > DNS_UDP_LEAST ? r.class : DNS_UDP_LEAST;
	}
}

int dns_read_query(struct dns_query *q, const uint8_t *at, size_t n)
{
	*q = (struct dns_query){.at = at, .udp_room = DNS_UDP_LEAST, .question_end = n < DNS_HEADER ? n : DNS_HEADER};
	if (n < DNS_HEADER || u16(at + 2) & QR)
		return -1;
	q->id = (uint16_t)u16(at);
	q->opcode = u16(at + 2) >> 11 & 15;
	const size_t end = read_question(at, n, q->name, &q->type, &q->class);
	if (!end)
		return DNS_FORMERR;
	q->question_end = end;
	find_edns(q, at, n);
	return 0;
}

bool dns_write_query(struct buf *out, uint16_t id, const char *name, uint16_t type)
{
	const uint16_t header[] = {id, RD, 1, 0, 0, 1};

	for (size_t i = 0; i < sizeof(header) / sizeof(*header); i++)
		buf_u16(out, header[i]);
	if (!dns_name_write(out, name))
		return false;
	buf_u16(out, type);
	buf_u16(out, DNS_IN);
	buf_put(out, (uint8_t[]){0, 0, DNS_OPT, EDNS_ROOM >> 8, EDNS_ROOM & 255, 0, 0, 0, 0, 0, 0}, 11); /* RFC 6891, 6.1.2 */
	return !out->overflow;
}

static void put_header(struct buf *out, const struct dns_query *q, unsigned flags)
{
	const bool whole = q->question_end > DNS_HEADER;

	buf_u16(out, q->id);
	buf_u16(out, QR | RA | (u16(q->at + 2) & (RD | 0x7800)) | flags);
	buf_u16(out, whole);
	buf_put(out, (uint8_t[6]){0}, 6);
	buf_put(out, q->at + DNS_HEADER, q->question_end - DNS_HEADER);
}

static void count(struct buf *out, size_t at)
{
	if (out->overflow)
		return;
	const unsigned n = u16(out->at + at) + 1;
	out->at[at] = (uint8_t)(n >> 8);
	out->at[at + 1] = (uint8_t)n;
}

void dns_begin_answer(struct buf *out, const struct dns_query *q, unsigned rcode)
{
	put_header(out, q, rcode);
}

static void put_record(struct buf *out, unsigned type, uint32_t ttl, const void *data, size_t size)
{
	buf_u16(out, QUESTION_NAME);
	buf_u16(out, type);
	buf_u16(out, DNS_IN);
	put_u32(out, ttl);
	buf_u16(out, (unsigned)size);
	buf_put(out, data, size);
	count(out, 6);
}

void dns_add_address(struct buf *out, const struct addr *a, uint32_t ttl)
{
	const bool ipv6 = a->kind == ADDR_IPV6;

	put_record(out, ipv6 ? DNS_AAAA : DNS_A, ttl, a->ip, ipv6 ? 16 : 4);
}

void dns_add_pointer(struct buf *out, const char *name, uint32_t ttl)
{
	uint8_t bytes[ADDR_NAME_MAX + 2];
	struct buf data = {.at = bytes, .size = sizeof(bytes)};

	if (dns_name_write(&data, name))
		put_record(out, DNS_PTR, ttl, data.at, data.len);
}

enum { RESERVED = 0xff }; /* both octets of a type that no record has (RFC 6895, 3.1) */

/* Put another address into a record of one. Returns false if the record is none. */
static bool replace(uint8_t *at, const struct record *r, const struct addr *a, uint32_t ttl)
{
	if (r->size != (a->kind == ADDR_IPV6 ? 16 : 4))
		return false;
	for (int i = 0; i < 4; i++)
		at[r->data - 6 + (size_t)i] = (uint8_t)(ttl >> (24 - 8 * i));
	memcpy(at + r->data, a->ip, r->size);
	return true;
}

/* Leave nothing but the room of a record that would lead to other addresses. */
static void hide(uint8_t *at, const struct record *r)
{
	memset(at + r->data - 10, RESERVED, 2);
	memset(at + r->data, 0, r->size);
}

/* The question has the same length in both messages, so whatever compressed names lead to stays where it was. */
void dns_add_records(struct buf *out, const struct dns_query *q, struct slice other, const struct addr *ipv4, const struct addr *ipv6,
		     uint32_t ttl)
{
	const unsigned records = other.len < DNS_HEADER || u16(other.at + 4) != 1 ? 0 : u16(other.at + 6);
	bool has4 = false, has6 = false;
	size_t p = q->question_end, end;
	struct record r;

	for (unsigned i = 0; i < records && p < other.len && (end = read_record(&r, other.at, other.len, p)); i++, p = end) {
		buf_put(out, other.at + p, end - p);
		if (out->overflow)
			return;
		count(out, 6);
		if (r.type == DNS_A && replace(out->at, &r, ipv4, ttl))
			has4 = true;
		else if (r.type == DNS_AAAA && replace(out->at, &r, ipv6, ttl))
			has6 = true;
		else if (r.type == DNS_A || r.type == DNS_AAAA || r.type == DNS_HTTPS || r.type == DNS_SVCB)
			hide(out->at, &r);
	}
	if (!has4)
		dns_add_address(out, ipv4, ttl);
	if (!has6)
		dns_add_address(out, ipv6, ttl);
}

void dns_end_answer(struct buf *out, const struct dns_query *q)
{
	if (!q->edns)
		return;
	buf_put(out, (uint8_t[]){0, 0, DNS_OPT, EDNS_ROOM >> 8, EDNS_ROOM & 255, 0, 0, 0, 0, 0, 0}, 11);
	count(out, 10);
}

void dns_write_error(struct buf *out, const struct dns_query *q, unsigned rcode, bool truncated)
{
	put_header(out, q, rcode | (truncated ? TC : 0));
	dns_end_answer(out, q);
}

/* A label's length is never a letter, so names are equal if their octets are, in either case. */
bool dns_is_answer(const uint8_t *query, size_t n, const uint8_t *at, size_t size)
{
	const size_t name = n < DNS_HEADER ? 0 : dns_name_skip(query, n, DNS_HEADER), end = name + 4;

	if (!name || n < end || size < DNS_HEADER || !(u16(at + 2) & QR) || u16(at) != u16(query))
		return false;
	if (u16(at + 4) == 0)
		return u16(at + 2) & 15;
	return u16(at + 4) == 1 && size >= end && memcmp(at + name, query + name, end - name) == 0 &&
	       ascii_same((const char *)at + DNS_HEADER, (const char *)query + DNS_HEADER, name - DNS_HEADER);
}

static bool is_owner(const char *owner, const char *name)
{
	const size_t n = strlen(owner);

	return n == strlen(name) && ascii_same(owner, name, n);
}

static void take_address(struct dns_answer *a, const uint8_t *at, const struct record *r)
{
	const bool ipv6 = r->type == DNS_AAAA;

	if (r->type != a->type || r->size != (ipv6 ? 16 : 4) || a->n == DNS_ADDRESSES)
		return;
	struct addr *const to = &a->addresses[a->n++];
	*to = (struct addr){.kind = ipv6 ? ADDR_IPV6 : ADDR_IPV4};
	memcpy(to->ip, at + r->data, r->size);
}

bool dns_read_answer(struct dns_answer *a, const uint8_t *at, size_t n)
{
	char owner[ADDR_NAME_MAX + 1];
	uint16_t class;
	struct record r;

	*a = (struct dns_answer){.ttl = UINT32_MAX};
	if (n < DNS_HEADER || !(u16(at + 2) & QR))
		return false;
	a->id = (uint16_t)u16(at);
	a->rcode = u16(at + 2) & 15;
	size_t p = read_question(at, n, a->canonical, &a->type, &class);
	if (!p || class != DNS_IN || (a->type != DNS_A && a->type != DNS_AAAA))
		return false;
	for (unsigned i = u16(at + 6); i > 0; i--) {
		if (!dns_name_read(at, n, p, owner) || !(p = read_record(&r, at, n, p)))
			return false;
		if (!is_owner(owner, a->canonical))
			continue;
		if (r.class != DNS_IN || (r.type != DNS_CNAME && r.type != a->type))
			continue;
		if (r.type == DNS_CNAME && !dns_name_read(at, n, r.data, a->canonical))
			return false;
		take_address(a, at, &r);
		/* RFC 2181, 8: the top bit set means zero */
		const uint32_t ttl = r.ttl >> 31 ? 0 : r.ttl;
		a->ttl = ttl < a->ttl ? ttl : a->ttl;
	}
	return true;
}

int dns_read_pointers(const uint8_t *at, size_t n, void (*take)(void *, const char *), void *arg)
{
	char name[ADDR_NAME_MAX + 1];
	uint16_t type, class;
	struct record r;

	if (n < DNS_HEADER || !(u16(at + 2) & QR))
		return -1;
	size_t p = read_question(at, n, name, &type, &class);
	if (!p || class != DNS_IN || type != DNS_PTR)
		return -1;
	for (unsigned i = u16(at + 6); i > 0; i--) {
		p = read_record(&r, at, n, p);
		if (!p)
			return -1;
		if (r.class != DNS_IN || r.type != DNS_PTR)
			continue;
		if (!dns_name_read(at, n, r.data, name))
			return -1;
		take(arg, name);
	}
	return u16(at + 2) & 15;
}
