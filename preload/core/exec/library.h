/* SPDX-License-Identifier: MIT */
/* library: whether the dynamic linker of a program that is about to be executed could load our library. */
#ifndef CORE_EXEC_LIBRARY_H
#define CORE_EXEC_LIBRARY_H

#include <limits.h>
#include <stdbool.h>

#include "core/base/text.h"
#include "core/exec/elf.h"

/* True if what `name`, an entry of LD_PRELOAD, stands for in a program made for that machine can be opened by this process's real user from where the
 * process stands, is our library, whole and for that machine, and may be mapped. If not, `why` completes a sentence about the program:
 * "cannot load '/lib/libsocksify.so': Permission denied". Puts into `path` what the name stands for. */
bool library_check(char path[static PATH_MAX], const char *name, struct machine, struct elf_scratch *, struct text *why);

#endif
