/* SPDX-License-Identifier: MIT */
/* dlopen: keep libraries from bypassing our hooks: RTLD_DEEPBIND would let one find libc's functions first, and a new namespace has a
 * libc of its own. libc reads the caller's return address to find its RUNPATH and namespace, so we only change the arguments and jump to
 * the real function in the caller's own frame. */
#include <dlfcn.h>

#include "hook/hook.h"
#include "self.h"

typedef void function(void);

/* The arguments as the assembler below saves them. */
struct dlopen_arguments {
	const char *file;
	long flags;
};

struct dlmopen_arguments {
	long namespace;
	const char *file;
	long flags;
};

enum { NO_NAMESPACE = 0x7fff }; /* glibc has 16 of them */

/* Make a namespace and load this library into it first, because every later library there searches the first one first. */
static long inhabited_namespace(void)
{
	const char *library = self_library();
	Lmid_t namespace;
	void *ours = library ? sys.dlmopen(LM_ID_NEWLM, library, RTLD_NOW | RTLD_LOCAL) : NULL;

	if (!ours || dlinfo(ours, RTLD_DI_LMID, &namespace) != 0)
		return NO_NAMESPACE; /* libc will refuse it */
	return namespace;
}

__attribute__((used)) function *dlopen_prepare(struct dlopen_arguments *a)
{
	const int saved = errno;

	app_start();
	a->flags &= ~(long)RTLD_DEEPBIND;
	errno = saved;
	return (function *)sys.dlopen;
}

__attribute__((used)) function *dlmopen_prepare(struct dlmopen_arguments *a)
{
	const int saved = errno;

	app_start();
	a->flags &= ~(long)RTLD_DEEPBIND;
	if (a->namespace == LM_ID_NEWLM)
		a->namespace = inhabited_namespace();
	errno = saved;
	return (function *)sys.dlmopen;
}

#if defined __x86_64__

/* clang-format off */
__asm__(
	".text\n.p2align 4\n"
	".globl dlopen\n.type dlopen, %function\n"
	"dlopen:\n"
	"	.cfi_startproc\n"
	"	endbr64\n"
	"	push %rsi\n	.cfi_adjust_cfa_offset 8\n"
	"	push %rdi\n	.cfi_adjust_cfa_offset 8\n"
	"	mov %rsp, %rdi\n"
	"	sub $8, %rsp\n	.cfi_adjust_cfa_offset 8\n"
	"	call dlopen_prepare\n"
	"	add $8, %rsp\n	.cfi_adjust_cfa_offset -8\n"
	"	pop %rdi\n	.cfi_adjust_cfa_offset -8\n"
	"	pop %rsi\n	.cfi_adjust_cfa_offset -8\n"
	"	jmp *%rax\n"
	"	.cfi_endproc\n"
	".size dlopen, . - dlopen\n"

	".p2align 4\n"
	".globl dlmopen\n.type dlmopen, %function\n"
	"dlmopen:\n"
	"	.cfi_startproc\n"
	"	endbr64\n"
	"	push %rdx\n	.cfi_adjust_cfa_offset 8\n"
	"	push %rsi\n	.cfi_adjust_cfa_offset 8\n"
	"	push %rdi\n	.cfi_adjust_cfa_offset 8\n"
	"	mov %rsp, %rdi\n"
	"	call dlmopen_prepare\n"
	"	pop %rdi\n	.cfi_adjust_cfa_offset -8\n"
	"	pop %rsi\n	.cfi_adjust_cfa_offset -8\n"
	"	pop %rdx\n	.cfi_adjust_cfa_offset -8\n"
	"	jmp *%rax\n"
	"	.cfi_endproc\n"
	".size dlmopen, . - dlmopen\n");

#elif defined __aarch64__

__asm__(
	".text\n.p2align 4\n"
	".globl dlopen\n.type dlopen, %function\n"
	"dlopen:\n"
	"	.cfi_startproc\n"
	"	hint 34\n" /* bti c */
	"	stp x29, x30, [sp, #-32]!\n	.cfi_def_cfa_offset 32\n	.cfi_offset 29, -32\n	.cfi_offset 30, -24\n"
	"	mov x29, sp\n"
	"	stp x0, x1, [sp, #16]\n"
	"	add x0, sp, #16\n"
	"	bl dlopen_prepare\n"
	"	mov x16, x0\n"
	"	ldp x0, x1, [sp, #16]\n"
	"	ldp x29, x30, [sp], #32\n	.cfi_def_cfa_offset 0\n	.cfi_restore 29\n	.cfi_restore 30\n"
	"	br x16\n"
	"	.cfi_endproc\n"
	".size dlopen, . - dlopen\n"

	".p2align 4\n"
	".globl dlmopen\n.type dlmopen, %function\n"
	"dlmopen:\n"
	"	.cfi_startproc\n"
	"	hint 34\n"
	"	stp x29, x30, [sp, #-48]!\n	.cfi_def_cfa_offset 48\n	.cfi_offset 29, -48\n	.cfi_offset 30, -40\n"
	"	mov x29, sp\n"
	"	stp x0, x1, [sp, #16]\n"
	"	str x2, [sp, #32]\n"
	"	add x0, sp, #16\n"
	"	bl dlmopen_prepare\n"
	"	mov x16, x0\n"
	"	ldp x0, x1, [sp, #16]\n"
	"	ldr x2, [sp, #32]\n"
	"	ldp x29, x30, [sp], #48\n	.cfi_def_cfa_offset 0\n	.cfi_restore 29\n	.cfi_restore 30\n"
	"	br x16\n"
	"	.cfi_endproc\n"
	".size dlmopen, . - dlmopen\n");
/* clang-format on */

#else

/* With -O2 compilers turn this into a jump as well, wherever the calling convention allows one. */
void *dlopen(const char *file, int flags)
{
	struct dlopen_arguments a = {file, flags};

	dlopen_prepare(&a);
	return sys.dlopen(a.file, (int)a.flags);
}

void *dlmopen(Lmid_t namespace, const char *file, int flags)
{
	struct dlmopen_arguments a = {namespace, file, flags};

	dlmopen_prepare(&a);
	return sys.dlmopen(a.namespace, a.file, (int)a.flags);
}

#endif
