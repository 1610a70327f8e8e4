/* SPDX-License-Identifier: MIT */
/* registers: each architecture's own. */
#include "cli/guard/guest/registers.h"

#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#if defined __x86_64__

enum { INSTRUCTION = 2 /* syscall, and int 0x80 */, GETPEERNAME_I386 = 368 };

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

long registers_first(const struct registers *r)
{
	return (long)r->all.rdi;
}

void registers_repeat(struct registers *r, long first)
{
	(void)first; /* is where it was */
	r->all.rax = r->all.orig_rax;
	r->all.rip -= INSTRUCTION;
}

static void call_x86_64(struct user_regs_struct *all, int number)
{
	all->orig_rax = SYS_getpeername;
	all->rdi = (uint32_t)number;
	all->rsi = all->rdx = 0;
}

static void call_i386(struct user_regs_struct *all, int number)
{
	all->orig_rax = GETPEERNAME_I386;
	all->rbx = (uint32_t)number;
	all->rcx = all->rdx = 0;
}

bool registers_call(struct registers *r, pid_t thread, int number)
{
	struct { /* libcs give it different names */
		uint8_t op, pad[3];
		uint32_t arch;
		uint64_t others[10];
	} call = {0};

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(call), &call) <= 0 || call.op != PTRACE_SYSCALL_INFO_ENTRY)
		return false;
	if (call.arch == AUDIT_ARCH_X86_64)
		call_x86_64(&r->all, number);
	else
		call_i386(&r->all, number);
	return registers_write(r, thread);
}

#elif defined __aarch64__

enum { INSTRUCTION = 4 /* svc */ };

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

long registers_first(const struct registers *r)
{
	return (long)r->all.regs[0];
}

void registers_repeat(struct registers *r, long first)
{
	r->all.regs[0] = (unsigned long long)first;
	r->all.pc -= INSTRUCTION;
}

bool registers_call(struct registers *r, pid_t thread, int number)
{
	int call = SYS_getpeername;
	struct iovec its = {&call, sizeof(call)};

	r->all.regs[0] = (unsigned)number;
	r->all.regs[1] = r->all.regs[2] = 0;
	return registers_write(r, thread) && ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &its) == 0;
}

#endif
