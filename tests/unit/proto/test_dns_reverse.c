/* SPDX-License-Identifier: MIT */
/* Names of the reverse trees. */
#include "core/proto/dns_reverse.h"

#include "tests/unit/tap.h"

TEST("names of the reverse trees lead to their addresses, all others to none")
{
	struct addr a;
	char text[ADDR_TEXT];

	EXPECT(dns_reverse_address(&a, "1.2.18.198.in-addr.arpa"));
	EXPECT_STR(addr_string(&a, text), "198.18.2.1");
	EXPECT(dns_reverse_address(&a, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.IP6.ARPA"));
	EXPECT_STR(addr_string(&a, text), "2001:db8::1");
	for (const char *const *bad =
		     (const char *const[]){"in-addr.arpa", "1.in-addr.arpa", "1.2.3.4.5.in-addr.arpa", "1.2.3.256.in-addr.arpa",
					   "1..2.3.in-addr.arpa", "ip6.arpa", "1.ip6.arpa", "a.2.3.4.in-addr.arpa",
					   "1.2.3.4.in-addr.arpa.com", "0001.2.3.4.in-addr.arpa", NULL};
	     *bad; bad++)
		EXPECT(!dns_reverse_address(&a, *bad));
}

TEST("an address becomes the name that leads back to it")
{
	static const char *const texts[] = {"198.18.2.1", "255.0.0.9", "2001:db8::1", "fd53:6f63:6b73::1:ffff"};
	struct addr a, back;
	char name[ADDR_NAME_MAX + 1];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		EXPECT(addr_parse_host(&a, texts[i], strlen(texts[i])));
		dns_reverse_name(&a, name);
		EXPECT(dns_reverse_address(&back, name) && addr_equal(&a, &back));
	}
	addr_parse_host(&a, "198.18.2.1", 10);
	dns_reverse_name(&a, name);
	EXPECT_STR(name, "1.2.18.198.in-addr.arpa");
}
