/* SPDX-License-Identifier: MIT */
/* decide: let the rules choose first; placeholders, DNS and the key `udp` may change their choice. */
#include "core/route/decide.h"

#include <errno.h>

#include "core/base/err.h"
#include "core/names/origin.h"
#include "core/names/placeholder.h"
#include "core/names/resolv_conf.h"
#include "core/route/device.h"

enum { DNS_PORT = 53 };

static struct verdict choose(const struct app *app, const struct destination *to)
{
	const struct rule *const r = rule_index_first(&app->config->index, to, rule_fits);

	if (r)
		return (struct verdict){.chosen = r->route, .rule = r};
	if (addr_is_loopback(to->addr))
		return (struct verdict){.chosen = &route_direct, .loopback = true};
	return (struct verdict){.chosen = app->config->chain};
}

bool app_is_direct(const struct app *app)
{
	return app->config && app->config->chain->kind == ROUTE_DIRECT && !app->config->rules;
}

bool app_dns_is_open(const struct app *app)
{
	return app_is_direct(app) || (app->config && app->config->dns == DNS_SYSTEM);
}

/* True for a server that programs ask because the system told them to, or a stub on loopback (127.0.0.53), which asks such servers. The user
 * may choose any other, and then means that one. */
static bool is_resolver(const struct addr *target)
{
	return addr_is_loopback(target) || resolv_conf_names(target);
}

/* True if we take a query in a DNS server's place. Where some names go through a chain, no direct server may hear of them. A rule that names
 * port 53 is obeyed. Any server behind a chain is asked by TCP, which every proxy carries; a connection through a chain reaches its server,
 * but the system's only if names are looked up at all. */
static bool is_taken_here(const struct app *app, const struct addr *target, bool udp, const struct verdict *v)
{
	const bool direct = v->chosen->kind == ROUTE_DIRECT, meant = direct && v->rule && v->rule->ports;

	if (target->port != DNS_PORT || meant || app_dns_is_open(app))
		return false;
	return udp || direct || (v->resolver && app->config->dns == DNS_REMOTE);
}

/* True for the system's DNS servers where nothing goes out by default: rules may let some names go, and who asks about those is answered from here. */
static bool is_spared(const struct app *app, const struct verdict *v)
{
	return v->resolver && !v->rule && !app_dns_is_open(app);
}

/* Apply the key `udp` to datagrams that the rules send through a chain. */
static int instead_of_chain(const struct config *c, const struct addr *target, struct verdict *v)
{
	if (c->udp == UDP_BLOCK)
		return ERR_UDP_BLOCKED;
	if (c->udp == UDP_DIRECT)
		v->route = &route_direct;
	else if (addr_is_group(target)) /* mDNS reveals this machine's own address, which is no business of the proxy's neighbours */
		return ERR_UDP_GROUP;
	return 0;
}

/* True for a rule that names exactly this address. */
static bool names_address(const struct rule *r, const struct destination *to)
{
	const unsigned all = to->addr->kind == ADDR_IPV4 ? 32 : 128;
	const struct host_pattern *p = r->hosts;

	while (p && (p->key.kind != to->addr->kind || p->key.bits != all))
		p = p->next;
	return p && rule_fits(r, to);
}

/* Replace a placeholder by its name. Any other address of those ranges must be known to be real: a direct look-up has found it, or a rule
 * names it. It may be a placeholder that was forgotten. */
static int see_through(const struct app *app, struct destination *to, struct addr *target, struct addr *name)
{
	const bool covered = placeholder_covers(target);

	if (covered && placeholder_get(target, name)) {
		*target = *name;
		return 0;
	}
	if (origin_get(target, name))
		to->origin = name;
	return covered && !to->origin && !rule_index_first(&app->config->index, to, names_address) ? ERR_NO_PLACEHOLDER : 0;
}

int decide(const struct app *app, struct addr *target, bool udp, struct verdict *v)
{
	struct destination to = {.addr = target, .udp = udp, .program = app->program};
	struct addr name;

	*v = (struct verdict){0};
	if (!app->config)
		return ERR_CONFIG;
	const int rc = see_through(app, &to, target, &name);
	if (rc)
		return rc;
	*v = choose(app, &to);
	v->route = v->chosen;
	v->resolver = target->port == DNS_PORT && is_resolver(target);
	const bool blocked = v->chosen->kind == ROUTE_BLOCK;
	if (blocked && !is_spared(app, v))
		return ERR_BLOCKED;
	if (blocked || is_taken_here(app, target, udp, v))
		v->route = &route_here;
	else if (udp && v->chosen->kind == ROUTE_CHAIN)
		return instead_of_chain(app->config, target, v);
	return 0;
}

