/* SPDX-License-Identifier: MIT */
/* dns_name: turn labels into text and back. */
#include "core/proto/dns_name.h"

#include <string.h>

#include "core/base/ascii.h"

enum { LABEL_MAX = 63, WIRE_MAX = 255, POINTER = 0xc0 };

static bool sayable(const uint8_t *label, size_t n)
{
	return !memchr(label, '.', n) && !memchr(label, '\0', n);
}

size_t dns_name_read(const uint8_t *at, size_t n, size_t from, char name[static ADDR_NAME_MAX + 1])
{
	size_t p = from, limit = from, end = 0, len = 0;
	bool good = true;

	for (;;) {
		if (p >= n)
			return 0;
		const size_t label = at[p];
		if (label >= POINTER) {
			/* Each pointer must lead further back than the last, so following them ends. */
			const size_t to = p + 1 < n ? (label & ~(size_t)POINTER) << 8 | at[p + 1] : n;
			if (to >= limit)
				return 0;
			end = end ? end : p + 2;
			p = limit = to;
			continue;
		}
		if (label > LABEL_MAX || n - p - 1 < label || len + label + 2 > WIRE_MAX)
			return 0;
		p++;
		if (label == 0)
			break;
		good = good && sayable(at + p, label);
		if (len)
			name[len++] = '.';
		memcpy(name + len, at + p, label);
		len += label;
		p += label;
	}
	name[good ? len : 0] = '\0';
	return end ? end : p;
}

size_t dns_name_skip(const uint8_t *at, size_t n, size_t from)
{
	char ignored[ADDR_NAME_MAX + 1];

	return dns_name_read(at, n, from, ignored);
}

bool dns_name_write(struct buf *out, const char *name)
{
	size_t left = strlen(name);

	if (left && name[left - 1] == '.')
		left--;
	if (left + 2 > WIRE_MAX)
		return false;
	while (left) {
		const char *const dot = memchr(name, '.', left);
		const size_t label = dot ? (size_t)(dot - name) : left, step = label + (dot != NULL);
		if (label == 0 || label > LABEL_MAX)
			return false;
		buf_u8(out, (unsigned)label);
		buf_put(out, name, label);
		name += step;
		left -= step;
		if (dot && !left)
			return false;
	}
	buf_u8(out, 0);
	return true;
}

bool dns_name_is_host(const char *name)
{
	uint8_t bytes[WIRE_MAX];
	struct buf wire = {.at = bytes, .size = sizeof(bytes)};

	if (*name == '-')
		return false;
	for (const char *c = name; *c; c++)
		if (!ascii_is_alnum(*c) && !strchr("-_.", *c))
			return false;
	return dns_name_write(&wire, name);
}
