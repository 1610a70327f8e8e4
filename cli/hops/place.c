/* SPDX-License-Identifier: MIT */
/* place: a directory hops.XXXXXX among what the user's processes share, locked for as long as its launcher lives. */
#include "cli/hops/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"
#include "core/base/shared_dir.h"

static const char prefix[] = "hops.";

static struct {
	int parent, lock;
	char path[256];
} place = {.parent = -1, .lock = -1};

static const char *place_name(void)
{
	return strrchr(place.path, '/') + 1;
}

static int open_folder(int parent, const char *name)
{
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Remove a folder, and the files in it; `fd` is the folder's, and is closed. */
static void remove_folder(int parent, const char *name, int fd)
{
	DIR *const d = fdopendir(fd);
	const struct dirent *e;

	while (d && (e = readdir(d)))
		unlinkat(fd, e->d_name, 0);
	unlinkat(parent, name, AT_REMOVEDIR);
	if (d)
		closedir(d);
	else
		close(fd);
}

/* A folder that nobody has locked is left of a launcher that was killed. */
static void remove_stale(int parent, const char *name)
{
	const int fd = open_folder(parent, name);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_folder(parent, name, fd);
	else if (fd >= 0)
		close(fd);
}

static void remove_all_stale(DIR *all)
{
	const struct dirent *e;

	while ((e = readdir(all)))
		if (strncmp(e->d_name, prefix, sizeof(prefix) - 1) == 0)
			remove_stale(dirfd(all), e->d_name);
}

static bool make_locked(const char *directory)
{
	snprintf(place.path, sizeof(place.path), "%s/%sXXXXXX", directory, prefix);
	if (!mkdtemp(place.path))
		return false;
	place.lock = open_folder(place.parent, place_name());
	return place.lock >= 0 && flock(place.lock, LOCK_EX) == 0;
}

/* While the directory around it is locked, nobody takes a new folder for a stale one. */
static bool make_in(const char *directory)
{
	place.parent = shared_dir_open(directory);
	const int fd = place.parent >= 0 ? open_folder(place.parent, ".") : -1;
	DIR *const all = fd >= 0 ? fdopendir(fd) : NULL;
	bool made = false;

	if (all && flock(fd, LOCK_EX) == 0) {
		remove_all_stale(all);
		made = make_locked(directory);
	}
	if (all)
		closedir(all);
	else if (fd >= 0)
		close(fd);
	if (!made)
		place_leave();
	return made;
}

const char *place_make(void)
{
	for (int i = SHARED_DIR_RUNTIME; i < SHARED_DIRS; i++) {
		TEXT(path, 128);
		if (shared_dir_path(i, &path) && make_in(path.at))
			return place.path;
	}
	say("there is no directory for the sockets of hops: %s", strerror(errno));
	return NULL;
}

void place_remove(void)
{
	if (place.lock < 0)
		return;
	remove_folder(place.parent, place_name(), place.lock);
	place.lock = -1;
	place_leave();
}

void place_leave(void)
{
	if (place.lock >= 0)
		close(place.lock);
	if (place.parent >= 0)
		close(place.parent);
	place.parent = place.lock = -1;
}
