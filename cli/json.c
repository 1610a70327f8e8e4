/* SPDX-License-Identifier: MIT */
/* json: RFC 8259, on one line. */
#include "json.h"

#include <stdio.h>
#include <string.h>

static bool first = true; /* of its object or array */
static FILE *elsewhere;

void json_use(FILE *to)
{
	elsewhere = to;
}

static FILE *out(void)
{
	return elsewhere ? elsewhere : stdout;
}

static void put_string(const char *s)
{
	putc('"', out());
	for (; *s; s++) {
		const unsigned char c = (unsigned char)*s;
		if (c < 0x20 || c == 0x7f)
			fprintf(out(), "\\u%04x", c);
		else if (c == '"' || c == '\\')
			fprintf(out(), "\\%c", c);
		else
			putc(c, out());
	}
	putc('"', out());
}

static void put_key(const char *key)
{
	if (!first)
		putc(',', out());
	first = false;
	if (!key)
		return;
	put_string(key);
	putc(':', out());
}

void json_begin(const char *key, char bracket)
{
	put_key(key);
	putc(bracket, out());
	first = true;
}

void json_end(char bracket)
{
	putc(bracket, out());
	first = false;
}

/* Returns the length of the UTF-8 sequence at `s`, or 0 if there is none. */
static size_t sequence(const char *s)
{
	const unsigned char c = (unsigned char)*s;
	const size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

void json_string(const char *key, const char *value)
{
	char clean[4096], *to = clean;

	put_key(key);
	if (!value) {
		fputs("null", out());
		return;
	}
	while (*value && to < clean + sizeof(clean) - 5) {
		const size_t n = sequence(value);
		to = n ? mempcpy(to, value, n) : stpcpy(to, "\xef\xbf\xbd");
		value += n ? n : 1;
	}
	*to = '\0';
	put_string(clean);
}

void json_number(const char *key, double value)
{
	put_key(key);
	fprintf(out(), "%.*f", value == (double)(long)value ? 0 : 1, value);
}

void json_bool(const char *key, bool value)
{
	put_key(key);
	fputs(value ? "true" : "false", out());
}
