/* SPDX-License-Identifier: MIT */
/* scm_rights: descriptors on their way to another process. */
#ifndef HOOK_SCM_RIGHTS_H
#define HOOK_SCM_RIGHTS_H

#include <sys/socket.h>

/* Wait until none of the descriptors that `m` carries is connecting: the receiver would get a decoy that nobody ever replaces. */
void scm_rights_await(const struct msghdr *m);

#endif
