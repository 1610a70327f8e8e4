/* SPDX-License-Identifier: MIT */
/* yama: the security module that may keep processes from looking into one another (kernel.yama.ptrace_scope). */
#ifndef CLI_GUARD_YAMA_H
#define CLI_GUARD_YAMA_H

#include "core/base/text.h"

/* Append what it is set to, if it is what forbids a supervisor to look even into its descendants. */
void yama_explain(struct text *problem);

#endif
