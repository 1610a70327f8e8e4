/* SPDX-License-Identifier: MIT */
/* heir: a process that inherited a socket which listens at a proxy, by a fork, an exec or a message. It accepts as the owner does (owner.h); if that ends, the quickest heir asks the proxy
 * from then on. */
#ifndef LISTEN_HEIR_H
#define LISTEN_HEIR_H

#include "listen/owner.h"

/* Before a fork, while the engine stands still: let the child have what the engine waits for. */
void heir_prepare(void);

/* In the child, before hidden_close_others() and after: inherit what listens. */
void heir_keep(void);
void heir_begin(void);

/* Ask the owner of the listening socket `fd` to share it. Returns an heir's with one number, or NULL. */
struct listener *heir_listener(int fd, const struct app *);

/* This process was the owner, and has executed another program: returns what that goes on with, or NULL. The share is taken over. */
struct listener *heir_successor(int fd, const struct app *, struct share *);

/* The last number of an heir is closed, and no call is at work. It is locked. */
void heir_leave(struct listener *);

#endif
