/* SPDX-License-Identifier: MIT */
/* read_urls: chains given as URLs, in SOCKSIFY_PROXY and ALL_PROXY. */
#include <string.h>
#include <utlist.h>

#include "conf/load/loader.h"
#include "core/base/ascii.h"

static bool judge(struct loader *l, struct proxy *p, struct text *problem)
{
	if (p->username[0] && !p->password[0])
		loader_find_password(l, p);
	return proxy_check(p, problem);
}

static struct proxy *read_proxy(struct loader *l, const char *name, const char *url, struct text *problem)
{
	struct proxy *const p = loader_take(l, sizeof(*p));

	if (!p || !proxy_read(p, url, problem))
		return NULL;
	p->name = name;
	if (!judge(l, p, problem))
		return NULL;
	DL_APPEND(l->c->proxies, p);
	return p;
}

static struct proxy *add_url(struct loader *l, const char *variable, const char *name, const char *url)
{
	TEXT(problem, 512);
	struct proxy *const p = read_proxy(l, name, url, &problem);

	if (problem.len)
		problems_add(&l->problems, (struct where){variable, 0}, "%s", problem.at);
	return p;
}

static const struct route *new_route(struct loader *l, const char *name, const struct proxy *const *hops, size_t n)
{
	struct chain *const chain = loader_chain(l, loader_copy(l, name, strlen(name)), hops, n);

	return chain ? &chain->route : NULL;
}

void loader_read_url(struct loader *l, const char *variable, const char *name, const char *url)
{
	const struct proxy *const p = add_url(l, variable, NULL, url);

	if (p)
		l->c->chain = new_route(l, name, &p, 1);
}

const struct route *loader_route_of_url(struct loader *l, const char *url, struct text *problem)
{
	const struct proxy *const p = read_proxy(l, NULL, url, problem);

	return p ? new_route(l, "command line", &p, 1) : NULL;
}

/* Returns the length of NAME in "NAME=URL", or 0 if it is a mere URL. */
static size_t name_length(const char *item)
{
	const size_t n = strcspn(item, "=:/");

	return item[n] == '=' ? n : 0;
}

/* Cut the next item off the list. Returns NULL at its end, and where memory is short. */
static const char *next_item(struct loader *l, const char **list)
{
	const char *item = *list;
	size_t n = strcspn(item, ",");

	if (!*item)
		return NULL;
	*list += n + (item[n] == ',');
	ascii_trim(&item, &n);
	return loader_scratch(l, item, n);
}

static void add_named(struct loader *l, const char *item, size_t n)
{
	const struct where where = {"SOCKSIFY_PROXY", 0};
	const char *const name = loader_copy(l, item, n);

	if (!name)
		return;
	if (!section_is_name(name)) {
		problems_add(&l->problems, where, "bad name '%s': letters, digits, '.', '_' and '-' make a name", name);
		return;
	}
	if (config_route(l->c, name, n)) {
		problems_add(&l->problems, where, "there is another '%s' already", name);
		return;
	}
	const struct proxy *const p = add_url(l, where.file, name, item + n + 1);
	struct chain *const chain = p ? loader_chain(l, name, &p, 1) : NULL;
	if (chain)
		loader_add_chain(l, &l->c->single, chain);
}

void loader_read_named_urls(struct loader *l, const char *urls)
{
	for (const char *item; (item = next_item(l, &urls));)
		if (name_length(item))
			add_named(l, item, name_length(item));
}

void loader_read_urls(struct loader *l, const char *urls)
{
	const struct where where = {"SOCKSIFY_PROXY", 0};
	const struct proxy **const hops = loader_take(l, HOPS_MAX * sizeof(*hops));
	size_t n = 0;

	for (const char *item; hops && (item = next_item(l, &urls));) {
		const struct proxy *const p = name_length(item) ? NULL : add_url(l, where.file, NULL, item);
		if (!p)
			continue;
		if (n && proxy_only_first(p))
			problems_add(&l->problems, where, "%s", proxy_only_first(p));
		if (n == HOPS_MAX) {
			problems_add(&l->problems, where, "more than %d proxies", HOPS_MAX);
			return;
		}
		hops[n++] = p;
	}
	if (n)
		l->c->chain = new_route(l, "command line", hops, n);
}