int decide_for(int fd, const struct app *app, struct addr *target, bool udp, struct verdict *v)
{
	const int rc = decide(app, target, udp, v);
	const bool is_loopback = rc == 0 && v->loopback && v->route->kind == ROUTE_DIRECT;

	return is_loopback && !app_is_direct(app) && device_leads_away(fd) ? -ENETUNREACH : rc;
}

bool decide_is_direct(const struct app *app, const struct addr *to, bool udp)
{
	struct addr target = *to;
	struct verdict v;

	return decide(app, &target, udp, &v) == 0 && v.route->kind == ROUTE_DIRECT && target.kind != ADDR_NAME;
}

enum listen_mode decide_listen(const struct app *app, const struct addr *at, const struct route **route)
{
	const struct addr here = {.kind = ADDR_IPV4, .port = at->port};
	const struct destination to = {.addr = &here, .program = app->program};
	const struct rule *r = app->config->listeners;

	while (r && !rule_fits(r, &to))
		r = r->next;
	*route = r && r->route ? r->route : app->config->chain;
	const enum listen_mode mode = r ? r->listen : app->config->listen;
	const bool at_loopback = addr_is_loopback(at) && !addr_is_unspecified(at);
	return mode == LISTEN_PROXY && ((*route)->kind != ROUTE_CHAIN || at_loopback) ? LISTEN_LOCAL : mode;
}

/* Unless a rule names the server, the rule for the name decides: no chain may learn the names of another. */
const struct route *decide_dns_server(const struct app *app, const struct addr *name)
{
	const struct destination server = {.addr = &app->config->dns_server, .program = app->program};
	const struct verdict v = choose(app, &server);

	if (v.rule || !name)
		return v.chosen;
	const struct verdict its = choose(app, &(struct destination){.addr = name, .program = app->program});
	return its.rule && its.chosen->kind == ROUTE_CHAIN ? its.chosen : v.chosen;
}

/* True if the rule says whether a name goes directly. One that lets some ports or one protocol go leaves the others to the rules after it. */
static bool settles(const struct rule *r, const struct destination *to)
{
	return rule_fits_program(r, to) && (r->route->kind != ROUTE_DIRECT || (!r->ports && r->protocol == RULE_ANY));
}

static bool is_direct_everywhere(const struct app *app, const struct addr *name)
{
	const struct destination to = {.addr = name, .program = app->program};
	const struct rule *const r = rule_index_first(&app->config->index, &to, settles);

	return (r ? r->route : app->config->chain)->kind == ROUTE_DIRECT;
}

bool app_goes_direct(const struct app *app)
{
	const struct addr anything = {.kind = ADDR_NAME};
	const struct destination to = {.addr = &anything, .program = app->program};
	const struct rule *const r = rule_index_first(&app->config->index, &to, settles);

	return app_is_direct(app) || (r && r->route->kind == ROUTE_DIRECT);
}

enum name_verdict name_decide_asked(const struct addr *name)
{
	if (addr_is_loopback(name))
		return NAME_LOCAL;
	if (addr_is_invalid(name))
		return NAME_NOWHERE;
	return addr_is_onion(name) ? NAME_HERE : NAME_BY_DNS;
}

enum name_verdict name_decide_proxied(const struct app *app, const struct addr *name)
{
	const enum name_verdict who = name_decide_asked(name);

	if (who != NAME_BY_DNS || app->config->dns == DNS_TCP)
		return who;
	return app->config->dns == DNS_REMOTE ? NAME_HERE : NAME_SYSTEM;
}

enum name_verdict name_decide(const struct app *app, const struct addr *name)
{
	return !addr_is_loopback(name) && is_direct_everywhere(app, name) ? NAME_DIRECT : name_decide_proxied(app, name);
}

enum name_verdict address_decide(const struct app *app, const struct addr *a)
{
	struct addr host = *a;

	host.port = 0;
	if (addr_is_loopback(a))
		return NAME_LOCAL;
	if (decide_is_direct(app, &host, false))
		return NAME_DIRECT;
	if (placeholder_covers(a))
		return NAME_HERE;
	return app->config->dns == DNS_SYSTEM ? NAME_SYSTEM : NAME_BY_DNS;
}
