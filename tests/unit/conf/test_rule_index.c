/* SPDX-License-Identifier: MIT */
#include "conf/rule_index.h"

#include <stdlib.h>
#include <time.h>
#include <utlist.h>

#include "tests/unit/tap.h"

static struct arena arena;
static struct rule *rules;
static struct rule_index index_of_rules;

static void begin(void)
{
	arena_free(&arena);
	rules = NULL;
	index_of_rules = (struct rule_index){0};
}

/* Add a rule for hosts, separated by blanks, and a port (0: any). */
static struct rule *add(const char *hosts, uint16_t port)
{
	struct rule *const r = arena_take(&arena, sizeof(*r));
	TEXT(problem, 256);
	char number[8];

	for (size_t n; hosts += strspn(hosts, " "), (n = strcspn(hosts, " ")); hosts += n)
		EXPECT(rule_add_host(r, &arena, hosts, n, &problem));
	snprintf(number, sizeof(number), "%d", port);
	if (port)
		EXPECT(rule_add_port(r, &arena, number, strlen(number), &problem));
	DL_APPEND(rules, r);
	EXPECT(rule_index_add(&index_of_rules, &arena, r));
	return r;
}

static const struct rule *walk(const struct destination *to)
{
	const struct rule *r = rules;

	while (r && rule_mismatch(r, to) != RULE_NONE)
		r = r->next;
	return r;
}

static const struct rule *ask(const char *host, uint16_t port)
{
	struct addr a;

	EXPECT(addr_parse(&a, host, strlen(host), port));
	return rule_index_first(&index_of_rules, &(struct destination){.addr = &a}, rule_fits);
}

TEST("the first rule that matches is found, whichever of its keys finds it")
{
	begin();
	const struct rule *const wide = add("10.0.0.0/8 *.example.com", 22), *const narrow = add("10.1.2.3 db.example.com", 0),
				 *const any = add("", 25), *const star = add("nobody.test *", 80),
				 *const last = add("0.0.0.0/0 *.com", 0);

	EXPECT(ask("10.1.2.3", 22) == wide && ask("10.1.2.3", 25) == narrow && ask("10.9.9.9", 25) == any);
	EXPECT(ask("DB.Example.com.", 22) == wide && ask("db.example.com", 80) == narrow && ask("www.example.com", 80) == star);
	EXPECT(ask("www.example.com", 443) == last && ask("192.0.2.1", 443) == last && ask("com", 443) == last);
	EXPECT(!ask("2001:db8::1", 443) && !ask("example.org", 443) && !ask("comx", 443));
	EXPECT(ask("2001:db8::1", 80) == star);
	arena_free(&arena);
}

TEST("an address is found by the name that it was resolved from, if that rule comes first")
{
	const struct addr a = {.kind = ADDR_IPV4, .ip = {10, 1, 2, 3}}, name = {.kind = ADDR_NAME, .name = "db.example.com"};
	const struct destination to = {.addr = &a, .origin = &name};

	begin();
	const struct rule *const first = add("*.example.com", 0);
	add("10.0.0.0/8", 0);
	EXPECT(rule_index_first(&index_of_rules, &to, rule_fits) == first);
	arena_free(&arena);
}

static const char *pick(const char *const from[], size_t n)
{
	return from[(size_t)rand() % n];
}

#define PICK(from) pick(from, sizeof(from) / sizeof(*(from)))

TEST("of random rules the index finds what a walk through them finds")
{
	static const char *const patterns[] = {"10.1.2.3", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/30", "0.0.0.0/0",
					       "fd00::/8", "fd00::1",    "::/0",        "*",           "a.test",
					       "*.a.test", "*.test",     "b.a.test",    "test",        "10.1.2.3/31"};
	static const char *const hosts[] = {"10.1.2.3", "10.1.2.2", "10.2.2.2",   "11.1.1.1", "fd00::1", "fd01::1", "2001:db8::1",
					    "a.test",   "b.a.test", "c.b.a.test", "test",     "xa.test", "other",   "A.TEST."};

	srand(1);
	for (int round = 0; round < 300; round++) {
		begin();
		for (int n = rand() % 12; n >= 0; n--) {
			char text[64];
			snprintf(text, sizeof(text), "%s %s", rand() % 4 ? PICK(patterns) : "", rand() % 2 ? PICK(patterns) : "");
			add(text, (uint16_t)(rand() % 3 ? 0 : 22 + rand() % 2));
		}
		for (int i = 0; i < 30; i++) {
			struct addr a, origin;
			const char *const host = PICK(hosts), *const name = hosts[7 + rand() % 7];
			EXPECT(addr_parse(&a, host, strlen(host), (uint16_t)(22 + rand() % 2)) &&
			       addr_parse(&origin, name, strlen(name), 0));
			const struct destination to = {.addr = &a, .origin = rand() % 2 ? &origin : NULL};
			EXPECT(rule_index_first(&index_of_rules, &to, rule_fits) == walk(&to));
		}
	}
	arena_free(&arena);
}

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Returns what it costs to find the last of `n` rules, which names a range, a name and a domain. */
static double cost(int n)
{
	char text[96];
	double least = 1e9;

	begin();
	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "10.%d.%d.0/24 host%d.test *.d%d.example", i >> 8, i & 255, i, i);
		add(text, 0);
	}
	snprintf(text, sizeof(text), "www.d%d.example", n - 1);
	for (int round = 0; round < 5; round++) {
		const double begun = cpu_us();
		for (int i = 0; i < 100; i++)
			EXPECT(ask(text, 80) != NULL);
		const double took = (cpu_us() - begun) / 100;
		least = took < least ? took : least;
	}
	arena_free(&arena);
	return least;
}

TEST("one rule among 10,000 is found about as fast as one among 10")
{
	const double few = cost(10), many = cost(10000);

	printf("# %.2f us among 10, %.2f us among 10,000\n", few, many);
	EXPECT(many < 10 * few);
}
