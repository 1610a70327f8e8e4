/* SPDX-License-Identifier: MIT */
/* dlsym: whoever asks for a function of libc by name is given ours, where libc would have answered with its own; whatever else defines
 * that name is found as ever. A wrapper that stands behind us and looks for the function behind its own is given libc's, as we call it. */
#include <dlfcn.h>

#include "hook/hook.h"
#include "hook/tail_jump.h"
#include "symbol.h"

struct dlsym_arguments {
	void *handle;
	const char *name, *version; /* dlsym() has no version */
};

/* Jump here to return the first argument. */
static void *answer(void *found)
{
	return found;
}

static function *answer_with(struct dlsym_arguments *a, void *found)
{
	a->handle = found;
	return (function *)answer;
}

static const struct link_map *object_of(const void *address)
{
	struct link_map *m;
	Dl_info info;

	return dladdr1(address, &info, (void **)&m, RTLD_DL_LINKMAP) ? m : NULL;
}

/* strcmp() may be a sanitizer's, which is not ready when it asks for its first symbols. */
static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Returns the row of hooks.def that a name belongs to. */
static const char *row(const char *name)
{
#define ALIAS(other, of)        \
	if (same(name, #other)) \
		return #of;
#include "core/base/hooks.def"
	return name;
}

/* True if our hook may call the caller's own function of that name: given ours, it would call us again, and so on. */
static bool is_wrapper(const struct link_map *caller, const char *name)
{
	return caller && symbol_place(caller) == SYMBOL_BEHIND && (symbol_in(caller, name) || symbol_in(caller, row(name)));
}

/* Returns what libc answers of a handle. */
static void *ask(void *handle, const struct dlsym_arguments *a)
{
	return a->version ? sys.dlvsym(handle, a->name, a->version) : sys.dlsym(handle, a->name);
}

/* True if the next object after the caller's that defines the name is not libc. Behind a library that was loaded late is libc, too, which
 * comes before it in the list. */
static bool is_next_elsewhere(const struct link_map *caller, const char *name)
{
	if (symbol_place(caller) == SYMBOL_LATE)
		return false;
	const struct link_map *const next = symbol_next(caller, name);
	return !next || !symbol_is_libc(next);
}

/* True if only ours is found, which stands for a function that this libc does not have: a program that looks for it must not think so. */
static bool is_missing(const struct dlsym_arguments *a, const void *ours)
{
	return a->handle != RTLD_NEXT && !ask(RTLD_NEXT, a) && ask(a->handle, a) == ours;
}

static function *choose(struct dlsym_arguments *a, const void *address, function *libcs)
{
	void *const ours = a->name ? symbol_ours(a->name) : NULL;
	const struct link_map *const caller = ours ? object_of(address) : NULL;

	if (!ours || is_wrapper(caller, a->name))
		return libcs;
	if (is_missing(a, ours)) {
		a->handle = sys.dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD); /* which says so */
		return libcs;
	}
	if (a->handle == RTLD_DEFAULT || a->handle == RTLD_NEXT) {
		if (!ask(RTLD_NEXT, a) || (a->handle == RTLD_NEXT && !caller))
			return libcs; /* which has no such version, or an error to tell */
		if (a->handle == RTLD_NEXT && !is_next_elsewhere(caller, a->name))
			return answer_with(a, ours);
		return (function *)sys.dlsym; /* of a version, it would pass over ours */
	}
	const void *const found = ask(a->handle, a);
	const struct link_map *const in = found ? object_of(found) : NULL;
	return in && symbol_is_libc(in) ? answer_with(a, symbol_stand_in(in, a->name)) : libcs;
}

__attribute__((used)) function *dlsym_prepare(struct dlsym_arguments *a, const void *caller)
{
	a->version = NULL; /* what this register held */
	return choose(a, caller, (function *)sys.dlsym);
}

__attribute__((used)) function *dlvsym_prepare(struct dlsym_arguments *a, const void *caller)
{
	return choose(a, caller, (function *)sys.dlvsym);
}

#ifdef TAIL_JUMP

TAIL_JUMP(dlsym);
TAIL_JUMP(dlvsym);

#else

typedef void *lookup(void *, const char *, const char *);

void *dlsym(void *restrict handle, const char *restrict name)
{
	struct dlsym_arguments a = {handle, name, NULL};
	lookup *const next = (lookup *)choose(&a, __builtin_return_address(0), (function *)sys.dlsym);

	return next(a.handle, a.name, NULL);
}

void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version)
{
	struct dlsym_arguments a = {handle, name, version};
	lookup *const next = (lookup *)choose(&a, __builtin_return_address(0), (function *)sys.dlvsym);

	return next(a.handle, a.name, a.version);
}

#endif
