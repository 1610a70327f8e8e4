/* SPDX-License-Identifier: MIT */
#include "core/dns/cache.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/tap.h"

static struct host host(const char *address)
{
	struct host h = {.by_dns = true, .n = 1};

	EXPECT(addr_parse_host(&h.addresses[0], address, strlen(address)));
	return h;
}

static bool has(const char *name, const char *address)
{
	const struct host want = host(address);
	struct host found;

	return dns_cache_get(name, &found) && found.n == 1 && found.by_dns && addr_equal(&found.addresses[0], &want.addresses[0]);
}

static void put(const char *name, const char *address, uint32_t ttl)
{
	const struct host h = host(address);

	dns_cache_put(name, &h, ttl);
}

TEST("nothing is known before it was learnt")
{
	struct host found;

	EXPECT(!dns_cache_get("example.com", &found));
}

TEST("a name is known under any case")
{
	put("example.com", "192.0.2.1", 60);
	EXPECT(has("example.com", "192.0.2.1"));
	EXPECT(has("EXAMPLE.Com", "192.0.2.1"));
	EXPECT(!has("example.co", "192.0.2.1"));
	EXPECT(!has("example.com.example", "192.0.2.1"));
}

TEST("what was learnt last counts")
{
	put("example.com", "192.0.2.2", 60);
	EXPECT(has("example.com", "192.0.2.2"));
}

TEST("what lives for no time is not remembered, and replaces nothing")
{
	put("example.com", "192.0.2.3", 0);
	EXPECT(has("example.com", "192.0.2.2"));
}

TEST("what lives for a second is gone after it")
{
	const struct timespec second = {.tv_sec = 1, .tv_nsec = 10000000};

	put("short.example", "192.0.2.4", 1);
	EXPECT(has("short.example", "192.0.2.4"));
	nanosleep(&second, NULL);
	EXPECT(!has("short.example", "192.0.2.4"));
}

TEST("a parent knows what its forked child learnt")
{
	int status;
	const pid_t child = fork();

	if (child == 0) {
		put("child.example", "2001:db8::1", 60);
		_exit(tap_failed);
	}
	waitpid(child, &status, 0);
	EXPECT_INT(status, 0);
	EXPECT(has("child.example", "2001:db8::1"));
}

TEST("of a thousand names none has another's address")
{
	char name[32], address[32];
	struct host found;
	int known = 0, wrong = 0;

	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "n%d.example", i);
		snprintf(address, sizeof address, "10.0.%d.%d", i >> 8, i & 255);
		put(name, address, 60);
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "n%d.example", i);
		if (!dns_cache_get(name, &found))
			continue;
		known++;
		wrong += found.addresses[0].ip[2] != i >> 8 || found.addresses[0].ip[3] != (i & 255);
	}
	EXPECT(known > 0);
	EXPECT_INT(wrong, 0);
}
