/* SPDX-License-Identifier: MIT */
/* env: copy our variables before the program can change them. */
#include "core/base/env.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/auxv.h>

#include "core/base/pages.h"

enum { NEAR = 1024, FAR = 63 * 1024, VARIABLES = 64 };

static const char prefix[] = "SOCKSIFY_";
static const char others[][16] = {"HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"};

/* Not HTTP_PROXY, which whoever asks a web server for a page sets for its CGI programs. */
const char env_common[ENV_COMMON][12] = {"ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "http_proxy", "NO_PROXY", "no_proxy"};

EARLY static struct {
	const char *variables[VARIABLES];
	int n;
	bool secure; /* AT_SECURE: do not believe the environment */
	bool overflowed;
	size_t near_used, far_used;
	char near[NEAR];
} captured;

static char far[FAR]; /* few environments need it, so few processes have these pages */

/* Returns what follows `start` in `s`, or NULL. No libc function runs when a process starts: each would cost a symbol look-up. */
static const char *after(const char *s, const char *start)
{
	while (*start)
		if (*s++ != *start++)
			return NULL;
	return s;
}

/* Returns false for most variables of an environment, which begin with another letter. */
static bool may_concern_us(const char *variable)
{
	switch (*variable) {
	case 'S':
	case 'A':
	case 'a':
	case 'N':
	case 'n':
	case 'H':
	case 'h':
	case 'X':
		return true;
	default:
		return false;
	}
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
	if (!may_concern_us(variable))
		return false;
	if (is_ours(variable))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (value_of(variable, others[i]))
			return true;
	for (int i = 0; i < ENV_COMMON; i++)
		if (value_of(variable, env_common[i]))
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

static char *take(size_t n)
{
	char *room = NULL;

	if (n <= NEAR - captured.near_used) {
		room = captured.near + captured.near_used;
		captured.near_used += n;
	} else if (n <= FAR - captured.far_used) {
		room = far + captured.far_used;
		captured.far_used += n;
	}
	return room;
}

const char *env_keep(const char *text, size_t n)
{
	char *const copy = take(n + 1);

	for (size_t i = 0; copy && i < n; i++)
		copy[i] = text[i];
	if (copy)
		copy[n] = '\0';
	return copy;
}

static void keep(const char *variable)
{
	size_t n = 0;

	while (variable[n])
		n++;
	const char *const copy = captured.n < VARIABLES ? env_keep(variable, n) : NULL;
	if (copy)
		captured.variables[captured.n++] = copy;
	else
		captured.overflowed = true;
}

void env_capture(char *const environ[])
{
	captured.near_used = captured.far_used = 0;
	captured.n = 0;
	captured.secure = getauxval(AT_SECURE);
	captured.overflowed = false;
	for (; environ && *environ; environ++)
		if (concerns_us(*environ) && is_new(*environ))
			keep(*environ);
}

/* Returns how many captured variables may be believed: none under secure execution. */
static int believed(void)
{
	return captured.secure ? 0 : captured.n;
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
	return captured.overflowed && !captured.secure;
}
