/* SPDX-License-Identifier: MIT */
/* program: look into a file as the kernel and the dynamic linker will. */
#include "core/exec/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/exec/elf.h"
#include "core/exec/preload_list.h"
#include "core/exec/shebang.h"

/* Returns 0 if execveat(2) would look into the file, else its errno. */
static int runnable(int at, const char *path)
{
	struct stat st;

	if (fstatat(at, path, &st, *path ? 0 : AT_EMPTY_PATH) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	/* Any other error, such as a sandbox that does not know the call, says nothing about the file. */
	return *path && faccessat(at, path, X_OK, AT_EACCESS) < 0 && errno == EACCES ? EACCES : 0;
}

const char *program_next(const char *name, const char *dirs, char path[static PATH_MAX])
{
	const size_t n = strcspn(dirs, ":");
	/* An empty element is the current directory, as it always was. */
	const int len = snprintf(path, PATH_MAX, "%.*s%s%s", (int)n, dirs, n ? "/" : "", name);

	if (len >= PATH_MAX)
		*path = '\0';
	return dirs[n] ? dirs + n + 1 : NULL;
}

int program_find(const char *name, const char *dirs, char path[static PATH_MAX])
{
	int rc = ENOENT;

	if (!*name)
		return ENOENT;
	if (strlen(name) >= PATH_MAX)
		return ENAMETOOLONG;
	if (strchr(name, '/'))
		return runnable(AT_FDCWD, strcpy(path, name));
	for (dirs = dirs ? dirs : PROGRAM_PATH; dirs;) {
		dirs = program_next(name, dirs, path);
		const int why = *path ? runnable(AT_FDCWD, path) : ENAMETOOLONG;
		if (why == 0)
			return 0;
		if (why == EACCES)
			rc = EACCES; /* the errno only if no later directory has the file */
	}
	return rc;
}

size_t program_script_pointers(char *const argv[])
{
	size_t n = 0;

	while (argv && argv[n])
		n++;
	return n + 3;
}

char *const *program_script(const char *path, char *const argv[], const char **script)
{
	const char **to = script;

	*to++ = PROGRAM_SHELL;
	*to++ = path;
	for (size_t i = 1; argv && argv[0] && argv[i]; i++)
		*to++ = argv[i];
	*to = NULL;
	return (char *const *)script;
}

/* Returns why running the file would change the process's privileges, or NULL. If it does, the dynamic linker ignores LD_PRELOAD. The
 * kernel's conditions: bprm_fill_uid() in fs/exec.c, cap_bprm_creds_from_file() in security/commoncap.c. */
static const char *privilege(int fd)
{
	const uid_t user = getuid();
	struct stat st;
	struct statvfs fs;

	if (fstat(fd, &st) < 0)
		return "cannot be examined";
	const bool set_uid = st.st_mode & S_ISUID && st.st_uid != user;
	const bool set_gid = st.st_mode & S_ISGID && st.st_mode & S_IXGRP && st.st_gid != getgid();
	/* For root, who has them anyway, the kernel does not ask for secure execution. For anybody else it does on any file capability, even
	 * under no_new_privs, where that grants nothing. */
	const bool capable = user != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;
	if (!set_uid && !set_gid && !capable)
		return NULL;
	if (fstatvfs(fd, &fs) < 0)
		return "cannot be examined";
	if (fs.f_flag & ST_NOSUID)
		return NULL;
	const bool fixed = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	if (!fixed && set_uid)
		return "is set-uid, so LD_PRELOAD is ignored";
	if (!fixed && set_gid)
		return "is set-gid, so LD_PRELOAD is ignored";
	return capable ? "has file capabilities, so LD_PRELOAD is ignored" : NULL;
}

/* One file under inspection, and what it leads to. */
struct look {
	struct elf elf;
	struct shebang script;
	char head[SHEBANG_MAX], name[SHEBANG_MAX], path[PATH_MAX];
};

/* The state of one check, in pages of its own, because a check runs on stacks of any size, and in vfork children, which must not allocate. */
struct check {
	const struct reach *reach;
	struct text *why;
	struct look looks[SHEBANG_DEPTH + 2];
};

/* True if the library is also installed for the program's machine. */
static bool have_library_for(const char *library, struct look *l)
{
	if (elf_is_native(&l->elf))
		return true;
	const char *token = strstr(library, "$LIB"), *lib = elf_lib(&l->elf);
	if (!token || !lib)
		return false;
	snprintf(l->path, sizeof(l->path), "%.*s%s%s", (int)(token - library), library, lib, token + strlen("$LIB"));
	return access(l->path, R_OK) == 0;
}

static bool blame(struct check *c, const char *path, int depth, const char *format, ...)
{
	va_list args;

	if (depth > 0)
		text_add(c->why, "its interpreter '%s' ", path);
	else
		text_add(c->why, "it ");
	va_start(args, format);
	text_add_list(c->why, format, args);
	va_end(args);
	return false;
}

/* Say what keeps the library out of an ELF program. */
static bool check_elf(struct check *c, const char *path, int fd, int depth)
{
	struct look *l = &c->looks[depth];
	const struct elf *e = &l->elf;
	const char *reason = privilege(fd), *libc = elf_libc(e->interpreter);

	if (reason)
		return blame(c, path, depth, "%s", reason);
	if (!have_library_for(c->reach->library, l)) {
		const struct elf ours = elf_ours();
		return blame(c, path, depth, "is built for %s, this socksify for %s", elf_machine_name(e), elf_machine_name(&ours));
	}
	if (e->damaged)
		return blame(c, path, depth, "is a damaged ELF file");
	if (!e->interpreter[0] && elf_libc(path) && strcmp(elf_libc(path), "glibc") == 0)
		return true; /* the dynamic linker itself, which loads the library into the program it is told to run */
	if (!e->interpreter[0])
		return blame(c, path, depth, "is statically linked");
	if (e->go)
		return blame(c, path, depth, "is a Go program, which calls the kernel without libc");
	if (!libc || strcmp(libc, "glibc") != 0)
		return blame(c, path, depth, "uses another C library (%s)", libc ? libc : e->interpreter);
	return true;
}

static bool check(struct check *c, int at, const char *path, int depth);

/* The interpreter and, when that is env, what env will look for. */
static bool check_script(struct check *c, int depth)
{
	struct look *l = &c->looks[depth];

	if (depth == SHEBANG_DEPTH)
		return true; /* the kernel will refuse it: ELOOP */
	if (!check(c, AT_FDCWD, l->script.interpreter, depth + 1))
		return false;
	/* If env cannot find the program, env itself says so. */
	return !shebang_env(&l->script, l->name) || program_find(l->name, c->reach->dirs, l->path) != 0 ||
	       check(c, AT_FDCWD, l->path, depth + 1);
}

static bool check_open(struct check *c, const char *path, int fd, int depth)
{
	struct look *l = &c->looks[depth];

	if (elf_read(&l->elf, fd))
		return check_elf(c, path, fd, depth);
	const ssize_t n = pread(fd, l->head, sizeof(l->head), 0);
	if (n > 0 && shebang_read(&l->script, l->head, (size_t)n))
		return check_script(c, depth);
	return depth > 0 || check(c, AT_FDCWD, PROGRAM_SHELL, 1); /* as execvp(3) runs it */
}

/* A descriptor from O_PATH cannot be read, but its file can be opened again. */
static int open_file(int at, const char *path)
{
	char by_number[64];

	if (*path)
		return openat(at, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	snprintf(by_number, sizeof(by_number), "/proc/self/fd/%d", at);
	return open(by_number, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* The file must be runnable. */
static bool check_file(struct check *c, int at, const char *path, int depth)
{
	const int fd = open_file(at, path);
	if (fd < 0)
		return blame(c, path, depth, "cannot be read, so not examined");
	const bool fine = check_open(c, path, fd, depth);
	sys.close(fd);
	return fine;
}

static bool check(struct check *c, int at, const char *path, int depth)
{
	return runnable(at, path) != 0 || check_file(c, at, path, depth); /* exec will say why */
}

bool program_check(int at, const char *path, const struct reach *reach, struct text *why)
{
	if (runnable(at, path) != 0)
		return true;
	struct check *c = pages_take(sizeof(*c));
	if (!c) {
		text_add(why, "it cannot be examined: out of memory");
		return false;
	}
	c->reach = reach;
	c->why = why;
	const bool fine = check_file(c, at, path, 0);
	pages_free(c, sizeof(*c));
	return fine;
}

/* --unsafe */
static bool may_be_unproxied(void)
{
	const char *value = env_get("SOCKSIFY_UNSAFE");

	return value && strcmp(value, "no") != 0;
}

bool program_admit(const char *name, int at, const char *path, const struct reach *reach, struct text *refusal)
{
	TEXT(why, 512);

	if (may_be_unproxied())
		return true;
	if (!reach->library)
		text_add(&why, "where %s lies is not known", PRELOAD_LIBRARY);
	else if (program_check(at, path, reach, &why))
		return true;
	text_add(refusal, "cannot proxy '%s': %s (--unsafe runs it anyway, unproxied)", name, why.at);
	return false;
}
