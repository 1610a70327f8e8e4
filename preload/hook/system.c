/* SPDX-License-Identifier: MIT */
/* system: give the library to commands that libc runs by /bin/sh with `environ`, which may have lost our variables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/pages.h"
#include "core/exec/exec_env.h"
#include "hook/exec.h"
#include "hook/hook.h"
#include "self.h"

enum { SPARE = 64 };

struct script {
	char *at; /* NULL if the command needs no script */
	size_t size;
};

static char *quote(char *to, const char *text)
{
	*to++ = '\'';
	for (; *text; text++)
		to = *text == '\'' ? stpcpy(to, "'\\''") : (*to = *text, to + 1);
	*to++ = '\'';
	return to;
}

/* Write "export NAME='value'...; exec /bin/sh -c -- 'COMMAND'": a shell with the library in it then runs the command. */
static void write_script(char *to, const struct exec_env *h, const char *command)
{
	to = stpcpy(to, "export");
	for (size_t i = 0; i < h->n; i++) {
		const size_t name = strcspn(h->added[i], "=") + 1;
		*to++ = ' ';
		to = quote(mempcpy(to, h->added[i], name), h->added[i] + name);
	}
	to = quote(stpcpy(to, "; exec /bin/sh -c -- "), command);
	*to = '\0';
}

/* Returns 0, or a negative err if the command cannot be run. */
static int prepare(struct script *s, const char *command)
{
	char room[exec_env_bytes(environ, self_library())];
	struct exec_env h;
	const int rc = exec_check(AT_FDCWD, "/bin/sh", environ);

	*s = (struct script){0};
	if (rc)
		return rc;
	exec_env_begin(&h, environ, self_library(), room);
	if (h.n == 0)
		return 0;
	s->size = SPARE + 4 * strlen(command);
	for (size_t i = 0; i < h.n; i++)
		s->size += SPARE + 4 * strlen(h.added[i]);
	s->at = pages_take(s->size);
	if (!s->at)
		return -ENOMEM;
	write_script(s->at, &h, command);
	return 0;
}

static void discard(struct script *s)
{
	if (s->at)
		pages_free(s->at, s->size);
}

int system(const char *command)
{
	const int saved = errno;
	struct script script;

	if (!command)
		return sys.system(command);
	const int rc = prepare(&script, command);
	if (rc)
		return (int)hook_result(rc, saved);
	errno = saved;
	const int status = sys.system(script.at ? script.at : command);
	discard(&script);
	return status;
}

FILE *popen(const char *command, const char *mode)
{
	const int saved = errno;
	struct script script;
	const int rc = prepare(&script, command);

	hook_result(rc, saved);
	if (rc)
		return NULL;
	FILE *pipe = sys.popen(script.at ? script.at : command, mode);
	discard(&script);
	return pipe;
}
