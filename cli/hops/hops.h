/* SPDX-License-Identifier: MIT */
/* hops: first hops that the launcher reaches for the command: each is a unix socket (core/route/helper.h), and behind it this process, which
 * has to stay as long as the command. */
#ifndef CLI_HOPS_HOPS_H
#define CLI_HOPS_HOPS_H

#include "cli/hops/ssh.h"
#include "conf/config.h"

/* True if all such hops are served by a launcher that has started this process, or there are none: in the default chain and those that rules
 * lead to, or, if there is one, in `only` that route. */
bool hops_are_there(const struct config *, const struct route *only);

/* Log in to each, and tell programs of the sockets by the environment. Returns false after a message, if there is a chain that has no other path
 * than by one that does not let us in. `try`: look whether each can be reached, even where no login tells. */
bool hops_start(const struct config *, const struct route *only, bool try);

/* Serve the sockets from now on, on the engine. */
void hops_serve(const struct config *);

/* Returns the login to an ssh:// proxy; NULL if hops_start() has made none. Its master can be joined, also from a child. */
const struct ssh *hops_login(const struct proxy *);

/* For a child that was forked in between: the sockets are its parent's. */
void hops_leave(void);

/* Take leave of each. */
void hops_stop(void);

#endif
