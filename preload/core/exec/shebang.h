/* SPDX-License-Identifier: MIT */
/* shebang: which interpreter a script's first line names. */
#ifndef CORE_EXEC_SHEBANG_H
#define CORE_EXEC_SHEBANG_H

#include <stdbool.h>
#include <stddef.h>

enum {
	SHEBANG_MAX = 256, /* bytes that the kernel looks at: BINPRM_BUF_SIZE */
	SHEBANG_DEPTH = 5, /* scripts that may run scripts: exec_binprm() in fs/exec.c */
};

struct shebang {
	char interpreter[SHEBANG_MAX];
	char argument[SHEBANG_MAX]; /* the rest of the line, without blanks around it; "" if none */
};

/* Read the first `n` bytes of a file. Returns false unless the kernel would run it as a script; execvp(3) then hands the file to /bin/sh. */
bool shebang_read(struct shebang *, const char *at, size_t n);

/* Find the program that env(1), as the interpreter, would look for. Returns false if the interpreter is another, or env is given none. */
bool shebang_env(const struct shebang *, char name[static SHEBANG_MAX]);

#endif
