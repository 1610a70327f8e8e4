/* SPDX-License-Identifier: MIT */
/* rights: messages with descriptors over a unix socket of our own. */
#ifndef CORE_DIAL_RIGHTS_H
#define CORE_DIAL_RIGHTS_H

#include <stddef.h>

enum { RIGHTS_MOST = 4 };

/* Send `len` bytes with `n` descriptors, without waiting. Returns 0 or -errno. */
int rights_send(int to, const void *bytes, size_t len, const int *fds, size_t n);

/* Take such a message, with the flags of recvmsg(2); the descriptors have ordinary numbers, and are close-on-exec. Returns 0; -EMFILE if
 * there are no numbers for them, and the message stays; -ECONNABORTED for another kind of message; or another -errno. */
int rights_take(int from, void *bytes, size_t len, int flags, int *fds, size_t n);

#endif
