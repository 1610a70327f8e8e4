/* SPDX-License-Identifier: MIT */
/* journal_file: a sparse file of fixed size in the directory that the user's processes share. */
#include "core/journal/journal_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/shared_dir.h"
#include "core/base/sys.h"

enum { LAYOUT = 1 };

/* The kernel gives pages when they are first written to: where it has none left, the process would die of SIGBUS. So the maker takes them
 * all. */
static bool make_room(int fd)
{
	return ftruncate(fd, sizeof(struct journal_file)) == 0 && fallocate(fd, 0, 0, sizeof(struct journal_file)) == 0;
}

static bool is_whole(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077) &&
	       st.st_size == sizeof(struct journal_file) && st.st_blocks * 512 >= st.st_size;
}

static const char name[] = "journal.1";

/* A program that nobody reports on opens nothing, which its other threads could notice by the numbers of their own descriptors. */
static bool is_there(struct text *directory)
{
	const size_t len = directory->len;

	text_add(directory, "/%s", name);
	const bool there = access(directory->at, F_OK) == 0;
	directory->at[directory->len = len] = '\0';
	return there;
}

static int open_in(int directory, bool make)
{
	const int fd = openat(directory, name, O_RDWR | (make ? O_CREAT : 0) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);

	if (fd < 0 || is_whole(fd) || (make && make_room(fd) && is_whole(fd)))
		return fd;
	sys.close(fd);
	return -1;
}

static int open_file(bool make)
{
	int fd = -1;

	for (int i = 0; i < SHARED_DIRS && fd < 0; i++) {
		TEXT(path, 512);
		const bool wanted = shared_dir_path(i, &path) && (make || is_there(&path));
		const int directory = wanted ? shared_dir_open(path.at) : -1;
		if (directory < 0)
			continue;
		fd = open_in(directory, make);
		sys.close(directory);
	}
	return fd;
}

static bool is_ours(struct journal_file *f)
{
	unsigned none = 0;

	return atomic_compare_exchange_strong(&f->layout, &none, LAYOUT) || none == LAYOUT;
}

struct journal_file *journal_file_map(bool make)
{
	const int fd = open_file(make);

	if (fd < 0)
		return NULL;
	struct journal_file *const f = mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	sys.close(fd);
	if (f != MAP_FAILED && is_ours(f))
		return f;
	if (f != MAP_FAILED)
		munmap(f, sizeof(*f));
	return NULL;
}
