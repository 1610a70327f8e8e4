/* SPDX-License-Identifier: MIT */
/* ssh: log in to an ssh:// proxy as the user's own ssh does. */
#ifndef CLI_HOPS_SSH_H
#define CLI_HOPS_SSH_H

#include <stdatomic.h>
#include <stdbool.h>

#include "conf/proxy.h"

enum { SSH_CONTROL = 108 }; /* as long as the path of a socket can be */

struct ssh {
	const struct proxy *proxy;
	char host[ADDR_NAME_MAX + 1]; /* its name or address by ssh's configuration */
	char control[SSH_CONTROL];    /* the master's socket */
	atomic_int hold;              /* the connection by which it was joined */
	bool ours;                    /* we have started it, and are to end it */
	bool unwatched;               /* by its configuration it would not notice a connection that is broken */
	atomic_bool renewing;         /* another login is under way */
	int64_t rest;                 /* there is to be none before, monotonic ns */
};

/* Join the master that ssh's configuration names, if there is one; else start one with its socket at `path`. It may ask the user for
 * passwords on a terminal. Returns when it is logged in; false after a message. */
bool ssh_log_in(struct ssh *, const struct proxy *, const char *path);

/* The master cannot be reached. If it was ours, log in once more, on another thread, without asking the user for anything. Returns true while that
 * is under way; false if there is no hope for now. On the engine. */
bool ssh_renew(struct ssh *);

/* End what we have started, and leave the user's own as it was. */
void ssh_log_out(struct ssh *);

#endif
