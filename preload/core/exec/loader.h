/* SPDX-License-Identifier: MIT */
/* loader: the dynamic linker as a command: ld.so(8). */
#ifndef CORE_EXEC_LOADER_H
#define CORE_EXEC_LOADER_H

#include <stdbool.h>

/* Find out what glibc's dynamic linker would run with these arguments, which may be NULL: `program`, or NULL if it would only print something. Returns
 * false if that cannot be told. */
bool loader_program(char *const argv[], const char **program);

#endif
