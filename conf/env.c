/* env: a copy of what concerns us, taken before the program can change it. */
#include "env.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>

enum { BYTES = 64 * 1024, VARIABLES = 64 };

static const char prefix[] = "SOCKSIFY_";
static const char *const others[] = {"ALL_PROXY", "all_proxy",	     "NO_PROXY",       "no_proxy",
				     "HOME",	  "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"};

static struct {
	char bytes[BYTES];
	size_t used;
	const char *variables[VARIABLES];
	int n;
	bool overflowed;
} captured;

static bool is_ours(const char *variable)
{
	return strncmp(variable, prefix, sizeof(prefix) - 1) == 0;
}

static bool is_named(const char *variable, const char *name, size_t n)
{
	return strncmp(variable, name, n) == 0 && variable[n] == '=';
}

static bool concerns_us(const char *variable)
{
	if (is_ours(variable))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (is_named(variable, others[i], strlen(others[i])))
			return true;
	return false;
}

/* Of two with the same name the first counts, as for getenv(3). */
static bool known(const char *variable, size_t name)
{
	for (int i = 0; i < captured.n; i++)
		if (is_named(captured.variables[i], variable, name))
			return true;
	return false;
}

static void keep(const char *variable)
{
	const size_t size = strlen(variable) + 1;

	if (captured.n == VARIABLES || size > BYTES - captured.used) {
		captured.overflowed = true;
		return;
	}
	char *const copy = memcpy(captured.bytes + captured.used, variable, size);
	captured.used += size;
	captured.variables[captured.n++] = copy;
}

void env_capture(char *const environ[])
{
	captured.used = 0;
	captured.n = 0;
	captured.overflowed = false;
	if (!environ || getauxval(AT_SECURE))
		return;
	for (; *environ; environ++) {
		const char *const equals = strchr(*environ, '=');
		if (equals && concerns_us(*environ) && !known(*environ, (size_t)(equals - *environ)))
			keep(*environ);
	}
}

const char *env_get(const char *name)
{
	const size_t n = strlen(name);

	for (int i = 0; i < captured.n; i++)
		if (is_named(captured.variables[i], name, n))
			return captured.variables[i][n + 1] ? captured.variables[i] + n + 1 : NULL;
	return NULL;
}

const char *env_at(int i)
{
	for (int j = 0; j < captured.n; j++)
		if (is_ours(captured.variables[j]) && i-- == 0)
			return captured.variables[j];
	return NULL;
}

int env_overflowed(void)
{
	return captured.overflowed;
}
