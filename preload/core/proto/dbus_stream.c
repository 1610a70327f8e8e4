/* SPDX-License-Identifier: MIT */
/* dbus_stream: a state machine that takes one byte at a time, so that no cut can hide a name from it. */
#include "core/proto/dbus_stream.h"

/* One NUL, lines of text that end with BEGIN, then messages of three parts each. */
enum { NUL, LINES, FIXED, FIELDS, BODY };

enum { METHOD_CALL = 1, MAJOR = 1 };
enum { FIELDS_MAX = 1 << 26, MESSAGE_MAX = 1 << 27 };

static uint32_t u32(const uint8_t *at, bool big)
{
	const unsigned last = big ? 3 : 0;

	return (uint32_t)at[last] | (uint32_t)at[last ^ 1] << 8 | (uint32_t)at[last ^ 2] << 16 | (uint32_t)at[last ^ 3] << 24;
}

static void go_on(struct dbus_stream *s)
{
	s->part = s->fields ? FIELDS : s->body ? BODY : FIXED;
	s->seen = 0;
}

static bool begin(struct dbus_stream *s)
{
	const bool big = s->fixed[0] == 'B';
	const uint32_t body = u32(s->fixed + 4, big), fields = u32(s->fixed + 12, big);

	if ((!big && s->fixed[0] != 'l') || s->fixed[3] != MAJOR || fields > FIELDS_MAX || body > MESSAGE_MAX)
		return false;
	s->fields = (fields + 7) & ~7u;
	s->body = body;
	if (s->fixed[1] != METHOD_CALL) { /* replies and signals ask nothing of anybody */
		s->body += s->fields;
		s->fields = 0;
	}
	s->candidates = 0;
	s->nul = false;
	go_on(s);
	return true;
}

static bool line_byte(struct dbus_stream *s, uint8_t byte)
{
	static const char end[] = "\nBEGIN\r\n";

	if (byte != '\r' && byte != '\n' && (byte < ' ' || byte > '~'))
		return false;
	s->seen = byte == (uint8_t)end[s->seen] ? s->seen + 1 : byte == '\n';
	if (!end[s->seen])
		go_on(s);
	return true;
}

/* A field is aligned to 8: its code, "1s\0" for its type, the length in four bytes. So what it says begins at the next multiple of 8, with
 * a NUL among the eight bytes before it; in the middle of a name there is none. */
static const char *field_byte(struct dbus_stream *s, uint8_t byte, const char *const names[])
{
	const char *found = NULL;

	if (s->fields % 8 == 0) {
		if (s->nul) {
			s->candidates = UINT8_MAX;
			s->seen = 0;
		}
		s->nul = false;
	}
	s->nul |= !byte;
	for (unsigned i = 0; names[i] && s->candidates; i++) {
		if (!(s->candidates & 1u << i))
			continue;
		if (byte != (uint8_t)names[i][s->seen])
			s->candidates &= (uint8_t)(0xff ^ 1u << i);
		else if (!names[i][s->seen + 1])
			found = names[i];
	}
	s->seen++;
	if (found)
		s->candidates = 0;
	if (--s->fields == 0)
		go_on(s);
	return found;
}

static bool byte_read(struct dbus_stream *s, uint8_t byte, const char *const names[], const char **found)
{
	switch (s->part) {
	case NUL:
		s->part = LINES;
		return !byte;
	case LINES:
		return line_byte(s, byte);
	case FIXED:
		s->fixed[s->seen++] = byte;
		return s->seen < DBUS_FIXED || begin(s);
	default:
		*found = field_byte(s, byte, names);
		return true;
	}
}

ssize_t dbus_stream_read(struct dbus_stream *s, const uint8_t *at, size_t n, const char *const names[], const char **found)
{
	size_t i = 0;

	*found = NULL;
	while (i < n && !*found) {
		if (s->part != BODY) {
			if (!byte_read(s, at[i++], names, found))
				return -1;
			continue;
		}
		const uint32_t part = n - i < s->body ? (uint32_t)(n - i) : s->body;
		i += part;
		s->body -= part;
		if (!s->body)
			go_on(s);
	}
	return (ssize_t)i;
}
