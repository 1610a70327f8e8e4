/* SPDX-License-Identifier: MIT */
/* inspect: read the headers. */
#include "cli/doctor/inspect.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/exec/elf.h"
#include "core/exec/program.h"
#include "core/exec/shebang.h"

static void add_elf(const struct elf *e, struct text *what)
{
	const char *const libc = e->interpreter[0] ? elf_libc(e->interpreter) : NULL;

	text_add(what, "a %s%sprogram for %s", e->interpreter[0] ? "" : "static ", e->go ? "Go " : "", machine_name(e->machine));
	if (libc)
		text_add(what, " with %s", libc);
	if (e->damaged)
		text_add(what, ", damaged");
}

static void add_privileges(int fd, struct text *what)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return;
	if (st.st_mode & S_ISUID)
		text_add(what, ", set-uid");
	if (st.st_mode & S_ISGID)
		text_add(what, ", set-gid");
	if (fgetxattr(fd, "security.capability", NULL, 0) > 0)
		text_add(what, ", with file capabilities");
}

static void add_file(const char *path, struct text *what, int depth);

static void add_script(const struct shebang *s, struct text *what, int depth)
{
	char name[SHEBANG_MAX], path[PATH_MAX];

	if (!shebang_env(s, name) || program_find(AT_FDCWD, name, getenv("PATH"), path) != 0)
		strcpy(path, s->interpreter);
	text_add(what, "a script, which %s runs: ", path);
	add_file(path, what, depth + 1);
}

static void add_file(const char *path, struct text *what, int depth)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct elf_scratch scratch;
	struct shebang script;
	struct elf e;

	if (fd < 0) {
		text_add(what, "a program that cannot be read");
		return;
	}
	const ssize_t n = pread(fd, scratch.head, SHEBANG_MAX, 0);
	if (depth < SHEBANG_DEPTH && n > 0 && shebang_read(&script, scratch.head, (size_t)n))
		add_script(&script, what, depth);
	else if (elf_read(&e, fd, &scratch))
		add_elf(&e, what);
	else
		text_add(what, "a file without a header, which a shell runs");
	add_privileges(fd, what);
	close(fd);
}

void inspect(const char *path, struct text *what)
{
	add_file(path, what, 0);
}

bool inspect_is_chromium(const char *path)
{
	static const char *const signs[] = {"chrome_crashpad_handler", "resources/app.asar", "chrome_100_percent.pak", "chrome-sandbox"};
	char real[PATH_MAX];

	if (!realpath(path, real))
		return false;
	char *const name = strrchr(real, '/') + 1;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		TEXT(sign, 2 * PATH_MAX);
		text_add(&sign, "%.*s%s", (int)(name - real), real, signs[i]);
		if (access(sign.at, F_OK) == 0)
			return true;
	}
	return false;
}
