/* SPDX-License-Identifier: MIT */
/* thread: start threads with a small stack and every signal blocked. */
#include "core/base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/single_threaded.h>

#include "core/base/pages.h"

enum {
	STACK = 256 * 1024, /* enough for libc's resolver */
	ROOM = 32 * 1024,
};

struct start {
	void *(*f)(void *);
	void *arg;
	int rc;
};

static int create(pthread_attr_t *attr, const struct start *s)
{
	pthread_t thread;

	pthread_attr_setdetachstate(attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(attr, STACK);
	const int rc = pthread_create(&thread, attr, s->f, s->arg);
	if (rc != EINVAL)
		return rc;
	/* That stack has no room for the program's thread-local storage. */
	pthread_attr_setstacksize(attr, 64 * STACK);
	return pthread_create(&thread, attr, s->f, s->arg);
}

static void start(void *arg)
{
	struct start *const s = arg;
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	s->rc = create(&attr, s);
	pthread_attr_destroy(&attr);
}

/* thread_on_stack(end, f, arg): call f(arg) with the stack below `end`. A call and a return is all that this is to whoever looks on, as sanitizers
 * and shadow stacks do, which swapcontext(3) is not. */
/* clang-format off */
#if defined __x86_64__

#define KNOWN 1
__asm__(".text\n.p2align 4\n"
	".globl thread_on_stack\n.hidden thread_on_stack\n.type thread_on_stack, %function\n"
	"thread_on_stack:\n"
	"	.cfi_startproc\n"
	"	endbr64\n"
	"	push %rbp\n	.cfi_adjust_cfa_offset 8\n	.cfi_rel_offset %rbp, 0\n"
	"	mov %rsp, %rbp\n	.cfi_def_cfa_register %rbp\n"
	"	mov %rdi, %rsp\n"
	"	mov %rdx, %rdi\n"
	"	call *%rsi\n"
	"	leave\n	.cfi_def_cfa %rsp, 8\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size thread_on_stack, . - thread_on_stack\n");

#elif defined __aarch64__

#define KNOWN 1
__asm__(".text\n.p2align 4\n"
	".globl thread_on_stack\n.hidden thread_on_stack\n.type thread_on_stack, %function\n"
	"thread_on_stack:\n"
	"	.cfi_startproc\n"
	"	hint 34\n" /* bti c */
	"	stp x29, x30, [sp, #-16]!\n	.cfi_def_cfa_offset 16\n	.cfi_offset 29, -16\n	.cfi_offset 30, -8\n"
	"	mov x29, sp\n	.cfi_def_cfa_register 29\n"
	"	mov sp, x0\n"
	"	mov x0, x2\n"
	"	blr x1\n"
	"	mov sp, x29\n	.cfi_def_cfa_register 31\n"
	"	ldp x29, x30, [sp], #16\n	.cfi_def_cfa_offset 0\n	.cfi_restore 29\n	.cfi_restore 30\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size thread_on_stack, . - thread_on_stack\n");

#endif
/* clang-format on */

#ifdef KNOWN
__attribute__((visibility("hidden"))) void thread_on_stack(void *end, void (*f)(void *), void *arg);
#else /* better a thread that needs more of the caller's stack than none */
static void thread_on_stack(void *end, void (*f)(void *), void *arg)
{
	(void)end;
	f(arg);
}
#endif

/* On the stack that a program gives its signal handlers, which may be of 8 KiB with half of that taken by the signal's own frame. */
static bool is_on_signal_stack(void)
{
	stack_t now;

	return sigaltstack(NULL, &now) == 0 && now.ss_flags & SS_ONSTACK;
}

/* For the first thread of a process libc binds functions of the dynamic linker, which saves all registers on the stack: with wide ones, 3 KiB. Only
 * where there may be no room for that, because Valgrind takes a change of stacks for a large frame. */
static void start_elsewhere(struct start *s)
{
	char *const stack = pages_take(ROOM);

	s->rc = EAGAIN;
	if (!stack)
		return;
	thread_on_stack(stack + ROOM, start, s);
	pages_free(stack, ROOM);
}

/* The program's signal handlers must never run on a thread of ours, nor while we are on a stack of our own. */
bool thread_start(void *(*f)(void *), void *arg)
{
	struct start s = {.f = f, .arg = arg};
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (is_on_signal_stack())
		start_elsewhere(&s);
	else
		start(&s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return s.rc == 0;
}

bool thread_is_alone(void)
{
	return __libc_single_threaded;
}
