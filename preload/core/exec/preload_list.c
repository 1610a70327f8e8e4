/* preload_list: LD_PRELOAD, with our library in front of what is there. */
#include "core/exec/preload_list.h"

#include <dlfcn.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/base/env.h"

static char captured[PATH_MAX];

/* The next entry of an LD_PRELOAD list at `*at`, its length in `n`; NULL past the last. */
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

bool preload_list_has_ours(const char *list)
{
	size_t n;

	for (const char *entry; list && (entry = next_entry(&list, &n));)
		if (is_ours(entry, n))
			return true;
	return false;
}

static const char *list_in(char *const env[])
{
	for (; env && *env; env++)
		if (strncmp(*env, "LD_PRELOAD=", 11) == 0)
			return *env + 11;
	return NULL;
}

/* A relative name will mean something else, or nothing, in another directory. */
static void capture(const char *name, size_t n)
{
	char here[PATH_MAX];
	struct text t = {.at = captured, .size = sizeof(captured)};

	captured[0] = '\0';
	if (name[0] != '/' && name[0] != '$' && getcwd(here, sizeof(here)))
		text_add(&t, "%s/", here);
	text_add(&t, "%.*s", (int)n, name);
	if (t.cut)
		captured[0] = '\0';
}

void preload_list_capture(char *const env[])
{
	const char *list = list_in(env);
	Dl_info self;
	size_t n;

	for (const char *entry; list && (entry = next_entry(&list, &n));)
		if (is_ours(entry, n) && memchr(entry, '/', n)) {
			capture(entry, n);
			return;
		}
	if (dladdr(captured, &self) && self.dli_fname)
		capture(self.dli_fname, strlen(self.dli_fname));
}

const char *preload_list_captured(void)
{
	return captured[0] ? captured : NULL;
}

bool program_unsafe(void)
{
	const char *value = env_get("SOCKSIFY_UNSAFE");

	return value && strcmp(value, "no") != 0;
}
