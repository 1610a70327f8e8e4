/* rights: descriptors on their way to another process. */
#ifndef HOOK_RIGHTS_H
#define HOOK_RIGHTS_H

#include <sys/socket.h>

/* Whoever receives one in mid-dial would get a placeholder that nobody replaces: wait until nothing is pending on those that `m` carries. */
void rights_await(const struct msghdr *m);

#endif
