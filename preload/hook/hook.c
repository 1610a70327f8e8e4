/* hook: what all interposed functions share. */
#include "hook/hook.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/env.h"
#include "core/base/err.h"
#include "core/names/origin.h"
#include "dns/udp_server.h"
#include "core/base/reentry.h"
#include "core/names/placeholder.h"
#include "fd/hidden.h"
#include "self.h"
#include "udp/socket.h"

enum { UNREAD, READING, READ };

static struct app app;
static atomic_int state;
static __thread bool reading; /* in this thread, further up the stack */

/* While the configuration is being read, and for ever if that fails, nothing may leave. */
static const struct app closed;

static const char *program_name(void)
{
	static char path[4096];
	const ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	const char *slash = n > 0 ? memrchr(path, '/', (size_t)n) : NULL;

	return slash ? slash + 1 : NULL;
}

/* One line of the log for each mistake. */
static void report(const char *problems)
{
	while (*problems) {
		const size_t n = strcspn(problems, "\n");
		log_line(LOG_ERROR, "%.*s", (int)n, problems);
		problems += n + (problems[n] == '\n');
	}
}

/* What is to be logged before the configuration is read: by programs that only start others, for instance. */
static void log_early(void)
{
	const char *level = env_get("SOCKSIFY_LOG"), *file = env_get("SOCKSIFY_LOG_FILE");

	log_use(level && strcmp(level, "silent") == 0 ? LOG_SILENT : LOG_ERROR, file && *file == '/' ? file : NULL);
}

void hook_start(void)
{
	static atomic_bool started;

	if (started)
		return;
	env_capture(environ);
	self_capture(environ);
	log_early();
	started = true;
}

static void read_config(void)
{
	TEXT(problems, 2048);

	hook_start();
	app.program = program_name();
	app.usable = config_load(&app.config, &problems);
	if (app.usable) {
		log_use(app.config.log, app.config.log_file);
		placeholder_use(&app.config);
		udp_use(&app.config, app.program);
		dns_udp_server_use(&app.config, app.program);
	} else {
		report(problems.at);
	}
}

const struct app *hook_enter(void)
{
	int unread = UNREAD;

	if (reading)
		return &closed;
	if (reentered())
		return NULL;
	if (state == READ)
		return &app;
	if (atomic_compare_exchange_strong(&state, &unread, READING)) {
		const int saved = errno;
		sigset_t all, before;
		/* A handler that connects meanwhile would find that nothing may leave. */
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		reading = true;
		hidden_beyond_limit(read_config);
		reading = false;
		state = READ;
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		errno = saved;
	}
	while (state != READ)
		sched_yield();
	return &app;
}

void hook_forked(void)
{
	if (state == READING && !reading)
		state = UNREAD; /* the thread that was at it is not here */
}

/* The key `udp` says what happens to datagrams that the rules send through a chain. */
static int instead_of_chain(const struct config *c, const struct addr *target, const struct route **route)
{
	if (c->udp == UDP_BLOCK)
		return ERR_UDP_BLOCKED;
	if (c->udp == UDP_DIRECT)
		*route = &route_direct;
	else if (addr_is_group(target)) /* not for the proxy's neighbours to hear: mDNS tells this machine's own address */
		return ERR_UDP_GROUP;
	return 0;
}

/* Whether a DNS server may hear what programs ask it themselves. Where some names go through a chain, one that goes directly may not: a
 * resolver on loopback (127.0.0.53) or in the local network would ask the real DNS for them. But a rule for its port is meant so. */
static bool answers_itself(const struct app *a, const struct verdict *v)
{
	const bool meant = v->route->kind == ROUTE_DIRECT && v->rule && v->rule->ports;

	return a->config.dns == DNS_SYSTEM || v->route->kind == ROUTE_BLOCK || meant || hook_is_direct(a);
}

int hook_decide(const struct app *a, struct addr *target, bool udp, const struct route **route)
{
	struct destination to = {.addr = target, .udp = udp, .program = a->program};
	struct addr name;

	if (!a->usable)
		return ERR_CONFIG;
	if (placeholder_covers(target)) {
		if (!placeholder_get(target, &name))
			return ERR_NO_PLACEHOLDER;
		*target = name;
	} else if (origin_get(target, &name)) {
		to.origin = &name;
	}
	const struct verdict v = config_decide(&a->config, &to);
	const bool dns = target->port == 53 && !answers_itself(a, &v);
	*route = v.route;
	if (dns && udp) {
		*route = &route_here;
		return 0;
	}
	if (dns && v.route->kind == ROUTE_DIRECT)
		return ERR_DNS_DIRECT;
	if (udp && v.route->kind == ROUTE_CHAIN)
		return instead_of_chain(&a->config, target, route);
	return v.route->kind == ROUTE_BLOCK ? ERR_BLOCKED : 0;
}

bool hook_resolves_directly(const struct app *a, const struct addr *name)
{
	return a->usable &&
	       config_name_is_direct(&a->config, &(struct destination){.addr = name, .program = a->program});
}

bool hook_is_direct(const struct app *a)
{
	return a->usable && a->config.chain->kind == ROUTE_DIRECT && !a->config.rules;
}

bool hook_goes_unseen(void)
{
	const struct app *a = hook_enter();

	return !a || hook_is_direct(a);
}

ssize_t hook_result(ssize_t rc, int errno_before)
{
	errno = rc < 0 ? err_errno((int)rc) : errno_before;
	return rc < 0 ? -1 : rc;
}
