/* SPDX-License-Identifier: MIT */
/* thread: threads of our own in a stranger's process. */
#ifndef CORE_BASE_THREAD_H
#define CORE_BASE_THREAD_H

#include <stdbool.h>

/* Run `f(arg)` on a detached thread that takes no signals. Returns false if the process may have no more threads. */
bool thread_start(void *(*f)(void *), void *arg);

/* True if no other thread has ever been started by libc, not even by us: nobody watches what this one does to descriptors. Costs a load. */
bool thread_is_alone(void);

#endif
