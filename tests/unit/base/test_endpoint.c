/* SPDX-License-Identifier: MIT */
#include "core/base/endpoint.h"

#include <arpa/inet.h>
#include <stddef.h>

#include "tests/unit/tap.h"

static const struct endpoint none;

static struct endpoint said(const char *text, int family)
{
	struct endpoint e;
	struct addr a;

	EXPECT(addr_parse(&a, text, strlen(text), 0));
	EXPECT(endpoint_to(&e, &a, family));
	return e;
}

TEST("every address at once is said in three ways")
{
	const struct endpoint v4 = said("0.0.0.0:53", AF_INET), v6 = said("[::]:53", AF_INET6), mapped = said("0.0.0.0:53", AF_INET6);
	const struct endpoint one = said("192.0.2.1:53", AF_INET6), loopback = said("[::1]:53", AF_INET6);

	EXPECT(endpoint_is_unspecified(&v4) && endpoint_is_unspecified(&v6) && endpoint_is_unspecified(&mapped));
	EXPECT(!endpoint_is_unspecified(&one) && !endpoint_is_unspecified(&loopback) && !endpoint_is_unspecified(&none));
}

TEST("what does not belong to an address does not tell endpoints apart")
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = 1}, b = {.sin_family = AF_UNSPEC, .sin_port = 1};
	struct sockaddr_in6 c = {.sin6_family = AF_INET6, .sin6_flowinfo = 7}, d = {.sin6_family = AF_INET6};

	memset(a.sin_zero, 0xff, sizeof a.sin_zero);
	const struct endpoint x = endpoint_from((struct sockaddr *)&a, sizeof a), y = endpoint_from((struct sockaddr *)&b, sizeof b);
	EXPECT(endpoint_equal(&x, &y));
	const struct endpoint u = endpoint_from((struct sockaddr *)&c, sizeof c), v = endpoint_from((struct sockaddr *)&d, sizeof d);
	EXPECT(endpoint_equal(&u, &v));
}

TEST("address, port, family and interface tell them apart")
{
	const struct endpoint a = said("192.0.2.1:80", AF_INET), b = said("192.0.2.2:80", AF_INET), c = said("192.0.2.1:81", AF_INET),
			      d = said("192.0.2.1:80", AF_INET6);
	struct endpoint e = said("[fe80::1]:80", AF_INET6), f = e;

	f.in6.sin6_scope_id = 2;
	EXPECT(!endpoint_equal(&a, &b));
	EXPECT(!endpoint_equal(&a, &c));
	EXPECT(!endpoint_equal(&a, &d));
	EXPECT(!endpoint_equal(&e, &f));
}

TEST("an address that is cut short, or of a family that is not IP, is none")
{
	const struct endpoint four = said("192.0.2.1:80", AF_INET), six = said("[2001:db8::1]:80", AF_INET6);
	const struct sockaddr unix_socket = {.sa_family = AF_UNIX};
	struct endpoint e = endpoint_from(&four.sa, sizeof four.in4 - 1);

	EXPECT(endpoint_equal(&e, &none));
	e = endpoint_from(&six.sa, offsetof(struct sockaddr_in6, sin6_scope_id) - 1);
	EXPECT(endpoint_equal(&e, &none));
	e = endpoint_from(&unix_socket, sizeof unix_socket);
	EXPECT(endpoint_equal(&e, &none));
	e = endpoint_from(&four.sa, 0);
	EXPECT(endpoint_equal(&e, &none));
	EXPECT_INT(endpoint_len(&none), 0);
}

TEST("an IPv6 address without an interface, as RFC 2133 has it, is one")
{
	const struct endpoint six = said("[2001:db8::1]:80", AF_INET6);
	const struct endpoint e = endpoint_from(&six.sa, offsetof(struct sockaddr_in6, sin6_scope_id));

	EXPECT(endpoint_equal(&e, &six));
}

TEST("an endpoint goes to the kernel in its family's length")
{
	const struct endpoint four = said("192.0.2.1:80", AF_INET), mapped = said("192.0.2.1:80", AF_INET6);

	EXPECT_INT(endpoint_len(&four), sizeof(struct sockaddr_in));
	EXPECT_INT(endpoint_len(&mapped), sizeof(struct sockaddr_in6));
	EXPECT(IN6_IS_ADDR_V4MAPPED(&mapped.in6.sin6_addr));
	EXPECT_INT(ntohs(mapped.in4.sin_port), 80);
}

TEST("a name, a path, and an address of the other family cannot be said")
{
	struct endpoint e;
	const struct addr name = {.kind = ADDR_NAME, .name = "example.com"}, path = {.kind = ADDR_UNIX, .name = "/tmp/x"},
			  six = addr_loopback(AF_INET6, 80);

	EXPECT(!endpoint_to(&e, &name, AF_INET6));
	EXPECT(!endpoint_to(&e, &path, AF_UNIX));
	EXPECT(!endpoint_to(&e, &six, AF_INET));
}
