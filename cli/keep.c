/* SPDX-License-Identifier: MIT */
/* keep: read the configuration once more, where its bytes can lie in other processes, too, and write them down. */
#include "keep.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "conf/load/file.h"
#include "conf/load/kept.h"
#include "core/base/env.h"
#include "core/base/fnv.h"
#include "core/base/shared_dir.h"
#include "settings.h"

enum {
	LARGE = 500,   /* rules and hosts: these take about a millisecond to read */
	PLACES = 8,    /* files for as many configurations that one user has at a time */
	ROOM = 1 << 26 /* bytes of memory for one */
};

struct keeping {
	struct text path;
	int directory;
	char name[32], temporary[64];
};

static bool is_large(const struct config *c)
{
	return c->index.count + HASH_CNT(index.handle, c->index.keys) > LARGE;
}

static bool has_password(const struct config *c)
{
	const struct proxy *p = c->proxies;

	while (p && !p->password[0])
		p = p->next;
	return p;
}

/* Whatever lies in memory there belongs to no program: neither to the kernel's choices nor to a sanitizer's. */
static struct arena somewhere(void)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return (struct arena){0};
	return arena_at((void *)(0x200000000000 + random % 0x300000000000 / ROOM * ROOM), ROOM);
}

/* Returns the variables that the configuration depends on, in its arena; NULL if memory is short. */
static const char *const *environment(struct config *c)
{
	const char **list;
	char name[KEPT_NAME];
	int n = 0;

	while (kept_variable(n, name))
		n++;
	list = arena_take(&c->arena, (size_t)(n + 1) * sizeof(*list));
	const char **end = list;
	for (int i = 0; list && kept_variable(i, name); i++) {
		const char *const value = env_get(name);
		const size_t room = value ? strlen(name) + strlen(value) + 2 : 0;
		struct text t = {.at = value ? arena_take(&c->arena, room) : NULL, .size = room};
		if (!value)
			continue;
		if (!t.at)
			return NULL;
		text_add(&t, "%s=%s", name, value);
		*end++ = t.at;
	}
	return list;
}

/* Read it, and make the head of the file. Returns false if it cannot be. */
static bool prepare(struct kept *k)
{
	struct config c;
	TEXT(problems, 64);

	if (!config_read(&c, somewhere(), &problems))
		return false;
	struct config *const copy = arena_take(&c.arena, sizeof(*copy));
	*k = (struct kept){.config = copy, .environment = environment(&c), .arena = c.arena};
	k->size = arena_trim(&c.arena);
	kept_mark(k->mark);
	if (copy && k->environment && k->size) {
		*copy = c;
		return true;
	}
	config_free(&c);
	return false;
}

static bool write_all(int fd, const void *at, size_t n, off_t to)
{
	return pwrite(fd, at, n, to) == (ssize_t)n;
}

static bool write_file(const struct keeping *to, const struct kept *k)
{
	struct rlimit limit;

	/* Beyond RLIMIT_FSIZE a signal would end us. */
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur < KEPT_HEAD + k->size)
		return false;
	const int fd = openat(to->directory, to->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	bool written = write_all(fd, k, sizeof(*k), 0) && write_all(fd, k->arena.last, k->size, KEPT_HEAD);
	written = close(fd) == 0 && written && renameat(to->directory, to->temporary, to->directory, to->name) == 0;
	if (!written)
		unlinkat(to->directory, to->temporary, 0);
	return written;
}

static bool is_kept(const char *path)
{
	struct config c;

	if (!kept_take(&c, path))
		return false;
	config_free(&c);
	return true;
}

static bool write_kept(const struct keeping *to)
{
	struct kept k;

	if (!prepare(&k))
		return false;
	const bool written = write_file(to, &k);
	arena_free(&k.arena);
	return written;
}

/* Which of the files: programs that run at the same time with other settings should not overwrite it. */
static unsigned place_of(const struct config *c)
{
	uint32_t hash = fnv_name(c->source);
	char name[KEPT_NAME];

	for (int i = 0; kept_variable(i, name); i++)
		for (const char *value = env_get(name); value && *value; value++)
			hash = fnv_add(hash, (uint8_t)*value);
	return hash % PLACES;
}

/* Returns true with the open directory and the path in `to`. A password lies in no directory that outlives the login. */
static bool find_place(struct keeping *to, const struct config *c)
{
	const bool secret = has_password(c);

	snprintf(to->name, sizeof(to->name), "config.%u", place_of(c));
	snprintf(to->temporary, sizeof(to->temporary), "%s.%d", to->name, (int)getpid());
	for (int i = 0; i < SHARED_DIRS; i++) {
		to->path.len = 0;
		to->path.cut = false;
		if ((secret && i != SHARED_DIR_RUNTIME) || !shared_dir_path(i, &to->path))
			continue;
		to->directory = shared_dir_open(to->path.at);
		text_add(&to->path, "/%s", to->name);
		if (to->directory >= 0 && !to->path.cut)
			return true;
		if (to->directory >= 0)
			close(to->directory);
	}
	return false;
}

void keep(const struct config *c)
{
	TEXT(path, 512);
	struct keeping to = {.path = path};

	unsetenv(KEPT_VARIABLE);
	if (!is_large(c) || time(NULL) <= files_changed(c->sources) + 1 || !find_place(&to, c))
		return;
	if (is_kept(to.path.at) || write_kept(&to))
		settings_put(KEPT_VARIABLE, to.path.at);
	close(to.directory);
}
