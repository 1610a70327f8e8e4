/* SPDX-License-Identifier: MIT */
/* exec_env: compare the given environment with ours, and add what it lacks. */
#include "core/exec/exec_env.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "conf/load/config_path.h"
#include "core/base/env.h"
#include "core/base/shared_dir.h"
#include "core/base/sys.h"
#include "core/exec/preload_list.h"

enum { SPARE = 256 }; /* for names and the constant ends of paths */

/* These variables together choose the proxies. One set must not be mixed with another. */
static const char choices[][16] = {"SOCKSIFY_CONFIG", "SOCKSIFY_PROXY", "SOCKSIFY_CHAIN", "SOCKSIFY_RULES"};

/* Returns the value of "NAME=value" if its name is `name`, of `n` bytes; else NULL. */
static const char *value_of(const char *variable, const char *name, size_t n)
{
	return strncmp(variable, name, n) == 0 && variable[n] == '=' ? variable + n + 1 : NULL;
}

static size_t name_length(const char *variable)
{
	size_t n = 0;

	while (variable[n] && variable[n] != '=')
		n++;
	return n;
}

const char *exec_env_get(char *const env[], const char *name)
{
	const size_t n = strlen(name);
	const char *value = NULL;

	for (; env && *env && !value; env++)
		value = value_of(*env, name, n);
	return value;
}

static bool same(const char *a, const char *b)
{
	return a && *a ? b && strcmp(a, b) == 0 : !b || !*b;
}

/* True if the given environment sets that variable to something else than ours. */
static bool differs(char *const given[], const char *name)
{
	return !same(exec_env_get(given, name), env_get(name));
}

static bool is_choice(const char *variable)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++)
		if (value_of(variable, choices[i], strlen(choices[i])))
			return true;
	return false;
}

bool exec_env_chooses(char *const given[])
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++)
		if (exec_env_get(given, choices[i]) && differs(given, choices[i]))
			return true;
	return false;
}

void exec_env_add(struct exec_env *h, const char *variable)
{
	if (h->n < EXEC_ENV_MAX)
		h->added[h->n++] = variable;
}

/* Add the text at the beginning of the room. */
static void add_text(struct exec_env *h, const struct text *t)
{
	if (t->cut)
		return;
	exec_env_add(h, t->at);
	h->room.at += t->len + 1;
	h->room.size -= t->len + 1;
}

/* Add NAME=FORMAT..., in the caller's room. */
static void __attribute__((format(printf, 2, 3))) compose(struct exec_env *h, const char *format, ...)
{
	struct text t = {.at = h->room.at, .size = h->room.size};
	va_list args;

	va_start(args, format);
	text_add_list(&t, format, args);
	va_end(args);
	add_text(h, &t);
}

static bool is_repeated(char *const env[], const char *name)
{
	size_t n = 0;

	for (; env && *env; env++)
		n += value_of(*env, name, strlen(name)) != NULL;
	return n > 1;
}

static void add_preload(struct exec_env *h, const char *library)
{
	const char *old = exec_env_get(h->given, "LD_PRELOAD");
	struct text t = {.at = h->room.at, .size = h->room.size};
	/* If it stands twice, the dynamic linker obeys the second. */
	const bool repeated = is_repeated(h->given, "LD_PRELOAD");

	if (same(old, library) && !repeated)
		return;
	text_add(&t, "LD_PRELOAD=");
	const char *value = t.at + t.len;
	if (library)
		preload_list_join(&t, library, old);
	else
		preload_list_leave(&t, old);
	if (!same(old, value) || repeated)
		add_text(h, &t);
}

static bool set(const char *value)
{
	return value && *value;
}

/* ALL_PROXY and its kin may be missing because the program would use them directly; only if one is our configuration must it be there. */
static bool lacks_common(const struct exec_env *h)
{
	bool had = false;

	for (int i = 0; i < ENV_PROXIES; i++) {
		had = had || env_get(env_common[i]);
		if (set(exec_env_get(h->given, env_common[i])))
			return false;
	}
	return had && !env_get("SOCKSIFY_PROXY") && !env_get("SOCKSIFY_CHAIN");
}

