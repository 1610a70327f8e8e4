/* SPDX-License-Identifier: MIT */
/* scm_rights: descriptors on their way to another process. */
#ifndef HOOK_SCM_RIGHTS_H
#define HOOK_SCM_RIGHTS_H

#include <sys/socket.h>

/* Whoever receives one in mid-dial would get a placeholder that nobody replaces: wait until nothing is pending on those that `m` carries. */
void scm_rights_await(const struct msghdr *m);

#endif
