/* SPDX-License-Identifier: MIT */
/* guest: process_vm_readv, pidfd_getfd, and what /proc says of the thread. */
#include "cli/guard/guest/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/err.h"
#include "core/base/file_stamp.h"
#include "core/base/log.h"
#include "core/exec/elf.h"
#include "core/journal/dials.h"
#include "core/journal/journal.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

/* A program that has made such a call. They are kept: there are no more than the command runs different ones. */
struct known_program {
	struct app app; /* first: guest_is_go() */
	bool go;
	struct file_stamp file;
	struct known_program *next;
	char name[256];
};

static const struct config *config;
static struct known_program *programs;
static char stderr_path[4096]; /* what it was at the start; not a path if that was a pipe */

void guest_use(const struct config *c)
{
	const ssize_t n = readlink("/proc/self/fd/2", stderr_path, sizeof(stderr_path) - 1);

	config = c;
	stderr_path[n > 0 ? n : 0] = '\0';
}

static const char *proc(const struct notice *r, const char *what, char path[static 64])
{
	snprintf(path, 64, "/proc/%d/%s", (int)r->tid, what);
	return path;
}

/* Returns `rc`, or -ESRCH if it says nothing because the thread is gone. */
static int checked(const struct notice *r, int rc)
{
	if (!notice_waits(r))
		return -ESRCH;
	if (rc != -EPERM)
		return rc;
	guest_speak(r);
	log_line(LOG_ERROR, "process %d lets nobody look into it, so its call is refused", (int)r->tid);
	guest_hush();
	return -EACCES;
}

typedef ssize_t transfer(pid_t, const struct iovec *, unsigned long, const struct iovec *, unsigned long, unsigned long);

static int copy(const struct notice *r, transfer *how, void *ours, uint64_t theirs, size_t n)
{
	const struct iovec local = {ours, n}, remote = {(void *)(uintptr_t)theirs, n};
	const ssize_t done = how(r->tid, &local, 1, &remote, 1, 0);

	return checked(r, done == (ssize_t)n ? 0 : done >= 0 ? -EFAULT : -errno);
}

int guest_read(const struct notice *r, void *to, uint64_t at, size_t n)
{
	return n ? copy(r, process_vm_readv, to, at, n) : 0;
}

int guest_write(const struct notice *r, uint64_t at, const void *from, size_t n)
{
	return n ? copy(r, process_vm_writev, (void *)from, at, n) : 0;
}

long guest_give(const struct notice *r, uint64_t at, uint64_t len_at, const void *from, socklen_t size, bool whole)
{
	socklen_t room;
	int rc = guest_read(r, &room, len_at, sizeof(room));

	if (rc)
		return rc;
	if ((int)room < 0)
		return -EINVAL;
	const socklen_t n = room < size ? room : size, told = whole ? size : n;
	rc = guest_write(r, at, from, n);
	return rc ? rc : guest_write(r, len_at, &told, sizeof(told));
}

bool guest_status(pid_t process, const char *format, void *value)
{
	char path[64], line[128];
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)process);
	FILE *const status = fopen(path, "re");
	while (status && !found && fgets(line, sizeof(line), status))
		found = sscanf(line, format, value) == 1;
	if (status)
		fclose(status);
	return found;
}

pid_t guest_process(const struct notice *r)
{
	int process;

	return guest_status(r->tid, "Tgid: %d", &process) ? process : -1;
}

static int open_process(const struct notice *r)
{
	int fd = (int)syscall(SYS_pidfd_open, r->tid, PIDFD_THREAD);

	/* Before Linux 6.9 only a process has a pidfd, not each of its threads; they share their descriptors, but for rare programs. */
	if (fd < 0 && errno == EINVAL)
		fd = (int)syscall(SYS_pidfd_open, guest_process(r), 0);
	return fd < 0 ? -errno : fd;
}

int guest_fd(const struct notice *r, int number)
{
	const int process = open_process(r);
	int fd = process;

	if (process >= 0) {
		fd = (int)syscall(SYS_pidfd_getfd, process, number, 0);
		fd = fd < 0 ? -errno : fd;
		close(process);
	}
	const int rc = checked(r, fd < 0 ? fd : 0);
	if (rc && fd >= 0)
		close(fd);
	return rc ? rc : fd;
}

