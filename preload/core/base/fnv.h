/* SPDX-License-Identifier: MIT */
/* fnv: the 32-bit FNV-1a hash: start with FNV_BASIS, then add each byte. */
#ifndef CORE_BASE_FNV_H
#define CORE_BASE_FNV_H

#include <stdint.h>

#include "core/base/ascii.h"

static const uint32_t FNV_BASIS = 2166136261u;

static inline uint32_t fnv_add(uint32_t hash, uint8_t byte)
{
	return (hash ^ byte) * 16777619u;
}

/* Returns the hash of a name, the same for either case, because DNS names ignore case (RFC 4343). */
static inline uint32_t fnv_name(const char *name)
{
	uint32_t hash = FNV_BASIS;

	for (; *name; name++)
		hash = fnv_add(hash, (uint8_t)ascii_lower(*name));
	return hash;
}

#endif
