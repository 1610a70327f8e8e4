/* SPDX-License-Identifier: MIT */
/* registers: each architecture's own. */
#include "cli/guard/guest/registers.h"

#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#if defined __x86_64__

enum { INSTRUCTION = 2 }; /* syscall, and int 0x80 */

bool registers_read(struct registers *r, pid_t thread)
{
	return ptrace(PTRACE_GETREGS, thread, NULL, &r->all) == 0;
}

bool registers_write(const struct registers *r, pid_t thread)
{
	return ptrace(PTRACE_SETREGS, thread, NULL, &r->all) == 0;
}

bool registers_was_interrupted(const struct registers *r)
{
	return (int)r->all.rax == -EINTR;
}

void registers_repeat(struct registers *r, long first)
{
	(void)first; /* is where it was */
	r->all.rax = r->all.orig_rax;
	r->all.rip -= INSTRUCTION;
}

#elif defined __aarch64__

enum { INSTRUCTION = 4 }; /* svc */

bool registers_read(struct registers *r, pid_t thread)
{
	struct iovec all = {&r->all, sizeof(r->all)};

	return ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &all) == 0 && all.iov_len == sizeof(r->all);
}

bool registers_write(const struct registers *r, pid_t thread)
{
	struct iovec all = {(void *)&r->all, sizeof(r->all)};

	return ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &all) == 0;
}

bool registers_was_interrupted(const struct registers *r)
{
	return (int)r->all.regs[0] == -EINTR;
}

void registers_repeat(struct registers *r, long first)
{
	r->all.regs[0] = (unsigned long long)first;
	r->all.pc -= INSTRUCTION;
}

#endif