int guest_flags(const struct notice *r, int number)
{
	char path[64], what[32], line[64];
	unsigned flags = 0;

	snprintf(what, sizeof(what), "fdinfo/%d", number);
	FILE *const info = fopen(proc(r, what, path), "re");
	while (info && fgets(line, sizeof(line), info) && sscanf(line, "flags: %o", &flags) != 1)
		;
	if (info)
		fclose(info);
	return info ? (int)flags : errno == EACCES ? checked(r, -EPERM) : -EBADF;
}

bool guest_closes_on_exec(const struct notice *r, int number)
{
	const int flags = guest_flags(r, number);

	return flags >= 0 && flags & O_CLOEXEC;
}

static bool is_go(const char *exe)
{
	struct elf_scratch scratch;
	struct elf elf;
	const int fd = open(exe, O_RDONLY | O_CLOEXEC);
	const bool go = fd >= 0 && elf_read(&elf, fd, &scratch) && elf.go;

	if (fd >= 0)
		close(fd);
	return go;
}

static struct known_program *remember(const char *exe, const struct stat *file, const char *name)
{
	struct known_program *const p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	snprintf(p->name, sizeof(p->name), "%.*s", (int)sizeof(p->name) - 1, name);
	p->app = (struct app){.config = config, .program = p->name};
	p->go = is_go(exe);
	p->file = file_stamp_of(file);
	p->next = programs;
	return programs = p;
}

const struct app *guest_app(const struct notice *r)
{
	char exe[64], path[4096];
	struct stat file;
	const ssize_t n = readlink(proc(r, "exe", exe), path, sizeof(path) - 1);

	if (n <= 0 || stat(exe, &file))
		return NULL;
	path[n] = '\0';
	const char *const slash = strrchr(path, '/'), *const name = slash ? slash + 1 : path;
	const struct file_stamp stamp = file_stamp_of(&file);
	struct known_program *p = programs;
	while (p && !(file_stamp_equal(&p->file, &stamp) && strncmp(p->name, name, sizeof(p->name) - 1) == 0))
		p = p->next;
	if (!p)
		p = remember(exe, &file, name);
	return p ? &p->app : NULL;
}

bool guest_is_go(const struct app *app)
{
	return ((const struct known_program *)app)->go;
}

static uint64_t bit(int number)
{
	return UINT64_C(1) << (number - 1);
}

bool guest_catches_signals(const struct notice *r)
{
	/* Faults come of what a thread does itself, and two are libc's own. */
	const uint64_t others = bit(SIGSEGV) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGSYS) | bit(32) | bit(33);
	uint64_t caught;

	return !guest_status(r->tid, "SigCgt: %" SCNx64, &caught) || caught & ~others;
}

bool guest_has_threads(const struct notice *r)
{
	int threads;

	return !guest_status(r->tid, "Threads: %d", &threads) || threads > 1;
}

bool guest_is_traced(const struct notice *r)
{
	int tracer;

	return guest_status(r->tid, "TracerPid: %d", &tracer) && tracer;
}

bool guest_may_look(const struct notice *r)
{
	return guest_has_threads(r) || guest_catches_signals(r);
}

void guest_speak(const struct notice *r)
{
	const struct app *const app = guest_app(r);
	char path[64];

	log_program(app ? app->program : NULL);
	const int process = open_process(r);
	int fd = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, STDERR_FILENO, 0);

	if (fd < 0 && errno == EPERM) /* it says no less, but a socket cannot be opened */
		fd = open(proc(r, "fd/2", path), O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && *stderr_path == '/')
		fd = open(stderr_path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		dup3(fd, STDERR_FILENO, O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	if (process >= 0)
		close(process);
}

void guest_hush(void)
{
	log_program("socksify");
	dup3(STDIN_FILENO, STDERR_FILENO, O_CLOEXEC);
}

/* As the library's: what a program cannot say of itself is told once. */
static enum log_level level_of(int rc)
{
	return rc == ERR_BLOCKED || rc == ERR_UDP_BLOCKED || rc == ERR_RAW ? log_refusal_level(rc) : LOG_INFO;
}

int guest_refuse(const struct notice *r, const struct addr *target, int rc)
{
	const struct app *const app = guest_app(r);
	const enum log_level level = level_of(rc);
	char at[ADDR_TEXT];

	journal_use(app ? app->program : NULL);
	journal_refusal(target, rc);
	if (!log_wants(level))
		return rc;
	guest_speak(r);
	log_connection(level, &(struct log_connection){addr_string(target, at), NULL, err_text(rc), -1}, "%s: '%s'", err_text(rc), at);
	guest_hush();
	return rc;
}
