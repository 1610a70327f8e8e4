/* handover: the environment that makes a program which is executed from here as proxied as this one. */
#ifndef BASE_HANDOVER_H
#define BASE_HANDOVER_H

#include <stddef.h>

enum { HANDOVER_MAX = 72 };

/* What `given`, the environment that the program is to have, lacks. */
struct handover {
	char *const *given;
	const char *added[HANDOVER_MAX]; /* "NAME=value", in place of what `given` has under that name */
	size_t n;
	struct { /* those that are put together here */
		char *at;
		size_t size;
	} room;
};

/* Bytes in which handover_begin() puts together what it has to. */
size_t handover_bytes(char *const given[]);

/* Find out what `given` (NULL: empty) lacks: our library in LD_PRELOAD, SOCKSIFY_* as this process was started with, and what the home
 * directory and XDG_RUNTIME_DIR stood for. Who gives the program another way than ours has his will. */
void handover_begin(struct handover *, char *const given[], char *room);

/* Pointers that handover_env() needs. */
size_t handover_pointers(const struct handover *);

/* The whole environment, made in `pointers`; `given` itself if it lacks nothing. */
char *const *handover_env(const struct handover *, char **pointers);

/* The value of `name` in an environment; NULL if it is not there. */
const char *handover_get(char *const env[], const char *name);

#endif
