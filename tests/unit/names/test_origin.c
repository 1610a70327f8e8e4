/* SPDX-License-Identifier: MIT */
#include "core/names/origin.h"

#include "tests/unit/tap.h"

static struct addr is(const char *text)
{
	struct addr a;

	EXPECT(addr_parse(&a, text, strlen(text), 0));
	return a;
}

static bool came_from(const char *address, const char *name)
{
	const struct addr a = is(address);
	struct addr found;

	return origin_get(&a, &found) && strcmp(found.name, name) == 0 && found.kind == ADDR_NAME && found.port == a.port;
}

static void resolved(const char *name, const char *address)
{
	const struct addr n = is(name), a = is(address);

	origin_put(&n, &a);
}

TEST("before anything was resolved no address has a name")
{
	struct addr name;
	const struct addr a = is("192.0.2.1:80");

	EXPECT(!origin_get(&a, &name));
}

TEST("an address has the name that it was resolved from, and the port it is asked with")
{
	resolved("example.com", "192.0.2.1");
	resolved("six.example", "2001:db8::1");
	EXPECT(came_from("192.0.2.1:443", "example.com"));
	EXPECT(came_from("[2001:db8::1]:80", "six.example"));
}

TEST("addresses next to it have none")
{
	struct addr name;
	const struct addr a = is("192.0.2.2"), b = is("2001:db8::2"), c = {.kind = ADDR_IPV6, .ip = {192, 0, 2, 1}};

	EXPECT(!origin_get(&a, &name));
	EXPECT(!origin_get(&b, &name));
	EXPECT(!origin_get(&c, &name));
}

TEST("the name that it was resolved from last counts")
{
	resolved("example.org", "192.0.2.1");
	EXPECT(came_from("192.0.2.1:80", "example.org"));
}

TEST("of ten thousand addresses none has another's name")
{
	char name[32];
	struct addr a = is("10.0.0.0"), n = is("example.com"), found;
	int wrong = 0, known = 0;

	for (int i = 0; i < 10000; i++) {
		a.ip[2] = (uint8_t)(i >> 8), a.ip[3] = (uint8_t)i;
		snprintf(n.name, sizeof n.name, "n%d.example", i);
		origin_put(&n, &a);
	}
	for (int i = 0; i < 10000; i++) {
		a.ip[2] = (uint8_t)(i >> 8), a.ip[3] = (uint8_t)i;
		snprintf(name, sizeof name, "n%d.example", i);
		if (!origin_get(&a, &found))
			continue;
		known++;
		wrong += strcmp(found.name, name) != 0;
	}
	EXPECT(known > 0);
	EXPECT_INT(wrong, 0);
}
