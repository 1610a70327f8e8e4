/* program: which file a command runs, and whether LD_PRELOAD reaches it. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "elf.h"
#include "shebang.h"

/* 0 if execve(2) would start to look into the file, else its errno. */
static int runnable(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? errno : 0;
}

static int along(const char *dirs, const char *name, char path[static PATH_MAX])
{
	int rc = ENOENT;

	for (;; dirs++) {
		const size_t n = strcspn(dirs, ":");
		/* An empty element is the current directory, as it always was. */
		const int len = snprintf(path, PATH_MAX, "%.*s%s%s", (int)n, dirs, n ? "/" : "", name);
		const int why = len < PATH_MAX ? runnable(path) : ENAMETOOLONG;

		if (why == 0)
			return 0;
		if (why == EACCES)
			rc = EACCES; /* said only if no later directory has it */
		dirs += n;
		if (!*dirs)
			return rc;
	}
}

int program_find(const char *name, char path[static PATH_MAX])
{
	const char *dirs = getenv("PATH");

	if (!*name)
		return ENOENT;
	if (!strchr(name, '/'))
		return along(dirs ? dirs : "/bin:/usr/bin", name, path);
	if (strlen(name) >= PATH_MAX)
		return ENAMETOOLONG;
	strcpy(path, name);
	return runnable(path);
}

/* Whether running the file changes what the process may do: the dynamic linker then ignores LD_PRELOAD. The
 * kernel's conditions: bprm_fill_uid() in fs/exec.c, cap_bprm_creds_from_file() in security/commoncap.c. */
static const char *privilege(const char *path, int fd)
{
	const bool fixed = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	struct stat st;
	struct statvfs fs;

	if (fstat(fd, &st) < 0 || fstatvfs(fd, &fs) < 0)
		return "cannot be examined";
	if (fs.f_flag & ST_NOSUID)
		return NULL;
	if (!fixed && st.st_mode & S_ISUID && st.st_uid != getuid())
		return "is set-uid, so LD_PRELOAD is ignored";
	if (!fixed && st.st_mode & S_ISGID && st.st_mode & S_IXGRP && st.st_gid != getgid())
		return "is set-gid, so LD_PRELOAD is ignored";
	/* Root has them anyway, and for root the kernel asks for no secure execution. For anybody else any
	 * file capability does, even under no_new_privs, where it grants nothing. */
	if (getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
		return "has file capabilities, so LD_PRELOAD is ignored";
	return NULL;
}

/* Whether the library was installed for the program's machine too. */
static bool have_library_for(const struct elf *e, const char *library)
{
	const char *token = strstr(library, "$LIB"), *lib = elf_lib(e);
	char path[PATH_MAX];

	if (elf_is_native(e))
		return true;
	if (!token || !lib)
		return false;
	snprintf(path, sizeof(path), "%.*s%s%s", (int)(token - library), library, lib, token + strlen("$LIB"));
	return access(path, R_OK) == 0;
}

/* What keeps the library out of an ELF program, said of it; nothing if nothing does. */
static void object_to(const char *path, int fd, const struct elf *e, const char *library, struct text *why)
{
	const struct elf ours = elf_ours();
	const char *reason = privilege(path, fd), *libc = elf_libc(e);

	if (reason)
		text_add(why, "%s", reason);
	else if (!have_library_for(e, library))
		text_add(why, "is built for %s, this socksify for %s", elf_machine_name(e),
			 elf_machine_name(&ours));
	else if (e->damaged)
		text_add(why, "is a damaged ELF file");
	else if (!e->interpreter[0])
		text_add(why, "is statically linked");
	else if (e->go)
		text_add(why, "is a Go program, which calls the kernel without libc");
	else if (!libc || strcmp(libc, "glibc") != 0)
		text_add(why, "uses another C library (%s)", libc ? libc : e->interpreter);
}

static bool blame(struct text *why, const char *path, int depth, const char *reason)
{
	if (depth > 0)
		text_add(why, "its interpreter '%s' %s", path, reason);
	else
		text_add(why, "it %s", reason);
	return false;
}

static bool check(const char *path, const char *library, int depth, struct text *why);

/* The interpreter and, when that is env, what env will look for. */
static bool check_script(const struct shebang *s, const char *library, int depth, struct text *why)
{
	char name[SHEBANG_MAX], path[PATH_MAX];

	if (depth == SHEBANG_DEPTH)
		return true; /* the kernel will refuse it: ELOOP */
	if (!check(s->interpreter, library, depth + 1, why))
		return false;
	/* What env does not find, env itself complains about. */
	return !shebang_env(s, name) || program_find(name, path) != 0 || check(path, library, depth + 1, why);
}

static bool check_open(const char *path, int fd, const char *library, int depth, struct text *why)
{
	TEXT(reason, 2 * PATH_MAX);
	char head[SHEBANG_MAX];
	struct shebang script;
	struct elf e;

	if (elf_read(&e, fd)) {
		object_to(path, fd, &e, library, &reason);
		return reason.len == 0 || blame(why, path, depth, reason.at);
	}
	const ssize_t n = pread(fd, head, sizeof(head), 0);
	if (n > 0 && shebang_read(&script, head, (size_t)n))
		return check_script(&script, library, depth, why);
	return depth > 0 || check("/bin/sh", library, 1, why); /* as execvp(3) runs it */
}

static bool check(const char *path, const char *library, int depth, struct text *why)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) /* any other failure: exec will tell */
		return errno != EACCES || blame(why, path, depth, "cannot be read, so not examined");
	const bool fine = check_open(path, fd, library, depth, why);
	close(fd);
	return fine;
}

bool program_check(const char *path, const char *library, struct text *why)
{
	return check(path, library, 0, why);
}
