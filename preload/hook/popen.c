/* SPDX-License-Identifier: MIT */
/* popen: do what libc's does, but start the shell by our posix_spawn(), for the reason in system.c. The stream is an ordinary one, so we
 * remember whom to wait for when it is closed. */
#include "hook/popen.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/pages.h"
#include "hook/exec.h"
#include "hook/hook.h"

/* Never freed, but used again. */
struct command {
	struct command *next;
	_Atomic(FILE *) stream; /* NULL in a free one */
	int fd;                 /* the stream's */
	pid_t shell;
};

static _Atomic(struct command *) commands;

/* Stands for the stream of a command that is being started. */
static FILE *const claimed = (FILE *)&commands;

static struct command *claim(void)
{
	struct command *c;

	for (c = commands; c; c = c->next) {
		FILE *none = NULL;
		if (atomic_compare_exchange_strong(&c->stream, &none, claimed))
			return c;
	}
	c = pages_take_small(sizeof(*c));
	if (!c)
		return NULL;
	c->stream = claimed;
	c->next = commands;
	while (!atomic_compare_exchange_weak(&commands, &c->next, c))
		;
	return c;
}

pid_t popen_forget(FILE *stream)
{
	for (struct command *c = commands; c; c = c->next) {
		FILE *its = c->stream;
		const pid_t shell = c->shell;
		if (its == stream && atomic_compare_exchange_strong(&c->stream, &its, NULL))
			return shell;
	}
	return 0;
}

/* The direction and "e" of fopen(3). Returns false if it is not a mode of popen(3). */
static bool mode_read(const char *mode, bool *reads, bool *keeps)
{
	bool writes = false;

	for (*reads = *keeps = false; *mode; mode++)
		switch (*mode) {
		case 'r':
			*reads = true;
			break;
		case 'w':
			writes = true;
			break;
		case 'e':
			*keeps = true;
			break;
		default:
			return false;
		}
	return *reads != writes;
}

/* Start the shell with `end` as its standard input or output, and without the streams to other commands. Returns an errno. */
static int start(pid_t *shell, const char *line, int end, bool reads)
{
	posix_spawn_file_actions_t actions;
	int error;

	posix_spawn_file_actions_init(&actions);
	error = posix_spawn_file_actions_adddup2(&actions, end, reads);
	for (struct command *c = commands; c && !error; c = c->next)
		if (c->stream && c->stream != claimed && c->fd != reads)
			error = posix_spawn_file_actions_addclose(&actions, c->fd);
	if (!error)
		error = exec_shell(shell, line, &actions, NULL);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Returns the stream, or NULL with an errno in `error`. */
static FILE *open_stream(struct command *c, const char *line, bool reads, int *error)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0) {
		*error = errno;
		return NULL;
	}
	c->fd = ends[!reads];
	FILE *stream = fdopen(c->fd, reads ? "r" : "w");
	*error = stream ? start(&c->shell, line, ends[reads], reads) : errno;
	sys.close(ends[reads]);
	if (!*error)
		return stream;
	if (stream)
		sys.fclose(stream);
	else
		sys.close(c->fd);
	return NULL;
}

FILE *popen(const char *line, const char *mode)
{
	const int saved = errno;
	bool reads, keeps;

	if (!mode_read(mode, &reads, &keeps)) {
		errno = EINVAL;
		return NULL;
	}
	int error = ENOMEM;
	struct command *c = claim();
	FILE *stream = c ? open_stream(c, line, reads, &error) : NULL;
	if (stream && !keeps)
		sys.fcntl(c->fd, F_SETFD, 0);
	if (c)
		c->stream = stream;
	errno = stream ? saved : error;
	return stream;
}
