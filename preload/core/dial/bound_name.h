/* SPDX-License-Identifier: MIT */
/* bound_name: the addresses at a proxy that connections of the program have there (BND.ADDR of RFC 1928), for a program that lets the far side
 * connect to it: active FTP announces its control connection's. Nothing is kept unless bound_name_use() was called. Any thread. */
#ifndef CORE_DIAL_BOUND_NAME_H
#define CORE_DIAL_BOUND_NAME_H

#include <stdatomic.h>

#include "core/base/endpoint.h"
#include "core/dial/dial.h"
#include "core/route/decide.h"

/* Keep them from now on. */
void bound_name_use(void);
extern atomic_bool bound_name_used;

/* Or never, as is known once the configuration is read. */
extern atomic_bool bound_name_unused;

/* A dial for `fd` stands: keep the address that its last proxy told, and what it leads to. `app`: whose it is, NULL where all are one program's. */
void bound_name_learn(int fd, const struct app *, const struct dial *);

/* Keep an address of a socket by its cookie (sys_cookie). */
void bound_name_put(uint64_t cookie, const struct endpoint *);

/* Find what is kept; the oldest of many are forgotten. */
bool bound_name_find(uint64_t cookie, struct endpoint *);

/* True if the address, whatever the port, is one of those that are kept. */
bool bound_name_is(const struct addr *);

/* Returns what the program's newest connection through a chain leads to: 0.0.0.0:0 if there was none, or too long ago. */
struct addr bound_name_target(const struct app *);

#endif
