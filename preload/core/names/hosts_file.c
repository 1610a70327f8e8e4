/* SPDX-License-Identifier: MIT */
/* hosts_file: keep a small file's text beside what stat(2) said of it. */
#include "core/names/hosts_file.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file_stamp.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/seqlock.h"
#include "core/base/sys.h"

static const char path[] = "/etc/hosts";

static struct {
	struct seqlock lock;
	struct file_stamp stamp;
	char text[HOSTS_FILE_FEW];
} kept;

static bool recall(struct hosts_file *f, const struct file_stamp *now)
{
	const unsigned version = seqlock_read(&kept.lock);

	if (!version || !file_stamp_equal(&kept.stamp, now))
		return false;
	memcpy(f->few, kept.text, (size_t)now->size);
	if (!seqlock_was_read(&kept.lock, version))
		return false;
	f->at = f->few;
	f->n = (size_t)now->size;
	return true;
}

static void keep(const struct hosts_file *f, const struct file_stamp *now)
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
	const struct file_stamp now = file_stamp_of(&st);
	if (!f->pages && st.st_size == (off_t)f->n && file_stamp_is_settled(&now))
		keep(f, &now);
}

static int open_file(void *unused)
{
	(void)unused;
	return (int)sys_rc(open(path, O_RDONLY | O_CLOEXEC));
}

bool hosts_file_open(struct hosts_file *f)
{
	struct stat st;

	f->at = NULL;
	f->n = f->pages = 0;
	if (stat(path, &st) < 0)
		return true;
	const struct file_stamp now = file_stamp_of(&st);
	if (st.st_size > 0 && st.st_size <= HOSTS_FILE_FEW && recall(f, &now))
		return true;
	const int fd = own_make(open_file, NULL);
	if (fd >= 0)
		read_file(f, fd);
	own_close(fd);
	return f->at || (fd != -EMFILE && fd != -ENFILE);
}

void hosts_file_close(struct hosts_file *f)
{
	if (f->pages)
		pages_free((char *)f->at, f->pages);
}
