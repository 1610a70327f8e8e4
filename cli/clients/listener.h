/* SPDX-License-Identifier: MIT */
/* listener: accept clients on the engine. */
#ifndef CLI_CLIENTS_LISTENER_H
#define CLI_CLIENTS_LISTENER_H

#include "core/dial/engine.h"

enum { LISTENER_BACKLOG = 1024 };

/* `job.fd` is a nonblocking socket that listens; the rest of the job is zero. */
struct listener {
	struct job job;
	void (*accepted)(struct listener *, int fd); /* takes over a nonblocking socket. To be called on the engine */
};

/* Accept from now on, until the process ends. */
void listener_start(struct listener *);

/* Open as many files as this user may: each client needs several. */
void listener_use_all_descriptors(void);

#endif
