/* SPDX-License-Identifier: MIT */
/* dns_name: names as they stand in DNS messages (RFC 1035, 4.1.4). */
#ifndef CORE_PROTO_DNS_NAME_H
#define CORE_PROTO_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/buf.h"

/* Read the name at `from` in a message of `n` bytes, compressed or not, as text without a trailing dot; "" for the root, and for a name that
 * text cannot express (a dot or a NUL in a label). Returns where it ends, or 0 if it is malformed. */
size_t dns_name_read(const uint8_t *at, size_t n, size_t from, char name[static ADDR_NAME_MAX + 1]);

/* Returns where the name at `from` ends, or 0. */
size_t dns_name_skip(const uint8_t *at, size_t n, size_t from);

/* Append `name`, ignoring one trailing dot. Returns false if it is no DNS name. */
bool dns_name_write(struct buf *, const char *name);

/* True if DNS can carry the name and libc accepts it for a host (res_hnok). */
bool dns_name_is_host(const char *name);

#endif
