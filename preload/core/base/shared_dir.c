/* SPDX-License-Identifier: MIT */
/* shared_dir: name it by the environment, and trust it only if it is the user's alone. */
#include "core/base/shared_dir.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/sys.h"

bool shared_dir_path(int i, struct text *path)
{
	const char *const folder = i == SHARED_DIR_GIVEN     ? env_get("SOCKSIFY_NAMES")
				   : i == SHARED_DIR_RUNTIME ? env_get("XDG_RUNTIME_DIR")
							     : "/tmp";

	if (!folder || folder[0] != '/')
		return false;
	text_add(path, "%s%s", folder, i == SHARED_DIR_RUNTIME ? "/socksify" : "");
	if (i == SHARED_DIR_TMP)
		text_add(path, "/socksify-%u", (unsigned)geteuid());
	return !path->cut;
}

int shared_dir_open(const char *path)
{
	struct stat st;

	mkdir(path, 0700);
	const int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 077))
		return fd;
	sys.close(fd);
	return -1;
}

/* Look without opening anything, which the program's other threads could notice by the numbers of their own descriptors. */
static bool has_file(struct text *directory, const char *name)
{
	const size_t len = directory->len;

	text_add(directory, "/%s", name);
	const bool there = access(directory->at, F_OK) == 0;
	directory->at[directory->len = len] = '\0';
	return there;
}

int shared_dir_each(const char *existing, int (*open)(int directory, void *arg), void *arg)
{
	int fd = -1;

	for (int i = 0; i < SHARED_DIRS && fd < 0; i++) {
		TEXT(path, 512);
		const bool wanted = shared_dir_path(i, &path) && (!existing || has_file(&path, existing));
		const int directory = wanted ? shared_dir_open(path.at) : -1;
		if (directory < 0)
			continue;
		fd = open(directory, arg);
		sys.close(directory);
	}
	return fd;
}

int shared_dir_file(int directory, const char *name, off_t size)
{
	struct stat st;
	const int fd = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077) &&
	    (st.st_size == 0 || st.st_size == size))
		return fd;
	sys.close(fd);
	return -1;
}

bool shared_dir_make_room(int fd, off_t size, off_t allocated)
{
	struct rlimit limit;
	struct stat st;

	if (fstat(fd, &st) == 0 && st.st_size == size && st.st_blocks * 512 >= allocated)
		return true;
	/* Growing a file beyond the program's RLIMIT_FSIZE would kill it with SIGXFSZ. */
	if (getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur < (rlim_t)size)
		return false;
	return ftruncate(fd, size) == 0 && fallocate(fd, 0, 0, allocated) == 0;
}

struct whole {
	const char *name;
	off_t size;
};

static int open_whole(int directory, void *arg)
{
	const struct whole *const w = arg;

	return shared_dir_file(directory, w->name, w->size);
}

void *shared_dir_map(const char *name, size_t size, bool existing)
{
	const int fd = shared_dir_each(existing ? name : NULL, open_whole, &(struct whole){name, (off_t)size});
	void *at = MAP_FAILED;

	if (fd < 0)
		return NULL;
	futimens(fd, NULL); /* programs that tidy /tmp go by the time stamp */
	if (shared_dir_make_room(fd, (off_t)size, (off_t)size))
		at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	sys.close(fd);
	return at == MAP_FAILED ? NULL : at;
}
