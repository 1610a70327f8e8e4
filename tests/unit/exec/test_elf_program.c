/* SPDX-License-Identifier: MIT */
/* program, reach, shebang: which file runs, what stands behind a script, and whether the library gets in. */
#include "core/exec/elf.h"
#include "core/exec/program.h"
#include "core/exec/reach.h"
#include "core/exec/shebang.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/env.h"
#include "tests/unit/tap.h"

static struct elf_scratch scratch;

static char top[64];

/* Make the file `name` below `top`. */
static const char *file(const char *name, const char *bytes, size_t n, mode_t mode)
{
	static char paths[4][PATH_MAX]; /* in turn */
	static unsigned calls;
	char *path = paths[calls++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", top, name);
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
	const struct machine ours = machine_ours();
	ElfW(Ehdr) h = {.e_ident = {0x7f, 'E', 'L', 'F', ours.width, ours.order}, .e_machine = ours.number};

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

/* Something that can pass for our library, with `n` bytes of its note's name; returns its path. */
static const char *library(const char *note, size_t n)
{
	const struct machine ours = machine_ours();
	struct {
		ElfW(Ehdr) h;
		ElfW(Phdr) p[2];
		Elf32_Nhdr note;
		char name[12], code[64];
	} l = {
		.h = {.e_ident = {0x7f, 'E', 'L', 'F', ours.width, ours.order},
		      .e_machine = ours.number,
		      .e_phoff = offsetof(__typeof__(l), p),
		      .e_phentsize = sizeof(ElfW(Phdr)),
		      .e_phnum = 2},
		.p = {{.p_type = PT_NOTE, .p_offset = offsetof(__typeof__(l), note), .p_filesz = sizeof(l.note) + sizeof(l.name)},
		      {.p_type = PT_LOAD, .p_filesz = sizeof(l)}},
		.note = {.n_namesz = (Elf32_Word)n, .n_type = 1},
	};

	memcpy(l.name, note, n);
	return file("libsocksify.so", (const char *)&l, sizeof(l), 0600);
}

static const char *good_library(void)
{
	return library(ELF_NOTE, sizeof(ELF_NOTE));
}

/* Why the library does not get in; "" if it does. */
static const char *reason(const char *path)
{
	static char bytes[4 * PATH_MAX];
	struct text why = {.at = bytes, .size = sizeof(bytes)};

	bytes[0] = '\0';
	const struct reach reach = {.library = good_library(), .dirs = getenv("PATH"), .cwd = AT_FDCWD};
	EXPECT((reach_check(AT_FDCWD, path, &reach, &why) == REACH_LIBRARY) == (why.len == 0));
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
	EXPECT_INT(program_find(AT_FDCWD, "tool", getenv("PATH"), path), 0);
	EXPECT_STR(path, want);
	EXPECT_INT(program_find(AT_FDCWD, "locked", getenv("PATH"), path), EACCES);
	EXPECT_INT(program_find(AT_FDCWD, "missing", getenv("PATH"), path), ENOENT);
	EXPECT_INT(program_find(AT_FDCWD, "", getenv("PATH"), path), ENOENT);
	EXPECT_INT(program_find(AT_FDCWD, top, getenv("PATH"), path), EACCES);
	EXPECT(chdir(top) == 0);
	setenv("PATH", "/nowhere:", 1);
	EXPECT_INT(program_find(AT_FDCWD, "tool", getenv("PATH"), path), 0);
	EXPECT_STR(path, "tool");
	setenv("PATH", "/usr/bin:/bin", 1);
	EXPECT_INT(program_find(AT_FDCWD, "./tool", getenv("PATH"), path), 0);
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
	TEXT(why, 512);
	const struct reach reach = {library, .cwd = AT_FDCWD};
	if (reach_admit(AT_FDCWD, path, &reach, &why) != REACH_LIBRARY)
		text_add(&t, REACH_REFUSAL, "tool", why.at);
	EXPECT((why.len == 0) == (t.len == 0));
	return bytes;
}

TEST("what the library does not get into is refused, with the way to run it anyway")
{
	SKIP_EMULATED("/bin/sh is for another machine");
	begin();
	EXPECT_STR(refusal("/bin/sh", good_library()), "");
	EXPECT_STR(refusal(static_program("tool", 0700), good_library()),
		   "cannot proxy 'tool': it is statically linked (--unsafe runs it anyway, unproxied)");
	EXPECT_STR(refusal("/bin/sh", NULL),
		   "cannot proxy 'tool': where libsocksify.so lies is not known (--unsafe runs it anyway, unproxied)");
	end();
}

/* The end of what the user is told when the library cannot be loaded. */
static const char *fault(const char *at)
{
	const char *said = refusal("/bin/sh", at), *path = strstr(said, at);
	static char reason[128];

	snprintf(reason, sizeof(reason), "%s", path ? path + strlen(at) : said);
	reason[strcspn(reason, "(")] = '\0';
	return reason;
}

TEST("a library that the dynamic linker could not load is a reason to refuse")
{
	char at[PATH_MAX];

	SKIP_EMULATED("/bin/sh is for another machine");
	begin();
	EXPECT_STR(fault("/nowhere/libsocksify.so"), "': No such file or directory ");
	EXPECT_STR(fault(top), "': that is no library of socksify ");
	EXPECT_STR(fault(library("another", 8)), "': that is no library of socksify ");
	strcpy(at, good_library());
	EXPECT(truncate(at, 200) == 0);
	EXPECT_STR(fault(at), "': that is not the whole library ");
	EXPECT(truncate(at, 0) == 0);
	EXPECT_STR(fault(at), "': that is no library of socksify ");
	strcpy(at, good_library());
	EXPECT(chmod(at, 0) == 0);
	if (geteuid() != 0)
		EXPECT_STR(fault(at), "': Permission denied ");
	end();
}

TEST("the dynamic linker is known by what it is, and judged by what it is told to run")
{
	char tool[PATH_MAX], want[2 * PATH_MAX];
	struct elf e;

	SKIP_EMULATED("/bin/sh is for another machine");
	begin();
	const int sh = open("/bin/sh", O_RDONLY);
	EXPECT(elf_read(&e, sh, &scratch));
	close(sh);
	const char *loader = e.interpreter;
	strcpy(tool, static_program("ld-linux.so.2", 0700));
	EXPECT_STR(reason(tool), "it is statically linked");
	const struct row {
		char *argv[6];
		const char *why;
	} rows[] = {
		{{"ld.so", NULL}, ""},
		{{"ld.so", "/bin/sh", NULL}, ""},
		{{"ld.so", "--list", tool, NULL}, ""},
		{{"ld.so", "--argv0", "x", "--inhibit-cache", "/bin/sh", NULL}, ""},
		{{"ld.so", "sh", NULL}, "it is to find 'sh' among the libraries, so that cannot be examined"},
		{{"ld.so", "--unheard-of", "/bin/sh", NULL}, "it is given options that are not known"},
		{{"ld.so", tool, NULL}, want},
		{{"ld.so", "--inhibit-cache", "--", tool, NULL}, want},
	};
	snprintf(want, sizeof(want), "its program '%s' is statically linked", tool);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		TEXT(why, 2 * PATH_MAX);
		const struct reach reach = {.library = good_library(), .argv = (char *const *)rows[i].argv, .cwd = AT_FDCWD};
		EXPECT((reach_check(AT_FDCWD, loader, &reach, &why) == REACH_LIBRARY) == !rows[i].why[0]);
		EXPECT_STR(why.at, rows[i].why);
	}
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
