/* SPDX-License-Identifier: MIT */
/* file_stamp: what stat(2) says of a file, to tell whether what was read from it still holds. */
#ifndef CORE_BASE_FILE_STAMP_H
#define CORE_BASE_FILE_STAMP_H

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { FILE_STAMP_SETTLED = 2 }; /* seconds: a file system's clock may be as coarse */

/* What changes with the file, whether it is written to or replaced. All zero: no file. */
struct file_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec written, changed;
};

static inline struct file_stamp file_stamp_of(const struct stat *st)
{
	struct file_stamp s;

	memset(&s, 0, sizeof(s)); /* including the padding, as stamps are compared whole */
	s.device = st->st_dev;
	s.inode = st->st_ino;
	s.size = st->st_size;
	s.written = st->st_mtim;
	s.changed = st->st_ctim;
	return s;
}

static inline bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* False for a file that changed a moment ago: if it changes again before the file system's clock ticks, it will look the same. */
static inline bool file_stamp_is_settled(const struct file_stamp *s)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return s->changed.tv_sec + FILE_STAMP_SETTLED < now.tv_sec && s->written.tv_sec + FILE_STAMP_SETTLED < now.tv_sec;
}

#endif
