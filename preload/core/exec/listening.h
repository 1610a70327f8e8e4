/* SPDX-License-Identifier: MIT */
/* listening: the unix sockets that listen in this network namespace (sock_diag(7)). Any thread, signal handlers; errno may change. */
#ifndef CORE_EXEC_LISTENING_H
#define CORE_EXEC_LISTENING_H

/* Returns the inode of the socket that listens at a path, by whatever name of the file; 0 if none does. It is what links of /proc/PID/fd name. */
unsigned listening_inode(const char *path);

#endif
