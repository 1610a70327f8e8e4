/* SPDX-License-Identifier: MIT */
/* exec_env: complete an environment for exec, so that the new program is proxied as this one is. No allocation: works in a vfork child. */
#ifndef CORE_EXEC_EXEC_ENV_H
#define CORE_EXEC_EXEC_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"

enum { EXEC_ENV_MAX = 72 };

/* What the environment `given` lacks. */
struct exec_env {
	char *const *given;
	const char *added[EXEC_ENV_MAX]; /* "NAME=value", in place of what `given` has under that name */
	size_t n;
	struct { /* where additions are composed */
		char *at;
		size_t size;
	} room;
};

/* Returns how many bytes of room exec_env_begin() needs. */
size_t exec_env_bytes(char *const given[], const char *library);

/* Find out what `given` (NULL: empty) lacks: `library` in LD_PRELOAD (NULL: none of ours is to be there), SOCKSIFY_* as this process was started with, and what the home
 * directory and XDG_RUNTIME_DIR stood for. If `given` already names a different proxy configuration, that one wins. */
void exec_env_begin(struct exec_env *, char *const given[], const char *library, char *room);

/* AddressSanitizer, with which the program is linked, is to bear with a library before its own. */
void exec_env_add_order(struct exec_env *);

/* Append what ASAN_OPTIONS is for that, where it was `old`, or NULL. */
void exec_env_order(struct text *value, const char *old);

/* Add a variable, or have it in place of the one of that name. It is not copied. */
void exec_env_add(struct exec_env *, const char *variable);

/* Returns how many pointers exec_env_make() needs at most. */
size_t exec_env_most(char *const given[]);

/* Returns the whole environment, built in `pointers`; or `given` itself if it lacks nothing. */
char *const *exec_env_make(const struct exec_env *, char **pointers);

/* True if an environment chooses another proxy configuration than ours. */
bool exec_env_chooses(char *const given[]);

/* Returns the value of `name` in an environment, or NULL. */
const char *exec_env_get(char *const env[], const char *name);

#endif
