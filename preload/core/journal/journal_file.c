/* SPDX-License-Identifier: MIT */
/* journal_file: a sparse file of fixed size in the directory that the user's processes share. */
#include "core/journal/journal_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include "core/base/shared_dir.h"
#include "core/base/sys.h"

enum { LAYOUT = 1 };

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

static int open_file(bool make)
{
	int fd = -1;

	for (int i = 0; i < SHARED_DIRS && fd < 0; i++) {
		TEXT(path, 512);
		const bool wanted = shared_dir_path(i, &path) && (make || is_there(&path));
		const int directory = wanted ? shared_dir_open(path.at) : -1;
		if (directory < 0)
			continue;
		fd = shared_dir_file(directory, name, sizeof(struct journal_file));
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
	struct journal_file *f = MAP_FAILED;
	if (shared_dir_make_room(fd, sizeof(*f), sizeof(*f)))
		f = mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	sys.close(fd);
	if (f != MAP_FAILED && is_ours(f))
		return f;
	if (f != MAP_FAILED)
		munmap(f, sizeof(*f));
	return NULL;
}
