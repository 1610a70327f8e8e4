/* SPDX-License-Identifier: MIT */
/* given: the copy is named by its contents, so that it stays what it is while programs use it. */
#include "given.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/ascii.h"
#include "core/base/env.h"
#include "core/base/fnv.h"
#include "core/base/shared_dir.h"
#include "say.h"

enum { MOST = 1024 * 1024 }; /* as for files */

bool given_is_stream(const char *file)
{
	struct stat st;

	return strcmp(file, "-") == 0 || (stat(file, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)));
}

/* Returns all that there is to read, or NULL after a message. */
static char *read_stream(const char *file, size_t *n)
{
	FILE *const from = strcmp(file, "-") == 0 ? fdopen(dup(STDIN_FILENO), "r") : fopen(file, "re");
	char *const text = malloc(MOST + 1);

	*n = from && text ? fread(text, 1, MOST + 1, from) : 0;
	const bool read = from && text && !ferror(from);
	if (!read)
		say("cannot read '%s': %s", file, strerror(errno));
	else if (*n > MOST)
		say("cannot read '%s': longer than 1 MiB", file);
	if (from)
		fclose(from);
	if (read && *n <= MOST)
		return text;
	free(text);
	return NULL;
}

/* Returns the end of a word and the blanks behind it. */
static const char *behind_word(const char *at, const char *end)
{
	while (at < end && (*at == '_' || ascii_is_alnum(*at)))
		at++;
	while (at < end && ascii_is_blank(*at))
		at++;
	return at;
}

/* True if nothing stands before it on its line but what makes that a comment. */
static bool begins_line(const char *at, const char *text)
{
	while (at > text && at[-1] != '\n' && (ascii_is_blank(at[-1]) || at[-1] == ';' || at[-1] == '#'))
		at--;
	return at == text || at[-1] == '\n';
}

/* True if a key whose name begins so may have a value there, be it in a comment. */
static bool may_have(const char *key, const char *text, size_t n)
{
	const char *const end = text + n;

	for (const char *at = text, *found; (found = memmem(at, (size_t)(end - at), key, strlen(key)));) {
		at = behind_word(found, end);
		if (at < end && (*at == '=' || (*at == ':' && begins_line(found, text))))
			return true;
	}
	return false;
}

/* True if it may hold a password or whose that is, which lie in no directory that outlives the login. */
static bool may_be_secret(const char *text, size_t n)
{
	return memchr(text, '@', n) || may_have("password", text, n) || may_have("username", text, n);
}

/* Open a directory for it, and write the directory's path. Returns -1 if there is none. */
static int open_place(const char *text, size_t n, struct text *path)
{
	const int last = may_be_secret(text, n) ? SHARED_DIR_RUNTIME : SHARED_DIR_TMP;

	for (int i = SHARED_DIR_RUNTIME; i <= last; i++) {
		path->len = 0;
		const int fd = shared_dir_path(i, path) ? shared_dir_open(path->at) : -1;
		if (fd >= 0)
			return fd;
	}
	return -1;
}

static bool write_copy(int directory, const char *name, const char *text, size_t n)
{
	TEXT(temporary, 64);

	text_add(&temporary, "%s.%d", name, (int)getpid());
	const int fd = openat(directory, temporary.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	bool written = write(fd, text, n) == (ssize_t)n;
	written = close(fd) == 0 && written && renameat(directory, temporary.at, directory, name) == 0;
	if (!written)
		unlinkat(directory, temporary.at, 0);
	return written;
}

static bool copy_to_place(const char *file, const char *text, size_t n, struct text *path)
{
	const int directory = open_place(text, n, path);
	uint32_t hash = FNV_BASIS;
	TEXT(name, 32);

	if (directory < 0) {
		say("'-f %s' with a user name or password needs a directory that ends with the login: $XDG_RUNTIME_DIR", file);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		hash = fnv_add(hash, (uint8_t)text[i]);
	text_add(&name, "given.%x.%zu", hash, n);
	const bool written = write_copy(directory, name.at, text, n);
	if (!written)
		say("cannot keep what '-f %s' says: %s", file, strerror(errno));
	close(directory);
	text_add(path, "/%s", name.at);
	return written;
}

bool given_copy(const char *file, struct text *path)
{
	size_t n;
	char *const text = read_stream(file, &n);

	env_capture(environ);
	const bool copied = text && copy_to_place(file, text, n, path);
	free(text);
	return copied;
}
