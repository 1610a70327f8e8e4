/* SPDX-License-Identifier: MIT */
/* hosts_file: keep a small file's text beside what stat(2) said of it. */
#include "core/names/hosts_file.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/pages.h"
#include "core/base/seqlock.h"
#include "core/base/sys.h"

enum { SETTLED = 2 }; /* seconds: a file system's clock may be as coarse */

static const char path[] = "/etc/hosts";

/* What changes with the file, whether it is written to or replaced. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec written, changed;
};

static struct {
	struct seqlock lock;
	struct stamp stamp;
	char text[HOSTS_FILE_FEW];
} kept;

static struct stamp stamp_of(const struct stat *st)
{
	struct stamp s;

	memset(&s, 0, sizeof(s)); /* including the padding, as stamps are compared whole */
	s.device = st->st_dev;
	s.inode = st->st_ino;
	s.size = st->st_size;
	s.written = st->st_mtim;
	s.changed = st->st_ctim;
	return s;
}

/* False for a file that changed a moment ago: if it changes again before the file system's clock ticks, it will look the same. */
static bool is_settled(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return st->st_ctim.tv_sec + SETTLED < now.tv_sec && st->st_mtim.tv_sec + SETTLED < now.tv_sec;
}

static bool recall(struct hosts_file *f, const struct stamp *now)
{
	const unsigned version = seqlock_read(&kept.lock);

	if (!version || memcmp(&kept.stamp, now, sizeof(*now)) != 0)
		return false;
	memcpy(f->few, kept.text, (size_t)now->size);
	if (!seqlock_was_read(&kept.lock, version))
		return false;
	f->at = f->few;
	f->n = (size_t)now->size;
	return true;
}

static void keep(const struct hosts_file *f, const struct stamp *now)
{
	/* A child forked in the middle of this reads the file anew each time. */
	if (!seqlock_write(&kept.lock))
		return;
	kept.stamp = *now;
	memcpy(kept.text, f->at, f->n);
	seqlock_written(&kept.lock);
}

static size_t read_all(int fd, char *to, size_t room)
{
	size_t len = 0;
	ssize_t n;

	while (len < room && (n = sys.read(fd, to + len, room - len)) > 0)
		len += (size_t)n;
	return len;
}

/* Read the whole file at once, because lines may have any length. */
static void read_file(struct hosts_file *f, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return;
	const size_t size = st.st_size > 0 ? (size_t)st.st_size : sizeof(f->few);
	char *const room = size <= sizeof(f->few) ? f->few : pages_take(size);
	if (!room)
		return;
	f->at = room;
	f->pages = room == f->few ? 0 : size;
	f->n = read_all(fd, room, size);
	const struct stamp now = stamp_of(&st);
	if (!f->pages && st.st_size == (off_t)f->n && is_settled(&st))
		keep(f, &now);
}

void hosts_file_open(struct hosts_file *f)
{
	struct stat st;

	f->at = NULL;
	f->n = f->pages = 0;
	if (stat(path, &st) < 0)
		return;
	const struct stamp now = stamp_of(&st);
	if (st.st_size > 0 && st.st_size <= HOSTS_FILE_FEW && recall(f, &now))
		return;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		read_file(f, fd);
	if (fd >= 0)
		sys.close(fd);
}

void hosts_file_close(struct hosts_file *f)
{
	if (f->pages)
		pages_free((char *)f->at, f->pages);
}
