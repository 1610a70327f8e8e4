/* shebang: what a script's first line runs. */
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

/* Read the first `n` bytes of a file. False unless the kernel would take them for a script; execvp(3)
 * then leaves the file to /bin/sh. */
bool shebang_read(struct shebang *, const char *at, size_t n);

/* The program that env(1), the interpreter, looks for; false if it is another interpreter or names none. */
bool shebang_env(const struct shebang *, char name[static SHEBANG_MAX]);

#endif
