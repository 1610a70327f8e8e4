/* SPDX-License-Identifier: MIT */
/* libraries: find each name once, as ld.so(8) does, and queue the file for a look at its own needs. Directories for some processors only
 * (glibc-hwcaps) are left out. */
#include "core/exec/libraries.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/sys.h"
#include "core/base/text.h"

/* Returns false if the name need not be looked for, or has no room. */
static bool note(struct libraries *l, const char *name)
{
	const size_t n = strlen(name) + 1;

	if (needed_is_libcs(name))
		return false;
	for (const char *k = l->known; k < l->known + l->known_n; k += strlen(k) + 1)
		if (strcmp(k, name) == 0)
			return false;
	if (n > sizeof(l->known) - l->known_n)
		return false;
	memcpy(l->known + l->known_n, name, n);
	l->known_n += n;
	return true;
}

void libraries_know(struct libraries *l, const char *name)
{
	note(l, name);
}

static void enqueue(struct libraries *l, const char *path)
{
	const size_t n = strlen(path) + 1;
	char *const to = l->queue + l->queued;

	if (n > sizeof(l->queue) - l->queued)
		return;
	memcpy(to, path, n);
	l->queued += n;
	if (l->elf.go)
		l->go = to;
}

/* Queue the library if it can be opened and is for this machine. Returns false if the search goes on. */
static bool admit(struct libraries *l, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const bool fits = fd >= 0 && elf_read(&l->elf, fd, l->scratch) && machine_equal(l->elf.machine, machine_ours());

	if (fd >= 0)
		sys.close(fd);
	if (fits)
		enqueue(l, path);
	return fits;
}

/* Returns what stands at `at` for the directory of the file that says so, or for the machine's folder; *n is how long it is there. */
static const char *token_at(const struct libraries *l, const char *at, size_t *n)
{
	static const struct {
		char name[12];
		bool origin;
	} tokens[] = {{"$ORIGIN", true}, {"${ORIGIN}", true}, {"$LIB", false}, {"${LIB}", false}};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
		*n = strlen(tokens[i].name);
		if (strncmp(at, tokens[i].name, *n) == 0)
			return tokens[i].origin ? l->origin : machine_lib(machine_ours());
	}
	return NULL;
}

static void expand(const struct libraries *l, struct text *to, const char *dir, size_t n)
{
	const char *token;
	size_t width;

	for (const char *const end = dir + n; dir < end;)
		if (*dir == '$' && (token = token_at(l, dir, &width))) {
			text_add(to, "%s", token);
			dir += width;
		} else {
			text_add(to, "%c", *dir++);
		}
}

/* Look in each directory of a list. An empty one is the current. */
static bool find_in(struct libraries *l, const char *dirs, const char *name)
{
	while (dirs && *dirs) {
		const size_t n = strcspn(dirs, ":;");
		struct text path = {.at = l->path, .size = sizeof(l->path)};
		expand(l, &path, dirs, n);
		text_add(&path, "%s%s", n ? "/" : "", name);
		if (!path.cut && admit(l, path.at))
			return true;
		dirs += n + (dirs[n] != '\0');
	}
	return false;
}

static bool find_in_cache(struct libraries *l, const char *name)
{
	const char *path;

	if (!l->cache.at)
		library_cache_open(&l->cache);
	for (library_cache_find(&l->cache, name); (path = library_cache_next(&l->cache));)
		if (admit(l, path))
			return true;
	return false;
}

static bool find_in_usual(struct libraries *l, const char *name)
{
	return find_in(l, "/$LIB:/usr/$LIB:/lib:/usr/lib", name);
}

/* What the file read last needs. A name that is not found is for the dynamic linker to complain about. */
static void find(struct libraries *l, const char *name)
{
	const struct needed *n = &l->needed;

	if (!note(l, name))
		return;
	if (strchr(name, '/'))
		admit(l, name);
	else if (!((n->lasts || !n->dirs[0]) && (find_in(l, n->dirs, name) || find_in(l, l->lasting, name))) &&
		 !find_in(l, l->given, name) && !(!n->lasts && find_in(l, n->dirs, name)) && !find_in_cache(l, name))
		find_in_usual(l, name);
}

/* $ORIGIN is where the file really lies. */
static void read_needs(struct libraries *l, int fd)
{
	char by_number[32];

	needed_read(&l->needed, fd, l->scratch);
	if (!strchr(l->needed.dirs, '$') && !(l->given && strchr(l->given, '$')))
		return;
	snprintf(by_number, sizeof(by_number), "/proc/self/fd/%d", fd);
	const ssize_t n = readlink(by_number, l->origin, sizeof(l->origin) - 1);
	l->origin[n > 0 ? n : 0] = '\0';
	char *const slash = strrchr(l->origin, '/');
	if (slash)
		*slash = '\0';
}

static void find_needed(struct libraries *l)
{
	for (const char *name = NULL; (name = needed_next(&l->needed, name));)
		find(l, name);
}

/* Find what the libraries in the queue need, until one of Go's is among them. */
static const char *look(struct libraries *l)
{
	while (!l->go && l->read < l->queued) {
		const char *const path = l->queue + l->read;
		const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		l->read += strlen(path) + 1;
		if (fd < 0)
			continue;
		read_needs(l, fd);
		find_needed(l);
		sys.close(fd);
	}
	library_cache_close(&l->cache);
	return l->go;
}

void libraries_begin(struct libraries *l, int fd)
{
	l->go = NULL;
	l->known_n = l->queued = l->read = 0;
	read_needs(l, fd);
	if (l->needed.lasts || l->lasting[0])
		memcpy(l->lasting, l->needed.lasts ? l->needed.dirs : "", l->needed.lasts ? sizeof(l->lasting) : 1);
}

bool libraries_need(const struct libraries *l, const char *prefix)
{
	const char *name = NULL;

	while ((name = needed_next(&l->needed, name)))
		if (strncmp(name, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

const char *libraries_find_go(struct libraries *l)
{
	find_needed(l);
	return look(l);
}

const char *libraries_find_go_in(struct libraries *l, const char *name)
{
	find(l, name);
	return look(l);
}
