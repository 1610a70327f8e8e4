/* SPDX-License-Identifier: MIT */
/* preload_list: walk the entries of LD_PRELOAD. */
#include "core/exec/preload_list.h"

#include <stdbool.h>
#include <string.h>

static bool separates(char c)
{
	return c == PRELOAD_SEPARATORS[0] || c == PRELOAD_SEPARATORS[1];
}

/* Returns the next entry of an LD_PRELOAD list at `*at`, with its length in `n`; NULL past the last. No libc function: this runs when a process
 * starts, where each costs a page fault. */
static const char *next_entry(const char **at, size_t *n)
{
	const char *entry = *at;

	while (separates(*entry))
		entry++;
	for (*at = entry; **at && !separates(**at);)
		++*at;
	*n = (size_t)(*at - entry);
	return *n ? entry : NULL;
}

static bool is_ours(const char *entry, size_t n)
{
	static const char ours[] = PRELOAD_LIBRARY;
	size_t len = sizeof(ours) - 1;

	while (n && len && entry[n - 1] == ours[len - 1])
		n--, len--;
	return !len && (!n || entry[n - 1] == '/');
}

/* AddressSanitizer ends a process in which another library was loaded before its own. */
static bool is_asan(const char *entry, size_t n)
{
	static const char names[][16] = {"libasan.so", "libclang_rt.asan"};
	const char *slash = memrchr(entry, '/', n), *name = slash ? slash + 1 : entry;
	const size_t len = n - (size_t)(name - entry);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (len >= strnlen(names[i], sizeof(names[i])) && memcmp(name, names[i], strnlen(names[i], sizeof(names[i]))) == 0)
			return true;
	return false;
}

static void append(struct text *to, const char *entry, size_t n, bool *begun)
{
	text_add(to, "%s%.*s", *begun ? ":" : "", (int)n, entry);
	*begun = true;
}

void preload_list_join(struct text *to, const char *library, const char *others)
{
	size_t n;
	bool begun = false, placed = false;
	const bool stands = preload_list_ours(others, &n);

	for (const char *entry; others && (entry = next_entry(&others, &n));) {
		const bool ours = is_ours(entry, n);
		if (!placed && (stands ? ours : !is_asan(entry, n))) {
			append(to, library, strlen(library), &begun);
			placed = true;
		}
		if (!ours)
			append(to, entry, n, &begun);
	}
	if (!placed)
		append(to, library, strlen(library), &begun);
}

void preload_list_leave(struct text *to, const char *others)
{
	bool begun = false;
	size_t n;

	for (const char *entry; others && (entry = next_entry(&others, &n));)
		if (!is_ours(entry, n))
			append(to, entry, n, &begun);
}

const char *preload_list_ours(const char *list, size_t *n)
{
	for (const char *entry; list && (entry = next_entry(&list, n));)
		if (is_ours(entry, *n))
			return entry;
	return NULL;
}
