/* env: copy our variables before the program can change them. */
#include "core/base/env.h"

#include <stdbool.h>
#include <stddef.h>
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

/* Returns what follows `start` in `s`, or NULL. No libc function runs when a process starts: each would cost a symbol look-up. */
static const char *after(const char *s, const char *start)
{
	while (*start)
		if (*s++ != *start++)
			return NULL;
	return s;
}

static bool is_ours(const char *variable)
{
	return after(variable, prefix);
}

/* Returns the value if the variable has that name, else NULL. */
static const char *value_of(const char *variable, const char *name)
{
	const char *const rest = after(variable, name);

	return rest && *rest == '=' ? rest + 1 : NULL;
}

static bool concerns_us(const char *variable)
{
	if (is_ours(variable))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (value_of(variable, others[i]))
			return true;
	return false;
}

static bool same_name(const char *a, const char *b)
{
	while (*a == *b && *a && *a != '=')
		a++, b++;
	return *a == '=' && *b == '=';
}

/* True if no variable before it has its name: as for getenv(3), the first counts. An entry without a name is no variable. */
static bool is_new(const char *variable)
{
	if (!same_name(variable, variable))
		return false;
	for (int i = 0; i < captured.n; i++)
		if (same_name(captured.variables[i], variable))
			return false;
	return true;
}

static void keep(const char *variable)
{
	size_t end = captured.used;

	do {
		if (captured.n == VARIABLES || end == BYTES) {
			captured.overflowed = true;
			return;
		}
		captured.bytes[end++] = *variable;
	} while (*variable++);
	captured.variables[captured.n++] = captured.bytes + captured.used;
	captured.used = end;
}

void env_capture(char *const environ[])
{
	captured.used = 0;
	captured.n = 0;
	captured.overflowed = false;
	for (; environ && *environ; environ++)
		if (concerns_us(*environ) && is_new(*environ))
			keep(*environ);
}

/* Returns how many captured variables may be believed: none under secure execution. */
static int believed(void)
{
	return getauxval(AT_SECURE) ? 0 : captured.n;
}

const char *env_get(const char *name)
{
	for (int i = 0, n = believed(); i < n; i++) {
		const char *const value = value_of(captured.variables[i], name);
		if (value)
			return *value ? value : NULL;
	}
	return NULL;
}

const char *env_at(int i)
{
	for (int j = 0, n = believed(); j < n; j++)
		if (is_ours(captured.variables[j]) && i-- == 0)
			return captured.variables[j];
	return NULL;
}

int env_overflowed(void)
{
	return captured.overflowed && !getauxval(AT_SECURE);
}
