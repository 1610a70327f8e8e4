/* SPDX-License-Identifier: MIT */
/* library: go through what the dynamic linker will do with the path. When something fails, it prints a line and goes on without. */
#include "core/exec/library.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/sys.h"

static const char token[] = "$LIB";

/* Put the machine's folder in the place of $LIB. Returns false if the path depends on a machine that is not known, or is too long. Without
 * printf(3), as each exec comes here. */
static bool expand(char path[static PATH_MAX], const char *name, struct machine m)
{
	const char *at = strchr(name, '$'), *lib = "";

	if (!at || strncmp(at, token, strlen(token)) != 0)
		at = NULL;
	else
		lib = machine_lib(m);
	const char *rest = at ? at + strlen(token) : name;
	const size_t before = at ? (size_t)(at - name) : 0, after = strlen(rest) + 1;
	*path = '\0';
	if (!lib || before + strlen(lib) + after > PATH_MAX)
		return false;
	memcpy(stpcpy(mempcpy(path, name, before), lib), rest, after);
	return true;
}

/* Returns a descriptor of the file, or -errno. The real user must be able to open it: capabilities of a user who is not root end with the exec,
 * and access(2) is without them. */
static int open_as_real_user(const char *path)
{
	if (access(path, R_OK) < 0)
		return -errno;
	return (int)sys_rc(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

/* Returns 0, or -errno if no code of the file may be mapped: its file system is noexec, or a security module forbids it. */
static int map(int fd)
{
	void *at = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	munmap(at, 1);
	return 0;
}

/* Returns what is wrong with the file, or NULL. */
static const char *fault(int fd, struct machine m, struct elf_scratch *scratch)
{
	struct stat st;
	struct elf e;

	if (!elf_read(&e, fd, scratch) || e.damaged || (machine_equal(m, machine_ours()) && !e.ours))
		return "that is no library of socksify";
	if (!machine_equal(e.machine, m))
		return "that is for another machine";
	if (fstat(fd, &st) < 0 || (uint64_t)st.st_size < e.end)
		return "that is not the whole library";
	const int rc = map(fd);
	return rc ? strerrordesc_np(-rc) : NULL;
}

bool library_check(char path[static PATH_MAX], const char *name, struct machine m, struct elf_scratch *scratch, struct text *why)
{
	const int fd = expand(path, name, m) ? open_as_real_user(path) : -ENOENT;
	const char *reason = fd < 0 ? strerrordesc_np(-fd) : fault(fd, m, scratch);

	if (fd >= 0)
		sys.close(fd);
	if (reason)
		text_add(why, "cannot load '%s': %s", path, reason);
	return !reason;
}
