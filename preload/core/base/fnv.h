/* fnv: the FNV-1a hash, 32 bits: begin with FNV_BASIS and add byte after byte. */
#ifndef CORE_BASE_FNV_H
#define CORE_BASE_FNV_H

#include <stdint.h>

#include "core/base/ascii.h"

static const uint32_t FNV_BASIS = 2166136261u;

static inline uint32_t fnv_add(uint32_t hash, uint8_t byte)
{
	return (hash ^ byte) * 16777619u;
}

/* Of a name in either case: DNS names are the same in both (RFC 4343). */
static inline uint32_t fnv_name(const char *name)
{
	uint32_t hash = FNV_BASIS;

	for (; *name; name++)
		hash = fnv_add(hash, (uint8_t)ascii_lower(*name));
	return hash;
}

#endif
