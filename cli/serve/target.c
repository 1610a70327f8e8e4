/* SPDX-License-Identifier: MIT */
/* target: a name is looked up by whom the library would ask, and a rule for it holds for its addresses. */
#include "cli/serve/target.h"

#include <string.h>

#include "core/base/err.h"
#include "core/base/thread.h"
#include "core/dial/lookup.h"
#include "core/dns/resolver.h"
#include "core/names/hosts.h"
#include "core/names/origin.h"

/* Set the address that stands for a name, and remember the name. */
static int use(struct addr *target, const struct addr *address)
{
	const struct addr name = *target;

	*target = *address;
	target->port = name.port;
	if (!addr_is_loopback(&name))
		origin_put(&name, target);
	return 0;
}

static int use_system(struct addr *target)
{
	struct addresses found;

	if (!lookup(target->name, &found))
		return ERR_TARGET_NAME;
	const struct addr address = lookup_address(&found, lookup_first(&found, AF_UNSPEC), 0);
	return use(target, &address);
}

/* A placeholder would only be turned back, so a name that the last proxy is to look up stays one. */
static int find_address(const struct app *app, struct addr *target)
{
	const enum name_verdict who = name_decide(app, target);
	struct host host;

	if (who == NAME_DIRECT)
		return 0;
	if (who == NAME_SYSTEM)
		return use_system(target);
	if (who == NAME_HERE && !hosts_find(target->name, &host))
		return 0;
	if (resolver_ask(app, target->name, AF_UNSPEC, &host) != RESOLVER_FOUND || !host.n)
		return ERR_TARGET_NAME;
	return use(target, &host.addresses[0]);
}

static int find(const struct app *app, struct addr *target, const struct route **route)
{
	struct verdict v;
	int rc = target->kind == ADDR_NAME ? find_address(app, target) : 0;

	if (rc == 0)
		rc = decide(app, target, false, &v);
	if (rc == 0 && v.route->kind == ROUTE_HERE && v.chosen->kind != ROUTE_CHAIN)
		rc = ERR_DNS_DIRECT;
	if (rc == 0)
		*route = v.chosen;
	return rc;
}

static void *run(void *target)
{
	struct target *const t = target;

	t->rc = find(t->app, &t->addr, &t->route);
	t->found = true;
	engine_look();
	return NULL;
}

static bool step(struct job *j)
{
	return !JOB_OF(struct target, job, j)->found;
}

static void end(struct job *j)
{
	struct target *const t = JOB_OF(struct target, job, j);

	t->end(t);
}

static bool takes_time(const struct app *app, const struct addr *target)
{
	if (target->kind != ADDR_NAME)
		return false;
	const enum name_verdict who = name_decide(app, target);
	return who == NAME_BY_DNS || who == NAME_SYSTEM;
}

void target_find(struct target *t, const struct app *app)
{
	t->app = app;
	if (takes_time(app, &t->addr) && thread_start(run, t)) {
		t->job = (struct job){.step = step, .end = end, .fd = -1, .limit = INT64_MAX};
		engine_submit(&t->job);
	} else {
		t->rc = find(app, &t->addr, &t->route);
		t->end(t);
	}
}
