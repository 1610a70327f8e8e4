/* preload_list: walk the entries of LD_PRELOAD. */
#include "core/exec/preload_list.h"

#include <string.h>

/* Returns the next entry of an LD_PRELOAD list at `*at`, with its length in `n`; NULL past the last. */
static const char *next_entry(const char **at, size_t *n)
{
	const char *entry = *at + strspn(*at, PRELOAD_SEPARATORS);

	*n = strcspn(entry, PRELOAD_SEPARATORS);
	*at = entry + *n;
	return *n ? entry : NULL;
}

static bool is_ours(const char *entry, size_t n)
{
	const size_t len = strlen(PRELOAD_LIBRARY);

	return n >= len && memcmp(entry + n - len, PRELOAD_LIBRARY, len) == 0 && (n == len || entry[n - len - 1] == '/');
}

void preload_list_join(struct text *to, const char *library, const char *others)
{
	size_t n;

	text_add(to, "%s", library);
	for (const char *entry; others && (entry = next_entry(&others, &n));)
		if (!is_ours(entry, n))
			text_add(to, ":%.*s", (int)n, entry);
}

const char *preload_list_ours(const char *list, size_t *n)
{
	for (const char *entry; list && (entry = next_entry(&list, n));)
		if (is_ours(entry, *n))
			return entry;
	return NULL;
}
