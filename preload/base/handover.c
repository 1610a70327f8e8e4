/* handover: the environment that makes a program which is executed from here as proxied as this one. */
#include "base/handover.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/preload.h"
#include "conf/env.h"
#include "conf/place.h"

enum { SPARE = 256 }; /* for what is the same in all of them: names, and the rest of paths */

/* Which of these there are, and what they say, is the way to go: one choice, not to be mixed with another. */
static const char *const ways[] = {"SOCKSIFY_CONFIG", "SOCKSIFY_PROXY", "SOCKSIFY_CHAIN", "SOCKSIFY_RULES"};
static const char *const common[] = {"ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"};

/* The value in "NAME=value" when that is its name, of `n` bytes. */
static const char *value_of(const char *variable, const char *name, size_t n)
{
	return strncmp(variable, name, n) == 0 && variable[n] == '=' ? variable + n + 1 : NULL;
}

const char *handover_get(char *const env[], const char *name)
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

/* Whether a variable that is not ours to set has another value than here. */
static bool differs(const struct handover *h, const char *name)
{
	return !same(handover_get(h->given, name), env_get(name));
}

static bool is_way(const char *variable)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (value_of(variable, ways[i], strlen(ways[i])))
			return true;
	return false;
}

static bool another_way(const struct handover *h)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (handover_get(h->given, ways[i]) && differs(h, ways[i]))
			return true;
	return false;
}

static void add(struct handover *h, const char *variable)
{
	if (h->n < HANDOVER_MAX)
		h->added[h->n++] = variable;
}

/* Add what was put together at the beginning of the room. */
static void add_text(struct handover *h, const struct text *t)
{
	if (t->cut)
		return;
	add(h, t->at);
	h->room.at += t->len + 1;
	h->room.size -= t->len + 1;
}

/* Add NAME=FORMAT..., in the caller's room. */
static void __attribute__((format(printf, 2, 3))) compose(struct handover *h, const char *format, ...)
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

static void add_preload(struct handover *h)
{
	const char *old = handover_get(h->given, "LD_PRELOAD"), *library = preload_captured();
	struct text t = {.at = h->room.at, .size = h->room.size};

	if (!library)
		return;
	text_add(&t, "LD_PRELOAD=");
	const char *value = t.at + t.len;
	preload_join(&t, library, old);
	/* Of two, the dynamic linker heeds the second. */
	if (!same(old, value) || is_repeated(h->given, "LD_PRELOAD"))
		add_text(h, &t);
}

static bool set(const char *value)
{
	return value && *value;
}

/* ALL_PROXY may be missing for the sake of a program that would use it by itself; it is needed only where it is our way. */
static bool lacks_common(const struct handover *h)
{
	return (env_get("ALL_PROXY") || env_get("all_proxy")) && !env_get("SOCKSIFY_PROXY") && !env_get("SOCKSIFY_CHAIN") &&
	       !set(handover_get(h->given, "ALL_PROXY")) && !set(handover_get(h->given, "all_proxy"));
}

static void add_config(struct handover *h)
{
	const bool elsewhere = differs(h, "HOME") || differs(h, "XDG_CONFIG_HOME"), lacks = lacks_common(h);
	TEXT(path, PATH_MAX);

	if (env_get("SOCKSIFY_CONFIG") || (!elsewhere && !lacks))
		return;
	const bool found = place_found(&path);
	if (found && elsewhere)
		compose(h, "SOCKSIFY_CONFIG=%s", path.at);
	for (size_t i = 0; !found && lacks && i < sizeof(common) / sizeof(*common); i++)
		if (env_get(common[i]))
			compose(h, "%s=%s", common[i], env_get(common[i]));
}

static void add_settings(struct handover *h, bool ways_too)
{
	const char *variable;

	for (int i = 0; (variable = env_at(i)); i++) {
		const size_t n = strcspn(variable, "=");
		bool there = false;
		for (char *const *e = h->given; e && *e && !there; e++)
			there = value_of(*e, variable, n);
		if (!there && (ways_too || !is_way(variable)))
			add(h, variable);
	}
}

/* Placeholder addresses are handed down, so the table of their names is too. */
static void add_names(struct handover *h)
{
	const char *run = env_get("XDG_RUNTIME_DIR");

	if (env_get("SOCKSIFY_NAMES") || handover_get(h->given, "SOCKSIFY_NAMES") || !differs(h, "XDG_RUNTIME_DIR"))
		return;
	if (run)
		compose(h, "SOCKSIFY_NAMES=%s/socksify", run);
	else
		compose(h, "SOCKSIFY_NAMES=/tmp/socksify-%u", (unsigned)geteuid());
}

static size_t length(const char *s)
{
	return s ? strlen(s) : 0;
}

size_t handover_bytes(char *const given[])
{
	static const char *const captured[] = {"HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"};
	const char *old = handover_get(given, "LD_PRELOAD"), *library = preload_captured();
	size_t bytes = SPARE + length(old) + length(library);

	for (size_t i = 0; i < sizeof(captured) / sizeof(*captured); i++)
		bytes += length(env_get(captured[i]));
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		bytes += length(env_get(common[i]));
	return bytes;
}

void handover_begin(struct handover *h, char *const given[], char *room)
{
	*h = (struct handover){.given = given, .room = {room, handover_bytes(given)}};
	add_preload(h);
	const bool ours = !another_way(h);
	add_settings(h, ours);
	if (ours)
		add_config(h);
	add_names(h);
}

size_t handover_pointers(const struct handover *h)
{
	size_t n = 0;

	while (h->given && h->given[n])
		n++;
	return n + h->n + 1;
}

static bool replaced(const struct handover *h, const char *variable)
{
	const size_t n = strcspn(variable, "=");

	for (size_t i = 0; i < h->n; i++)
		if (value_of(h->added[i], variable, n))
			return true;
	return false;
}

char *const *handover_env(const struct handover *h, char **pointers)
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
