/* SPDX-License-Identifier: MIT */
/* running: read the files of /proc/PID, and its descriptors, without the heap. */
#include "core/exec/running.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "core/base/own.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/exec/listening.h"
#include "core/exec/preload_list.h"

enum { CHUNK = 4096 };

struct file {
	const char *path;
	int flags;
};

static int open_file(void *arg)
{
	const struct file *const f = arg;

	return (int)sys_rc(open(f->path, f->flags | O_RDONLY | O_CLOEXEC));
}

/* Returns a descriptor of /proc/PID/FILE. */
static int open_of(pid_t pid, const char *file, int flags)
{
	TEXT(path, 64);

	text_add(&path, "/proc/%d/%s", (int)pid, file);
	return own_make(open_file, &(struct file){path.at, flags});
}

void running_name(pid_t pid, char name[static RUNNING_NAME])
{
	const int fd = open_of(pid, "comm", 0);
	const ssize_t n = fd < 0 ? 0 : sys.read(fd, name, RUNNING_NAME - 1);

	own_close(fd);
	name[n > 0 ? n : 0] = '\0';
	name[strcspn(name, "\n:")] = '\0';
}

/* True if the file of the process has those bytes anywhere. */
static bool holds(pid_t pid, const char *file, const char *bytes, size_t len)
{
	SCRATCH(room);
	char *const chunk = scratch_take(&room, CHUNK);
	const int fd = open_of(pid, file, 0);
	size_t kept = 0;
	bool found = false;

	for (ssize_t n; chunk && fd >= 0 && !found && (n = sys.read(fd, chunk + kept, CHUNK - kept)) > 0;) {
		const size_t all = kept + (size_t)n;
		found = memmem(chunk, all, bytes, len);
		kept = all < len ? all : len - 1; /* they may begin there */
		memmove(chunk, chunk + all - kept, kept);
	}
	own_close(fd);
	return found;
}

bool running_is_carried(pid_t pid)
{
	static const char library[] = "/" PRELOAD_LIBRARY, marker[] = "\0" SYS_MARKER "=", filter[] = "Seccomp:\t2";

	return holds(pid, "maps", library, sizeof(library) - 1) ||
	       (holds(pid, "environ", marker, sizeof(marker) - 1) && holds(pid, "status", filter, sizeof(filter) - 1));
}

/* Returns -1 for what is no number. */
static int number_in(const char *digits)
{
	int value = 0;

	if (!*digits)
		return -1;
	for (; *digits >= '0' && *digits <= '9'; digits++)
		value = value * 10 + (*digits - '0');
	return *digits ? -1 : value;
}

/* Call `is` for each entry of a directory whose name is a number. Returns the first for which it is true, 0 if there is none. */
static int first_number(int fd, bool is(int number, void *arg), void *arg)
{
	SCRATCH(room);
	char *const entries = scratch_take(&room, CHUNK);
	ssize_t n;

	while (entries && (n = getdents64(fd, entries, CHUNK)) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *const e = (const struct dirent64 *)(entries + at);
			const int number = number_in(e->d_name);
			at += e->d_reclen;
			if (number >= 0 && is(number, arg))
				return number;
		}
	return 0;
}

struct search {
	char socket[32]; /* what /proc/PID/fd links to */
	bool (*is_wanted)(const char *name);
	int directory; /* /proc/PID/fd */
};

static bool is_socket(int number, void *arg)
{
	const struct search *const s = arg;
	char name[16], target[sizeof(s->socket)] = "";
	struct text t = {.at = name, .size = sizeof(name)};

	text_add(&t, "%d", number);
	return readlinkat(s->directory, name, target, sizeof(target) - 1) > 0 && strcmp(target, s->socket) == 0;
}

static bool listens(int pid, void *arg)
{
	struct search *const s = arg;
	char name[RUNNING_NAME];

	running_name(pid, name);
	if (!s->is_wanted(name))
		return false;
	s->directory = open_of(pid, "fd", O_DIRECTORY);
	const bool found = s->directory >= 0 && first_number(s->directory, is_socket, s);
	own_close(s->directory);
	return found;
}

pid_t running_listener(const char *path, bool is_wanted(const char *name))
{
	struct search s = {.is_wanted = is_wanted};
	struct text t = {.at = s.socket, .size = sizeof(s.socket)};
	const unsigned inode = listening_inode(path);
	const int all = inode ? own_make(open_file, &(struct file){"/proc", O_DIRECTORY}) : -1;

	text_add(&t, "socket:[%u]", inode);
	const pid_t found = all < 0 ? 0 : first_number(all, listens, &s);
	own_close(all);
	return found;
}
