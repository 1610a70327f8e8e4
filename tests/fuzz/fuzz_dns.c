/* SPDX-License-Identifier: MIT */
/* fuzz: a DNS message says anything at all: as a query, as an answer, and as a query whose answer is read. */
#include "core/proto/dns_message.h"
#include "core/proto/dns_reverse.h"

static void ignore(void *unused, const char *name)
{
	(void)unused;
	(void)name;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct addr address = {.kind = ADDR_IPV6};
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf out = {.at = bytes, .size = sizeof(bytes)};
	struct dns_query q;
	struct dns_answer a;
	struct addr reversed;

	dns_read_answer(&a, data, n);
	dns_read_pointers(data, n, ignore, NULL);
	const int rc = dns_read_query(&q, data, n);
	if (rc < 0)
		return 0;
	dns_begin_answer(&out, &q, (unsigned)rc);
	dns_add_address(&out, &address, 30);
	dns_add_pointer(&out, q.name, 30);
	dns_end_answer(&out, &q);
	dns_reverse_address(&reversed, q.name);
	if (!out.overflow && rc == 0 && q.type == DNS_AAAA && q.class == DNS_IN && !dns_read_answer(&a, out.at, out.len))
		__builtin_trap();
	out.len = 0;
	out.overflow = false;
	dns_write_query(&out, 1, q.name, DNS_A);
	return 0;
}
