/* way: a via in words, for people. */
#include "way.h"

#include <string.h>

static bool is_chain(const struct config *c, const struct via *via)
{
	for (const struct chain *chain = c->chains; chain; chain = chain->next)
		if (&chain->via == via)
			return true;
	return false;
}

void way_name(const struct config *c, const struct via *via, struct text *t)
{
	const char *proxy = via->kind == VIA_CHAIN && via->n == 1 ? via->hops[0]->name : NULL;

	if (is_chain(c, via))
		text_add(t, "chain %s", via->name);
	else if (proxy && strcmp(proxy, via->name) == 0)
		text_add(t, "proxy %s", via->name);
	else
		text_add(t, "%s", via->name);
}

void way_hops(const struct via *via, struct text *t)
{
	for (size_t i = 0; via->kind == VIA_CHAIN && i < via->n; i++) {
		if (i > 0)
			text_add(t, " -> ");
		proxy_text(via->hops[i], t);
	}
}
