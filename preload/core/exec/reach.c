/* SPDX-License-Identifier: MIT */
/* reach: look into a file as the kernel and the dynamic linker will, with the ids, the root and the directory that it is executed with. */
#include "core/exec/reach.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/exec/elf.h"
#include "core/exec/libraries.h"
#include "core/exec/library.h"
#include "core/exec/loader.h"
#include "core/exec/preload_list.h"
#include "core/exec/privilege.h"
#include "core/exec/program.h"
#include "core/exec/shebang.h"

/* One file under inspection, and what it leads to. */
struct look {
	struct elf elf;
	char path[PATH_MAX]; /* first of all of the library */
	struct shebang script;
	const char *argv[4]; /* of a script's interpreter */
	char head[SHEBANG_MAX], name[SHEBANG_MAX];
};

/* The state of one check, in pages of its own, because a check runs on stacks of any size, and in vfork children, which must not allocate.
 * A usual check writes to two of them. */
struct check {
	const struct reach *reach;
	struct text *why;
	enum reach_way way; /* of the file that was looked at last, if not the library's */
	struct elf_scratch scratch;
	struct look looks[SHEBANG_DEPTH + 2];
	struct libraries libraries;
};

/* What is to be executed: a file, as execveat(2) is told of it, its arguments, or NULL, and what it is to the program; NULL if it is that. */
struct image {
	int at;
	const char *path;
	char *const *argv;
	const char *role;
};

static const char an_interpreter[] = "its interpreter";

static bool blame(struct check *c, const struct image *i, const char *format, ...)
{
	va_list args;

	if (i->role)
		text_add(c->why, "%s '%s' ", i->role, i->path);
	else
		text_add(c->why, "it ");
	va_start(args, format);
	text_add_list(c->why, format, args);
	va_end(args);
	return false;
}

static bool check_file(struct check *c, const struct image *i, int depth);

/* The dynamic linker loads the library into what it is told to run, which need not be executable. */
static bool check_loader(struct check *c, const struct image *i, int depth)
{
	struct image program = {c->reach->cwd, NULL, NULL, "its program"};

	if (!loader_program(i->argv, &program.path))
		return blame(c, i, "is given options that are not known");
	if (!program.path || depth == SHEBANG_DEPTH)
		return true;
	if (!strchr(program.path, '/'))
		return blame(c, i, "is to find '%s' among the libraries, so that cannot be examined", program.path);
	return faccessat(program.at, program.path, F_OK, AT_EACCESS) < 0 || check_file(c, &program, depth + 1);
}

/* AddressSanitizer ends a program in which another library comes before its own, unless it is told not to look. */
static bool is_ordered(const struct libraries *l)
{
	return libraries_need(l, "libasan.so") || libraries_need(l, "libclang_rt.asan");
}

/* Look at what the dynamic linker will load along with a program. */
static bool check_libraries(struct check *c, const struct image *i, int fd)
{
	struct libraries *const l = &c->libraries;

	if (needed_are_libcs(fd, &c->scratch))
		return true;
	l->given = c->reach->libraries;
	l->scratch = &c->scratch;
	libraries_begin(l, fd);
	if (c->reach->ordered)
		*c->reach->ordered |= is_ordered(l);
	const char *go = libraries_find_go(l);
	if (go)
		return blame(c, i, "needs '%s', a Go library, which calls the kernel without libc", go);
	return true;
}

/* True if the library is for the program's dynamic linker, or there is none. Go's programs may have glibc's. */
static bool is_for(const struct elf *e, bool loaded)
{
	const char *const libc = elf_libc(e->interpreter[0] ? e->interpreter : e->soname);
	const bool is_static = !e->interpreter[0] && !libc;

	return machine_equal(e->machine, machine_ours()) && (is_static || e->go || (loaded && libc && strcmp(libc, "glibc") == 0));
}

/* Say what keeps the library out of an ELF program. */
static bool check_elf(struct check *c, const struct image *i, int fd, int depth)
{
	const struct elf *e = &c->looks[depth].elf;
	const char *secure = privilege_reason(fd, c->reach->resets_ids), *libc = elf_libc(e->interpreter);
	TEXT(why, 512);

	c->way = REACH_PRIVILEGED;
	if (secure)
		return blame(c, i, "%s", secure);
	const bool loaded = library_check(c->looks[depth].path, c->reach->library, e->machine, &c->scratch, &why);
	c->way = is_for(e, loaded) ? REACH_GUARD : REACH_ALONE;
	if (!loaded && !machine_equal(e->machine, machine_ours()))
		return blame(c, i, "is built for %s, this socksify for %s", machine_name(e->machine), machine_name(machine_ours()));
	if (e->damaged)
		return blame(c, i, "is a damaged ELF file");
	const char *loader = e->interpreter[0] ? NULL : elf_libc(e->soname);
	if (!e->interpreter[0] && !loader)
		return blame(c, i, "is statically linked");
	if (e->go)
		return blame(c, i, "is a Go program, which calls the kernel without libc");
	if (!loader && (!libc || strcmp(libc, "glibc") != 0))
		return blame(c, i, "uses another C library (%s)", libc ? libc : e->interpreter);
	if (!loaded)
		return blame(c, i, "%s", why.at);
	return loader ? check_loader(c, i, depth) : check_libraries(c, i, fd);
}

