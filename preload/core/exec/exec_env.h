/* exec_env: the environment that makes a program which is executed from here as proxied as this one. */
#ifndef CORE_EXEC_EXEC_ENV_H
#define CORE_EXEC_EXEC_ENV_H

#include <stddef.h>

enum { EXEC_ENV_MAX = 72 };

/* What `given`, the environment that the program is to have, lacks. */
struct exec_env {
	char *const *given;
	const char *added[EXEC_ENV_MAX]; /* "NAME=value", in place of what `given` has under that name */
	size_t n;
	struct { /* those that are put together here */
		char *at;
		size_t size;
	} room;
};

/* Bytes in which exec_env_begin() puts together what it has to. */
size_t exec_env_bytes(char *const given[], const char *library);

/* Find out what `given` (NULL: empty) lacks: `library` (NULL: not known) in LD_PRELOAD, SOCKSIFY_* as this process was started with, and what the home
 * directory and XDG_RUNTIME_DIR stood for. Who gives the program another way than ours has his will. */
void exec_env_begin(struct exec_env *, char *const given[], const char *library, char *room);

/* Pointers that exec_env_make() needs. */
size_t exec_env_pointers(const struct exec_env *);

/* The whole environment, made in `pointers`; `given` itself if it lacks nothing. */
char *const *exec_env_make(const struct exec_env *, char **pointers);

/* The value of `name` in an environment; NULL if it is not there. */
const char *exec_env_get(char *const env[], const char *name);

#endif
