/* SPDX-License-Identifier: MIT */
/* program, shebang: which file runs, and what stands behind a script. */
#include "core/exec/elf.h"
#include "core/exec/program.h"
#include "core/exec/shebang.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/env.h"
#include "tests/unit/tap.h"

static char top[64];

/* Make the file `name` below `top`. */
static const char *file(const char *name, const char *bytes, size_t n, mode_t mode)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	EXPECT(write(fd, bytes, n) == (ssize_t)n);
	EXPECT(fchmod(fd, mode) == 0);
	close(fd);
	return path;
}

static const char *script(const char *name, const char *text)
{
	return file(name, text, strlen(text), 0700);
}

/* A header that no dynamic linker belongs to. */
static const char *static_program(const char *name, mode_t mode)
{
	const struct elf ours = elf_ours();
	ElfW(Ehdr) h = {.e_ident = {0x7f, 'E', 'L', 'F', ours.width, ours.order}, .e_machine = ours.machine};

	return file(name, (const char *)&h, sizeof(h), mode);
}

static void begin(void)
{
	strcpy(top, "/tmp/socksify-unit-XXXXXX");
	EXPECT(mkdtemp(top) != NULL);
}

static void end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	EXPECT(system(command) == 0);
}

/* Why the library does not get in; "" if it does. */
static const char *reason(const char *path)
{
	static char bytes[4 * PATH_MAX];
	struct text why = {.at = bytes, .size = sizeof(bytes)};

	bytes[0] = '\0';
	const struct reach reach = {.library = "/l/libsocksify.so", .dirs = getenv("PATH")};
	EXPECT(program_check(AT_FDCWD, path, &reach, &why) == (why.len == 0));
	return bytes;
}

static struct shebang s;

static bool shebang(const char *text)
{
	return shebang_read(&s, text, strlen(text));
}

TEST("a shebang line is cut as the kernel cuts it")
{
	EXPECT(shebang("#!/bin/sh\nrest"));
	EXPECT_STR(s.interpreter, "/bin/sh");
	EXPECT_STR(s.argument, "");
	EXPECT(shebang("#! \t/bin/awk \t-f x \t\n"));
	EXPECT_STR(s.interpreter, "/bin/awk");
	EXPECT_STR(s.argument, "-f x");
	EXPECT(shebang("#!/bin/sh"));
	EXPECT_STR(s.interpreter, "/bin/sh");
}

TEST("without an interpreter it is no shebang")
{
	EXPECT(!shebang(""));
	EXPECT(!shebang("#"));
	EXPECT(!shebang("#!"));
	EXPECT(!shebang("#!  \n/bin/sh"));
	EXPECT(!shebang(" #!/bin/sh\n"));
}

TEST("an interpreter that may have been cut off is none")
{
	char line[SHEBANG_MAX + 8];

	memset(line, 'x', sizeof(line));
	memcpy(line, "#!/", 3);
	EXPECT(!shebang_read(&s, line, sizeof(line)));
	line[200] = ' ';
	EXPECT(shebang_read(&s, line, sizeof(line)));
	EXPECT_INT(strlen(s.interpreter), 198);
}

