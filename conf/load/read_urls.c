/* SPDX-License-Identifier: MIT */
/* read_urls: chains given as URLs, in SOCKSIFY_PROXY and ALL_PROXY. */
#include <string.h>
#include <utlist.h>

#include "conf/load/loader.h"
#include "core/base/ascii.h"

static struct proxy *add_url(struct loader *l, const char *variable, const char *url)
{
	struct proxy *const p = loader_take(l, sizeof(*p));
	TEXT(problem, 512);

	if (!p)
		return NULL;
	if (!proxy_parse(p, url, &problem)) {
		problems_add(&l->problems, (struct where){variable, 0}, "%s", problem.at);
		return NULL;
	}
	DL_APPEND(l->c->proxies, p);
	return p;
}

static void set_chain(struct loader *l, const char *name, const struct proxy *const *hops, size_t n)
{
	struct chain *const chain = loader_chain(l, loader_copy(l, name, strlen(name)), hops, n);

	if (chain)
		l->c->chain = &chain->route;
}

void loader_read_url(struct loader *l, const char *variable, const char *name, const char *url)
{
	const struct proxy *const p = add_url(l, variable, url);

	if (p)
		set_chain(l, name, &p, 1);
}

void loader_read_urls(struct loader *l, const char *urls)
{
	const struct where where = {"SOCKSIFY_PROXY", 0};
	const struct proxy **const hops = loader_take(l, HOPS_MAX * sizeof(*hops));
	size_t n = 0;

	while (*urls && hops) {
		const char *item = urls;
		size_t len = strcspn(urls, ",");
		urls += len + (urls[len] == ',');
		ascii_trim(&item, &len);
		const char *const url = loader_scratch(l, item, len);
		const struct proxy *const p = url ? add_url(l, where.file, url) : NULL;
		if (!p)
			continue;
		if (n && p->addr.kind == ADDR_UNIX)
			problems_add(&l->problems, where, "a unix socket can only be the first hop");
		if (n == HOPS_MAX) {
			problems_add(&l->problems, where, "more than %d proxies", HOPS_MAX);
			return;
		}
		hops[n++] = p;
	}
	if (n)
		set_chain(l, "command line", hops, n);
}
