/* SPDX-License-Identifier: MIT */
/* tail_jump: hooks of functions that look at their return address (the dynamic linker's find the caller's RUNPATH, namespace and place in
 * the search order by it). Such a hook changes the arguments and jumps on in the caller's own frame. */
#ifndef HOOK_TAIL_JUMP_H
#define HOOK_TAIL_JUMP_H

typedef void function(void);

/* TAIL_JUMP(name): define the hook `name`, of a function with three arguments at most. It calls
 *   function *name_prepare(struct ARGUMENTS *, const void *caller)
 * with its arguments, each in eight bytes, and its return address, and jumps to the function that this returns, with the arguments that
 * it leaves. Without TAIL_JUMP, on other machines, write the hook in C: with -O2 compilers make a jump of its last call, too, wherever the
 * calling convention allows one. */
#if defined __x86_64__

/* clang-format off */
#define TAIL_JUMP(name)                                         \
	__asm__(".text\n.p2align 4\n"                           \
		".globl " #name "\n.type " #name ", %function\n" \
		#name ":\n"                                     \
		"	.cfi_startproc\n"                       \
		"	endbr64\n"                              \
		"	push %rdx\n	.cfi_adjust_cfa_offset 8\n" \
		"	push %rsi\n	.cfi_adjust_cfa_offset 8\n" \
		"	push %rdi\n	.cfi_adjust_cfa_offset 8\n" \
		"	mov %rsp, %rdi\n"                       \
		"	mov 24(%rsp), %rsi\n"                   \
		"	call " #name "_prepare\n"               \
		"	pop %rdi\n	.cfi_adjust_cfa_offset -8\n" \
		"	pop %rsi\n	.cfi_adjust_cfa_offset -8\n" \
		"	pop %rdx\n	.cfi_adjust_cfa_offset -8\n" \
		"	jmp *%rax\n"                            \
		"	.cfi_endproc\n"                         \
		".size " #name ", . - " #name "\n")

#elif defined __aarch64__

#define TAIL_JUMP(name)                                         \
	__asm__(".text\n.p2align 4\n"                           \
		".globl " #name "\n.type " #name ", %function\n" \
		#name ":\n"                                     \
		"	.cfi_startproc\n"                       \
		"	hint 34\n" /* bti c */                  \
		"	stp x29, x30, [sp, #-48]!\n	.cfi_def_cfa_offset 48\n	.cfi_offset 29, -48\n	.cfi_offset 30, -40\n" \
		"	mov x29, sp\n"                          \
		"	stp x0, x1, [sp, #16]\n"                \
		"	str x2, [sp, #32]\n"                    \
		"	add x0, sp, #16\n"                      \
		"	mov x1, x30\n"                          \
		"	bl " #name "_prepare\n"                 \
		"	mov x16, x0\n"                          \
		"	ldp x0, x1, [sp, #16]\n"                \
		"	ldr x2, [sp, #32]\n"                    \
		"	ldp x29, x30, [sp], #48\n	.cfi_def_cfa_offset 0\n	.cfi_restore 29\n	.cfi_restore 30\n" \
		"	br x16\n"                               \
		"	.cfi_endproc\n"                         \
		".size " #name ", . - " #name "\n")
/* clang-format on */

#endif

#endif
