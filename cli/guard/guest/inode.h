/* SPDX-License-Identifier: MIT */
/* inode: the number by which /proc/PID/fd names a socket, the same in every process that has it. Any thread. */
#ifndef CLI_GUARD_GUEST_INODE_H
#define CLI_GUARD_GUEST_INODE_H

#include <stdint.h>
#include <sys/types.h>

/* Returns that of a descriptor of ours; 0 if it is none. */
uint64_t inode_of(int fd);

/* Returns that of what a process has under a number; 0 if that is no socket. */
uint64_t inode_at(pid_t, int number);

/* Find up to `most` numbers that a process has for a socket. Returns how many were found; -1 if nobody may look. */
int inode_numbers(pid_t, uint64_t inode, int numbers[], int most);

#endif
