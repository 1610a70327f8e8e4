/* SPDX-License-Identifier: MIT */
/* Which queries Tor's RESOLVE can say, and what its answers become. */
#include "core/dns/tor.h"

#include "tests/unit/tap.h"

static struct dns_exchange exchange;
static struct request request;

static void ask(const char *name, uint16_t type)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf query = {.at = bytes, .size = sizeof(bytes)};

	EXPECT(dns_write_query(&query, type, name, type));
	EXPECT(dns_exchange_add(&exchange, query.at, query.len));
}

/* Whether a query for that can be said; the words are in `request`. */
static bool says(const char *name, uint16_t type)
{
	memset(&exchange, 0, sizeof(exchange));
	request = (struct request){0};
	ask(name, type);
	return dns_tor_request(&exchange, &request);
}

TEST("A and AAAA become RESOLVE of the name, PTR becomes RESOLVE_PTR of the address")
{
	EXPECT(says("example.com", DNS_A));
	EXPECT_INT(request.command, COMMAND_RESOLVE);
	EXPECT_STR(request.target.name, "example.com");
	EXPECT(says("example.com", DNS_AAAA));
	EXPECT_INT(request.command, COMMAND_RESOLVE);
	EXPECT(says("4.3.2.1.in-addr.arpa", DNS_PTR));
	EXPECT_INT(request.command, COMMAND_RESOLVE_PTR);
	EXPECT_INT(request.target.kind, ADDR_IPV4);
	EXPECT_INT(request.target.ip[0], 1);
}

TEST("there are no words for other records, for what no host is called, for the name of a name, for no query")
{
	EXPECT(!says("example.com", 16));
	EXPECT(!says("example.com", DNS_HTTPS));
	EXPECT(!says("1.2.3.4", DNS_A));
	EXPECT(!says("example.com", DNS_PTR));
	memset(&exchange, 0, sizeof(exchange));
	EXPECT(!dns_tor_request(&exchange, &request));
}

TEST("both queries are answered: one with the address, the other that there is none of its family")
{
	const struct addr found = {.kind = ADDR_IPV4, .ip = {192, 0, 2, 7}};
	struct dns_answer a;

	memset(&exchange, 0, sizeof(exchange));
	ask("example.com", DNS_AAAA);
	ask("example.com", DNS_A);
	dns_tor_answer(&exchange, &found);
	EXPECT(dns_exchange_done(&exchange));
	const struct slice ipv6 = dns_exchange_answer(&exchange, 0), ipv4 = dns_exchange_answer(&exchange, 1);
	EXPECT(dns_read_answer(&a, ipv6.at, ipv6.len));
	EXPECT_INT(a.n, 0);
	EXPECT_INT(a.rcode, DNS_NOERROR);
	EXPECT(dns_read_answer(&a, ipv4.at, ipv4.len));
	EXPECT_INT(a.n, 1);
	EXPECT_INT(a.addresses[0].ip[3], 7);
}

static void take_name(void *name, const char *is)
{
	snprintf(name, 64, "%s", is);
}

TEST("the name that was found is a PTR record")
{
	const struct addr found = {.kind = ADDR_NAME, .name = "host.example.com"};
	char name[64] = "";

	EXPECT(says("4.3.2.1.in-addr.arpa", DNS_PTR));
	dns_tor_answer(&exchange, &found);
	const struct slice answer = dns_exchange_answer(&exchange, 0);
	EXPECT_INT(dns_read_pointers(answer.at, answer.len, take_name, name), DNS_NOERROR);
	EXPECT_STR(name, "host.example.com");
}
