/* SPDX-License-Identifier: MIT */
/* tls: connections to an https:// proxy. socat speaks TLS, one process for each, and checks the proxy's certificate and name; what it has to say
 * goes into the log. */
#ifndef CLI_HOPS_TLS_H
#define CLI_HOPS_TLS_H

#include <stdbool.h>

#include "conf/proxy.h"

/* Look for socat. Returns false after a message. */
bool tls_is_installed(void);

/* Try whether the proxy can be reached and is to be trusted. Returns false after a line in the log. */
bool tls_try(const struct proxy *);

/* Have a client's bytes carried to the proxy inside TLS, and the proxy's back. Takes over `fd`, a stream socket; the client sees it closed when
 * whatever socat had to say is in the log. On the engine. */
void tls_carry(const struct proxy *, int fd);

#endif
