/* SPDX-License-Identifier: MIT */
/* password_file: one for all of a user's commands, in memory; the oldest lines make room for new ones. */
#include "password_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/load/passwords.h"
#include "core/base/env.h"
#include "core/base/shared_dir.h"
#include "settings.h"

enum { LINES = 64, ROOM = LINES * PASSWORDS_LINE };

/* Open the user's directory for the session, else one that the next start of the machine removes. */
static int open_directory(struct text *path)
{
	if (shared_dir_path(SHARED_DIR_RUNTIME, path)) {
		const int fd = shared_dir_open(path->at);
		if (fd >= 0)
			return fd;
	}
	path->len = 0;
	text_add(path, "/dev/shm/socksify-%u", (unsigned)geteuid());
	return shared_dir_open(path->at);
}

static size_t read_old(int directory, const char *name, char *to, size_t size)
{
	const int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	const ssize_t n = fd < 0 ? 0 : read(fd, to, size - 1);

	if (fd >= 0)
		close(fd);
	to[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* Append the old lines but those of the proxy, the last LINES - 1 of them. */
static void add_others(struct text *t, char *old, const struct proxy *p)
{
	char *lines[LINES - 1], *save;
	size_t n = 0;

	for (char *line = strtok_r(old, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (!passwords_is_for(line, p))
			lines[n++ % (LINES - 1)] = line;
	for (size_t i = n < LINES - 1 ? 0 : n - (LINES - 1); i < n; i++)
		text_add(t, "%s\n", lines[i % (LINES - 1)]);
}

static bool write_new(int directory, const struct text *t)
{
	const int fd = openat(directory, "passwords.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return false;
	const bool written = write(fd, t->at, t->len) == (ssize_t)t->len;
	return close(fd) == 0 && written && renameat(directory, "passwords.new", directory, "passwords") == 0;
}

static bool put(int directory, const struct proxy *p, const char *password)
{
	char *const old = malloc(ROOM), *const lines = calloc(1, ROOM);
	struct text t = {.at = lines, .size = ROOM};
	bool written = false;

	if (old && lines) {
		const size_t n = read_old(directory, "passwords", old, ROOM);
		add_others(&t, old, p);
		passwords_add(&t, p, password);
		written = !t.cut && write_new(directory, &t);
		explicit_bzero(old, n);
		explicit_bzero(lines, t.len);
	}
	free(old);
	free(lines);
	return written;
}

/* One launcher at a time rewrites the file. */
static bool put_alone(int directory, const struct proxy *p, const char *password)
{
	const int lock = openat(directory, "passwords.lock", O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	const bool written = lock >= 0 && flock(lock, LOCK_EX) == 0 && put(directory, p, password);

	if (lock >= 0)
		close(lock);
	return written;
}

bool password_file_put(const struct proxy *p, const char *password)
{
	TEXT(path, 512);

	env_capture(environ);
	const int directory = open_directory(&path);
	if (directory < 0)
		return false;
	const bool written = put_alone(directory, p, password);
	close(directory);
	text_add(&path, "/passwords");
	return written && !path.cut && settings_put(PASSWORDS_VARIABLE, path.at);
}

bool password_file_knows(const struct proxy *p)
{
	const char *const path = getenv(PASSWORDS_VARIABLE);
	char *const lines = path ? malloc(ROOM) : NULL, password[PROXY_CREDENTIAL_MAX + 1];

	if (!lines)
		return false;
	const size_t n = read_old(AT_FDCWD, path, lines, ROOM);
	const bool known = passwords_find(lines, p, password);
	explicit_bzero(lines, n);
	explicit_bzero(password, sizeof(password));
	free(lines);
	return known;
}
