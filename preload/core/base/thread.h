/* SPDX-License-Identifier: MIT */
/* thread: threads of our own in a stranger's process. */
#ifndef CORE_BASE_THREAD_H
#define CORE_BASE_THREAD_H

#include <stdbool.h>

/* Run `f(arg)` on a detached thread that takes no signals. Returns false if the process may have no more threads. */
bool thread_start(void *(*f)(void *), void *arg);

#endif
