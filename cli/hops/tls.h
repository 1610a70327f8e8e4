/* SPDX-License-Identifier: MIT */
/* tls: connections to an https:// proxy. socat speaks TLS, one process for each, and checks the proxy's certificate and name; what it has to say
 * goes into the log. */
#ifndef CLI_HOPS_TLS_H
#define CLI_HOPS_TLS_H

#include <stdbool.h>

#include "conf/proxy.h"
#include "core/dial/engine.h"

enum { TLS_LINE = 512 };

struct tls {
	const struct proxy *proxy;
	struct job job;      /* job.fd: where socat's complaints are read */
	int complaints;      /* where socat writes them */
	char line[TLS_LINE]; /* what has come of the next */
	size_t got;
};

/* Find socat. Returns false after a message. */
bool tls_prepare(struct tls *, const struct proxy *);

/* Try whether the proxy can be reached and is to be trusted. Returns false after a line in the log. */
bool tls_try(struct tls *);

/* Read complaints from now on, on the engine. */
void tls_begin(struct tls *);

/* Have a client's bytes carried to the proxy inside TLS, and the proxy's back. Takes over `fd`, a stream socket. */
void tls_carry(const struct tls *, int fd);

#endif
