/* SPDX-License-Identifier: MIT */
/* Names that jobs wait for: who asks, and who may go without waiting. */
#include "core/dial/lookup.h"

#include <semaphore.h>

#include "core/base/addr.h"
#include "core/dial/engine.h"
#include "fd/table.h"
#include "no_threads.h"
#include "tests/unit/tap.h"

struct asker {
	struct job job;
	const char *name;
	struct lookup *lookup;
	struct addresses found;
	bool at_once; /* the answer was there when it had asked */
};

static sem_t over;

static bool step(struct job *j)
{
	struct asker *a = JOB_OF(struct asker, job, j);
	const bool first = !a->lookup;

	if (first)
		a->lookup = lookup_begin(a->name);
	j->limit = INT64_MAX;
	if (!lookup_ended(a->lookup))
		return true;
	a->at_once = first;
	a->found = *lookup_found(a->lookup);
	return false;
}

static void end(struct job *j)
{
	lookup_leave(JOB_OF(struct asker, job, j)->lookup);
	sem_post(&over);
}

static void ask(struct asker *a, int n)
{
	sem_init(&over, 0, 0);
	for (int i = 0; i < n; i++) {
		a[i].job = (struct job){.step = step, .end = end, .fd = -1};
		engine_submit(&a[i].job);
	}
	for (int i = 0; i < n; i++)
		sem_wait(&over);
}

TEST("a job hears of the addresses of a name, and of a name that has none")
{
	static struct asker askers[] = {{.name = "127.0.0.2"}, {.name = "no host is called this"}};

	ask(askers, 2);
	EXPECT_INT(askers[0].found.n, 1);
	EXPECT_INT(lookup_address(&askers[0].found, 0, 7).ip[3], 2);
	EXPECT_INT(lookup_address(&askers[0].found, 0, 7).port, 7);
	EXPECT_INT(askers[1].found.n, 0);
}

TEST("of more names than there may be threads each has its turn")
{
	static struct asker askers[200];
	static char names[200][16];
	int found = 0;

	for (int i = 0; i < 200; i++) {
		snprintf(names[i], sizeof(names[i]), "127.0.0.%d", i % 190);
		askers[i].name = names[i];
	}
	ask(askers, 200);
	for (int i = 0; i < 200; i++)
		found += lookup_address(&askers[i].found, 0, 0).ip[3] == i % 190;
	EXPECT_INT(found, 200);
}

TEST("where no thread can be had a name is looked up all the same, before anything goes on")
{
	static struct asker asker = {.name = "127.0.0.2"};

	no_threads = true;
	ask(&asker, 1);
	no_threads = false;
	EXPECT(asker.at_once);
	EXPECT_INT(asker.found.n, 1);
}

TEST("a socket of a family is given an address that it reaches, if there is one")
{
	static const struct addr v4 = {.kind = ADDR_IPV4, .ip = {127, 0, 0, 1}}, v6 = {.kind = ADDR_IPV6, .ip = {[15] = 1}};
	struct addresses found = {.n = 2};
	struct sockaddr_storage at;

	addr_to_sockaddr(&v6, &at, AF_INET6);
	memcpy(&found.at[0], &at, sizeof(found.at[0]));
	addr_to_sockaddr(&v4, &at, AF_INET6);
	memcpy(&found.at[1], &at, sizeof(found.at[1]));
	EXPECT_INT(lookup_first(&found, AF_INET), 1);
	EXPECT_INT(lookup_first(&found, AF_INET6), 0);
	EXPECT_INT(lookup_first(&found, AF_UNSPEC), 0);
	found.n = 1;
	EXPECT_INT(lookup_first(&found, AF_INET), 0);
}
