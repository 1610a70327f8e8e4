/* SPDX-License-Identifier: MIT */
/* without seccomp|notify|landlock|container COMMAND [ARG]...: run it as if the kernel took no more filters, as in a sandbox; none that asks somebody, as
 * where a supervisor is above already; had no Landlock; or in what containers forbid. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LANDLOCK_CREATE_RULESET = 444 }; /* on every architecture; older headers do not know it */

#define CALL BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define FLAGS BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1]))
#define IS(k, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, no)
#define HAS(bits, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)

static struct sock_filter seccomp[] = {CALL, IS(SYS_seccomp, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS), RETURN(SECCOMP_RET_ALLOW)};
static struct sock_filter notify[] = {
	CALL,
	IS(SYS_seccomp, 3),
	FLAGS,
	HAS(SECCOMP_FILTER_FLAG_NEW_LISTENER, 1),
	RETURN(SECCOMP_RET_ERRNO | EBUSY),
	RETURN(SECCOMP_RET_ALLOW),
};
static struct sock_filter landlock[] = {CALL, IS(LANDLOCK_CREATE_RULESET, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS),
					RETURN(SECCOMP_RET_ALLOW)};

#define IS_LATER(k, far) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, far, 0)
static struct sock_filter container[] = {
	CALL,
	IS_LATER(SYS_pidfd_getfd, 4),
	IS_LATER(SYS_kcmp, 3),
	IS_LATER(SYS_unshare, 2),
	IS_LATER(SYS_setns, 1),
	RETURN(SECCOMP_RET_ALLOW),
	RETURN(SECCOMP_RET_ERRNO | EPERM),
};

static const struct {
	const char *name;
	struct sock_fprog filter;
} known[] = {
	{"seccomp", {sizeof(seccomp) / sizeof(*seccomp), seccomp}},
	{"notify", {sizeof(notify) / sizeof(*notify), notify}},
	{"container", {sizeof(container) / sizeof(*container), container}},
	{"landlock", {sizeof(landlock) / sizeof(*landlock), landlock}},
};

static bool forbid(const char *what)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i].name, what) == 0)
			return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
			       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &known[i].filter) == 0;
	return false;
}

int main(int argc, char **argv)
{
	if (argc < 3 || !forbid(argv[1]))
		return 99;
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
