/* SPDX-License-Identifier: MIT */
/* sigio: a socket with O_ASYNC signals once that a connect has ended, and nothing of the dial before. Any thread, any signal handler. */
#ifndef FD_SIGIO_H
#define FD_SIGIO_H

#include <stdbool.h>

/* Take O_ASYNC off a socket that has these status flags, for as long as it is dialled. */
void sigio_hold(int fd, int flags);

/* Put O_ASYNC on again, under the number that the program knows, and send the signal that the kernel would send now (fcntl(2), F_SETOWN,
 * F_SETSIG). A real-time signal tells the number; not to a group of processes. */
void sigio_release(int fd, bool failed);

#endif
