/* SPDX-License-Identifier: MIT */
/* outside: programs that do network work for those that connect to their unix sockets, and are not proxied themselves: dirmngr for gpg, a
 * tmux server, an ssh that shares its session. A closed table, so that display, sound and message bus are left alone. Any thread, forked
 * children; leaves errno alone. */
#ifndef CORE_EXEC_OUTSIDE_H
#define CORE_EXEC_OUTSIDE_H

#include "core/exec/running.h"
#include "core/route/decide.h"

struct outside {
	const struct outside_row *row; /* what it is */
	int pid;                       /* 0: not known, as in another process namespace */
	char name[RUNNING_NAME];       /* "" if it is not known */
};

/* True if such a program is at the other end of `fd`, a unix socket that is connected to this path ("": to an abstract name). */
bool outside_connected(int fd, const char *path, struct outside *);

/* True if such a program listens at the path, which leads there from this process as `where`: asked by a connection that ends at once. */
bool outside_listens(const char *path, const char *where, struct outside *);

/* True if one can be expected there by the path alone. */
bool outside_expected(const char *path);

/* Append "dirmngr (pid 812)". */
void outside_name(const struct outside *, struct text *);

/* Returns what to type so that its work is proxied, or done by the program itself. */
const char *outside_remedy(const struct outside *);

/* Do what the key `daemons` says when this app hands work over: return 0 or, if it may not, a negative err; say so once for each program
 * and row of the table. */
int outside_heed(const struct app *, const struct outside *);

#endif