/* Any other error than success is for exec to report. */
static bool check(struct check *c, const struct image *i, int depth)
{
	return program_runnable(i->at, i->path) != 0 || check_file(c, i, depth);
}

/* The interpreter and, when that is env, what env will look for. */
static bool check_script(struct check *c, const struct image *i, int depth)
{
	struct look *l = &c->looks[depth];
	const struct shebang *s = &l->script;

	if (depth == SHEBANG_DEPTH)
		return true; /* the kernel will refuse it: ELOOP */
	const char **to = l->argv;
	*to++ = s->interpreter;
	if (s->argument[0])
		*to++ = s->argument;
	*to++ = i->path;
	*to = NULL;
	if (!check(c, &(struct image){c->reach->cwd, s->interpreter, (char *const *)l->argv, an_interpreter}, depth + 1))
		return false;
	/* If env cannot find the program, env itself says so. */
	return !shebang_env(s, l->name) || program_find(c->reach->cwd, l->name, c->reach->dirs, l->path) != 0 ||
	       check(c, &(struct image){c->reach->cwd, l->path, NULL, an_interpreter}, depth + 1);
}

static bool check_open(struct check *c, const struct image *i, int fd, int depth)
{
	struct look *l = &c->looks[depth];

	if (elf_read(&l->elf, fd, &c->scratch))
		return check_elf(c, i, fd, depth);
	const ssize_t n = pread(fd, l->head, sizeof(l->head), 0);
	if (n > 0 && shebang_read(&l->script, l->head, (size_t)n))
		return check_script(c, i, depth);
	return depth > 0 || check(c, &(struct image){AT_FDCWD, PROGRAM_SHELL, NULL, an_interpreter}, 1); /* as execvp(3) runs it */
}

/* A descriptor from O_PATH cannot be read, but its file can be opened again. */
static int open_file(const struct image *i)
{
	char by_number[64];

	if (*i->path)
		return openat(i->at, i->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	snprintf(by_number, sizeof(by_number), "/proc/self/fd/%d", i->at);
	return open(by_number, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static bool check_file(struct check *c, const struct image *i, int depth)
{
	const int fd = open_file(i);
	c->way = fd < 0 ? REACH_PRIVILEGED : REACH_GUARD;
	if (fd < 0)
		return blame(c, i, "cannot be read, so not examined");
	const bool fine = check_open(c, i, fd, depth);
	sys.close(fd);
	return fine;
}

enum reach_way reach_check(int at, const char *path, const struct reach *reach, struct text *why)
{
	if (program_runnable(at, path) != 0)
		return REACH_LIBRARY;
	struct check *c = pages_take(sizeof(*c));
	if (!c) {
		text_add(why, "it cannot be examined: out of memory");
		return REACH_PRIVILEGED;
	}
	c->reach = reach;
	c->why = why;
	const bool fine = check_file(c, &(struct image){at, path, reach->argv, NULL}, 0);
	const enum reach_way way = fine ? REACH_LIBRARY : c->way;
	pages_free(c, sizeof(*c));
	return way;
}

bool reach_is_waived(void)
{
	const char *value = env_get("SOCKSIFY_UNSAFE");

	return value && strcmp(value, "no") != 0;
}

enum reach_way reach_admit(int at, const char *path, const struct reach *reach, struct text *why)
{
	if (reach_is_waived()) {
		if (reach->ordered && reach->library)
			reach_check(at, path, reach, why);
		return REACH_LIBRARY;
	}
	if (!reach->library)
		text_add(why, "where %s lies is not known", PRELOAD_LIBRARY);
	else if (reach->cwd == REACH_NOWHERE && *path != '/')
		text_add(why, "the directory that it would run in is not known");
	else
		return reach_check(at, path, reach, why);
	return REACH_GUARD;
}

/* What a look at a library needs. */
struct glance {
	struct libraries libraries;
	struct elf_scratch scratch;
};

/* Returns the Go library that `name` leads to; NULL if there is none. */
static const char *find_go(struct glance *g, const char *name, const char *by, void (*know)(struct libraries *))
{
	struct libraries *const l = &g->libraries;
	const int fd = open(by, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	l->scratch = &g->scratch;
	l->given = getenv("LD_LIBRARY_PATH");
	libraries_begin(l, fd);
	if (fd >= 0)
		sys.close(fd);
	know(l);
	return libraries_find_go_in(l, name);
}

bool reach_admit_library(const char *name, const char *by, void (*know)(struct libraries *), struct text *refusal)
{
	struct glance *const g = reach_is_waived() ? NULL : pages_take(sizeof(*g));

	if (!g)
		return true;
	const char *const go = find_go(g, name, by, know);
	const bool fine = !go || sys_is_guarded();
	if (!fine)
		text_add(
			refusal,
			"cannot proxy '%s': it is a Go library, which calls the kernel without libc (--unsafe loads it anyway, unproxied)",
			go);
	pages_free(g, sizeof(*g));
	return fine;
}