TEST("what env is to look for is read from its argument")
{
	static const char *const rows[][2] = {
		{"#!/usr/bin/env python3\n", "python3"},
		{"#!/usr/bin/env -S python3 -u\n", "python3"},
		{"#!/usr/bin/env -S -i A=b python3 -u\n", "python3"},
		{"#!/usr/bin/env -Spython3\n", "python3"},
		{"#!/usr/bin/env --split-string=python3 -u\n", "python3"},
		{"#!/usr/bin/env\n", NULL},
		{"#!/usr/bin/env -S A=b\n", NULL},
		{"#!/bin/sh python3\n", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char name[SHEBANG_MAX];
		EXPECT(shebang(rows[i][0]));
		EXPECT_INT(shebang_env(&s, name), rows[i][1] != NULL);
		if (rows[i][1])
			EXPECT_STR(name, rows[i][1]);
	}
}

TEST("a command is found along PATH as execvp finds it")
{
	char path[PATH_MAX], dirs[128], want[128];

	begin();
	static_program("tool", 0700);
	static_program("locked", 0600);
	snprintf(dirs, sizeof(dirs), "/nowhere:%s", top);
	snprintf(want, sizeof(want), "%s/tool", top);
	setenv("PATH", dirs, 1);
	EXPECT_INT(program_find("tool", getenv("PATH"), path), 0);
	EXPECT_STR(path, want);
	EXPECT_INT(program_find("locked", getenv("PATH"), path), EACCES);
	EXPECT_INT(program_find("missing", getenv("PATH"), path), ENOENT);
	EXPECT_INT(program_find("", getenv("PATH"), path), ENOENT);
	EXPECT_INT(program_find(top, getenv("PATH"), path), EACCES);
	EXPECT(chdir(top) == 0);
	setenv("PATH", "/nowhere:", 1);
	EXPECT_INT(program_find("tool", getenv("PATH"), path), 0);
	EXPECT_STR(path, "tool");
	setenv("PATH", "/usr/bin:/bin", 1);
	EXPECT_INT(program_find("./tool", getenv("PATH"), path), 0);
	EXPECT(chdir("/") == 0);
	end();
}

TEST("an ordinary program passes, a static one does not")
{
	SKIP_EMULATED("/proc/self/exe is the emulator's affair");
	begin();
	EXPECT_STR(reason("/proc/self/exe"), "");
	EXPECT_STR(reason(static_program("tool", 0700)), "it is statically linked");
	end();
}

TEST("a script is judged by its interpreter, also through env and other scripts")
{
	char text[256], want[256];

	SKIP_EMULATED("/bin/sh is for another machine");
	begin();
	static_program("tool", 0700);
	setenv("PATH", top, 1);
	snprintf(want, sizeof(want), "its interpreter '%s/tool' is statically linked", top);
	EXPECT_STR(reason(script("a", "#!/usr/bin/env tool\n")), want);
	snprintf(text, sizeof(text), "#!%s/tool\n", top);
	EXPECT_STR(reason(script("b", text)), want);
	snprintf(text, sizeof(text), "#!%s/b\n", top);
	EXPECT_STR(reason(script("c", text)), want);
	EXPECT_STR(reason(script("d", "#!/bin/sh\n")), "");
	EXPECT_STR(reason(script("e", "echo no shebang\n")), "");
	EXPECT_STR(reason(script("f", "")), "");
	setenv("PATH", "/usr/bin:/bin", 1);
	end();
}

TEST("a script that runs itself is left to the kernel")
{
	char text[256];

	begin();
	snprintf(text, sizeof(text), "#!%s/loop\n", top);
	EXPECT_STR(reason(script("loop", text)), "");
	end();
}

TEST("set-uid and set-gid count only when they change who we are")
{
	char path[PATH_MAX];

	begin();
	strcpy(path, static_program("tool", 0700));
	EXPECT(chmod(path, 06755) == 0);
	EXPECT_STR(reason(path), "it is statically linked");
	if (geteuid() == 0 && chown(path, 1, 0) == 0 && chmod(path, 04755) == 0)
		EXPECT_STR(reason(path), "it is set-uid, so LD_PRELOAD is ignored");
	if (geteuid() == 0 && chown(path, 0, 1) == 0 && chmod(path, 02755) == 0)
		EXPECT_STR(reason(path), "it is set-gid, so LD_PRELOAD is ignored");
	if (geteuid() == 0 && chown(path, 0, 1) == 0 && chmod(path, 02745) == 0)
		EXPECT_STR(reason(path), "it is statically linked");
	end();
}

/* What the user is told about a program "tool" at `path`, with the library at `library`; "" if it may run. */
static const char *refusal(const char *path, const char *library)
{
	static char bytes[1024];
	struct text t = {.at = bytes, .size = sizeof(bytes)};

	bytes[0] = '\0';
	EXPECT(program_admit("tool", AT_FDCWD, path, &(struct reach){.library = library}, &t) == (t.len == 0));
	return bytes;
}

TEST("what the library does not get into is refused, with the way to run it anyway")
{
	SKIP_EMULATED("/bin/sh is for another machine");
	begin();
	EXPECT_STR(refusal("/bin/sh", "/l/libsocksify.so"), "");
	EXPECT_STR(refusal(static_program("tool", 0700), "/l/libsocksify.so"),
		   "cannot proxy 'tool': it is statically linked (--unsafe runs it anyway, unproxied)");
	EXPECT_STR(refusal("/bin/sh", NULL),
		   "cannot proxy 'tool': where libsocksify.so lies is not known (--unsafe runs it anyway, unproxied)");
	end();
}

TEST("SOCKSIFY_UNSAFE is a yes unless it says no")
{
	env_capture((char *[]){"SOCKSIFY_UNSAFE=yes", NULL});
	EXPECT_STR(refusal("/bin/sh", NULL), "");
	env_capture((char *[]){"SOCKSIFY_UNSAFE=no", NULL});
	EXPECT(refusal("/bin/sh", NULL)[0]);
	env_capture((char *[]){NULL});
	EXPECT(refusal("/bin/sh", NULL)[0]);
}
