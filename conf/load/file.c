/* SPDX-License-Identifier: MIT */
/* file: read a small file with plain system calls. */
#include "conf/load/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/sys.h"

enum { MOST = 1024 * 1024 };

struct source {
	struct source *next;
	const char *path;
	int rc;
	struct stat found; /* zero if it could not be opened */
};

static int read_all(struct file *f, int fd, size_t room)
{
	while (f->n < room) {
		const ssize_t n = sys.read(fd, f->at + f->n, room - f->n);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		if (n > 0)
			f->n += (size_t)n;
	}
	return 0;
}

static int read_open(struct file *f, struct arena *scratch, int fd, const struct stat *st)
{
	const bool null = S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);

	if (!S_ISREG(st->st_mode) && !null)
		return -EINVAL;
	if (st->st_size > MOST)
		return -EFBIG;
	const size_t room = (size_t)st->st_size;
	f->at = arena_take(scratch, room + 1);
	if (!f->at)
		return -ENOMEM;
	f->exposed = !null && (st->st_mode & (S_IRGRP | S_IROTH)) != 0;
	f->device = st->st_dev;
	f->inode = st->st_ino;
	return read_all(f, fd, room);
}

static int read_path(struct file *f, struct arena *scratch, struct source *source)
{
	/* O_NONBLOCK, because opening a pipe without a writer would block before we can refuse it. */
	const int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	const int rc = fstat(fd, &source->found) == 0 ? read_open(f, scratch, fd, &source->found) : -errno;
	sys.close(fd);
	return rc;
}

int file_read(struct file *f, struct files *from, const char *path)
{
	struct source *const source = arena_take(from->permanent, sizeof(*source));

	*f = (struct file){.path = path};
	if (!source || !(source->path = arena_copy(from->permanent, path, strlen(path))))
		return -ENOMEM;
	source->next = from->sources;
	from->sources = source;
	return source->rc = read_path(f, from->scratch, source);
}

static bool is_same(const struct source *s)
{
	const struct stat *const then = &s->found;
	struct stat now;

	if (fstatat(AT_FDCWD, s->path, &now, 0) != 0)
		return s->rc == -errno;
	return s->rc == 0 && now.st_dev == then->st_dev && now.st_ino == then->st_ino && now.st_size == then->st_size &&
	       now.st_mode == then->st_mode && now.st_ctim.tv_sec == then->st_ctim.tv_sec && now.st_ctim.tv_nsec == then->st_ctim.tv_nsec;
}

bool files_are_same(const struct source *s)
{
	while (s && is_same(s))
		s = s->next;
	return !s;
}

time_t files_changed(const struct source *s)
{
	time_t last = 0;

	for (; s; s = s->next)
		if (s->found.st_ctim.tv_sec > last)
			last = s->found.st_ctim.tv_sec;
	return last;
}

const char *file_error(int rc)
{
	switch (-rc) {
	case ENOENT:
		return "no such file";
	case EACCES:
		return "permission denied";
	case EINVAL:
		return "not a regular file";
	case EFBIG:
		return "longer than 1 MiB";
	default:
		return strerrordesc_np(-rc);
	}
}

/* Returns "FOLDER/PATH", or NULL if memory is short. */
static const char *join(struct arena *arena, const char *folder, size_t n, const char *path)
{
	const size_t rest = strlen(path);
	char *const joined = arena_take(arena, n + 1 + rest + 1);

	if (!joined)
		return NULL;
	memcpy(joined, folder, n);
	joined[n] = '/';
	memcpy(joined + n + 1, path, rest);
	return joined;
}

const char *file_path(struct arena *arena, const char *path, const char *beside)
{
	if (strncmp(path, "~/", 2) == 0) {
		const char *const home = env_get("HOME");
		return home ? join(arena, home, strlen(home), path + 2) : NULL;
	}
	const char *const slash = beside ? strrchr(beside, '/') : NULL;
	if (path[0] == '/' || !slash)
		return arena_copy(arena, path, strlen(path));
	return join(arena, beside, (size_t)(slash - beside), path);
}
