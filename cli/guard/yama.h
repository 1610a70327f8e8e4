/* SPDX-License-Identifier: MIT */
/* yama: the security module that lets a process look only into its descendants (kernel.yama.ptrace_scope): the supervisor is nobody's ancestor. */
#ifndef CLI_GUARD_YAMA_H
#define CLI_GUARD_YAMA_H

#include <stdbool.h>

#include "core/base/text.h"

/* True if a supervisor may look into whatever the command starts; else `problem` says why not. Into the command itself it may be let (guard.c). */
bool yama_lets(struct text *problem);

#endif
