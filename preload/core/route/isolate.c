/* SPDX-License-Identifier: MIT */
/* isolate: the user name is the run's, the password names what is isolated in it. */
#include "core/route/isolate.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>

#include "core/base/clock.h"
#include "core/base/env.h"

/* Without the kernel's random numbers, which early in a boot are not there, a clock's: what matters is that others have another. */
static uint64_t draw(void)
{
	uint64_t n;

	if (getrandom(&n, sizeof(n), GRND_NONBLOCK) != sizeof(n))
		n = (uint64_t)clock_now() * 0x9e3779b97f4a7c15;
	return n ? n : 1;
}

static void figures(char to[static ISOLATE_RUN], uint64_t n)
{
	struct text t = {.at = to, .size = ISOLATE_RUN};

	text_add(&t, "%08x%08x", (unsigned)(n >> 32), (unsigned)n);
}

void isolate_new_run(char to[static ISOLATE_RUN])
{
	figures(to, draw());
}

/* Write the run that the launcher chose; without one, this process's own and its forked children's. */
static void put_run(char to[static ISOLATE_RUN])
{
	static _Atomic uint64_t own;
	const char *const given = env_get(ISOLATE_VARIABLE);
	uint64_t none = 0;

	if (given && strlen(given) == ISOLATE_RUN - 1 && strspn(given, "0123456789abcdef") == ISOLATE_RUN - 1) {
		memcpy(to, given, ISOLATE_RUN);
		return;
	}
	atomic_compare_exchange_strong(&own, &none, draw());
	figures(to, own);
}

static void put_destination(struct text *t, enum command command, const struct addr *target)
{
	char ip[ADDR_FIGURES];

	if (command == COMMAND_ASSOCIATE)
		text_add(t, "udp");
	else if (target->kind == ADDR_NAME)
		text_add(t, "%s", target->name);
	else
		text_add(t, "%s", addr_figures(target, ip));
}

bool isolate_login(struct login *l, const struct config *c, enum command command, const struct addr *target)
{
	struct text password = {.at = l->password, .size = sizeof(l->password)};

	if (c->isolate == ISOLATE_NONE)
		return false;
	put_run(l->username);
	if (c->isolate == ISOLATE_PROCESS)
		text_add(&password, "process");
	else if (c->isolate == ISOLATE_DESTINATION)
		put_destination(&password, command, target);
	else
		figures(l->password, draw());
	return true;
}
