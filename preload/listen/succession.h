/* SPDX-License-Identifier: MIT */
/* succession: the process that asks the proxy executes another program itself, which has the listening socket: it goes on there, by a variable of its
 * environment and by descriptors that stay open. */
#ifndef LISTEN_SUCCESSION_H
#define LISTEN_SUCCESSION_H

#include "core/base/text.h"
#include "core/route/decide.h"

#define SUCCESSION_VARIABLE "_SOCKSIFY_LISTENERS"

/* Append the variable with its value, if this process owns listening sockets that stay open; does nothing in another's memory (vfork). */
void succession_tell(struct text *);

/* Let what is told of stay open over an exec; or, when that has failed, no longer. */
void succession_begin(void);
void succession_undo(void);

/* In the program: take over what the value tells of, or close it if `app` is NULL. */
void succession_take(const char *value, const struct app *);

#endif