static void add_config(struct exec_env *h)
{
	const bool elsewhere = differs(h->given, "HOME") || differs(h->given, "XDG_CONFIG_HOME"), lacks = lacks_common(h);
	TEXT(path, 512);

	if (env_get("SOCKSIFY_CONFIG") || (!elsewhere && !lacks))
		return;
	const bool found = config_path_found(&path);
	if (found && elsewhere)
		compose(h, "SOCKSIFY_CONFIG=%s", path.at);
	for (int i = 0; !found && lacks && i < ENV_COMMON; i++)
		if (env_get(env_common[i]))
			compose(h, "%s=%s", env_common[i], env_get(env_common[i]));
}

static void add_settings(struct exec_env *h, bool choices_too)
{
	const char *variable;

	for (int i = 0; (variable = env_at(i)); i++) {
		const size_t n = name_length(variable);
		bool there = false;
		for (char *const *e = h->given; e && *e && !there; e++)
			there = value_of(*e, variable, n);
		if (!there && (choices_too || !is_choice(variable)))
			exec_env_add(h, variable);
	}
}

/* A program may pass placeholders to its children, so they must find the same table. */
static void add_names(struct exec_env *h)
{
	TEXT(path, 512);

	if (env_get("SOCKSIFY_NAMES") || exec_env_get(h->given, "SOCKSIFY_NAMES") || !differs(h->given, "XDG_RUNTIME_DIR"))
		return;
	if (shared_dir_path(SHARED_DIR_RUNTIME, &path) || shared_dir_path(SHARED_DIR_TMP, &path))
		compose(h, "SOCKSIFY_NAMES=%s", path.at);
}

void exec_env_order(struct text *value, const char *old)
{
	static const char option[] = "verify_asan_link_order";

	if (old && strstr(old, option))
		text_add(value, "%s", old);
	else
		text_add(value, "%s%s%s=0", set(old) ? old : "", set(old) ? ":" : "", option);
}

void exec_env_add_order(struct exec_env *h)
{
	struct text t = {.at = h->room.at, .size = h->room.size};

	text_add(&t, "ASAN_OPTIONS=");
	exec_env_order(&t, exec_env_get(h->given, "ASAN_OPTIONS"));
	add_text(h, &t);
}

/* The guard is ours whatever the program was told of another. */
static void add_marker(struct exec_env *h)
{
	if (env_get(SYS_MARKER) && exec_env_get(h->given, SYS_MARKER) && differs(h->given, SYS_MARKER))
		compose(h, SYS_MARKER "=%s", env_get(SYS_MARKER));
}

static size_t length(const char *s)
{
	return s ? strlen(s) : 0;
}

size_t exec_env_bytes(char *const given[], const char *library)
{
	static const char captured[][16] = {"HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"};
	size_t bytes = SPARE + length(exec_env_get(given, "LD_PRELOAD")) + length(library) + length(exec_env_get(given, "ASAN_OPTIONS"));

	for (size_t i = 0; i < sizeof(captured) / sizeof(*captured); i++)
		bytes += length(env_get(captured[i]));
	for (int i = 0; i < ENV_COMMON; i++)
		bytes += length(env_get(env_common[i]));
	return bytes;
}

void exec_env_begin(struct exec_env *h, char *const given[], const char *library, char *room)
{
	*h = (struct exec_env){.given = given, .room = {room, exec_env_bytes(given, library)}};
	add_preload(h, library);
	const bool ours = !exec_env_chooses(given);
	add_settings(h, ours);
	if (ours)
		add_config(h);
	add_names(h);
	add_marker(h);
}

size_t exec_env_most(char *const given[])
{
	size_t n = 0;

	while (given && given[n])
		n++;
	return n + EXEC_ENV_MAX + 1;
}

static bool replaced(const struct exec_env *h, const char *variable)
{
	const size_t n = name_length(variable);

	for (size_t i = 0; i < h->n; i++)
		if (value_of(h->added[i], variable, n))
			return true;
	return false;
}

char *const *exec_env_make(const struct exec_env *h, char **pointers)
{
	char **to = pointers;

	if (h->n == 0)
		return h->given;
	for (char *const *e = h->given; e && *e; e++)
		if (!replaced(h, *e))
			*to++ = *e;
	for (size_t i = 0; i < h->n; i++)
		*to++ = (char *)h->added[i];
	*to = NULL;
	return pointers;
}
