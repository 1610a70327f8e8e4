/* SPDX-License-Identifier: MIT */
/* inifile: feed inih line by line, and catch what it would silently skip. */
#include "conf/load/inifile.h"

#include <ini.h>
#include <string.h>

#include "core/base/ascii.h"

struct feed {
	const struct inifile_listener *to;
	const char *at, *end; /* not yet handed to inih */
	int line;
	bool indented;
	bool continuable; /* the section has a key, of whose value inih takes an indented line for a part */
	bool unanswered;  /* inih has a line that should become a value, and has not reported one */
};

static void complain(struct feed *f, const char *problem)
{
	f->to->mistake(f->to->context, f->line, problem);
}

/* Report the section on a line that begins with '['. Returns what is wrong with it, or NULL. */
static const char *take_section(struct feed *f, const char *at, const char *end)
{
	char text[INIFILE_SECTION_MAX + 1];
	const char *const close = memchr(at, ']', (size_t)(end - at));

	if (!close)
		return "the section's ']' is missing";
	const size_t n = (size_t)(close - at - 1);
	if (n > INIFILE_SECTION_MAX)
		return "the section's name is longer than 49 bytes";
	if (memchr(at, ';', n + 1))
		return "a ';' in the section's name";
	const char *rest = close + 1;
	while (rest < end && ascii_is_blank(*rest))
		rest++;
	if (rest < end && *rest != ';' && *rest != '#')
		return "nothing may follow the section's ']'";
	memcpy(text, at + 1, n);
	text[n] = '\0';
	f->continuable = false;
	f->to->section(f->to->context, f->line, text);
	return NULL;
}

/* Returns how many bytes precede an inline comment and the blanks before it. */
static size_t before_comment(const char *at, const char *end)
{
	const char *stop = at;

	while (stop < end && !(*stop == ';' && (stop == at || ascii_is_blank(stop[-1]))))
		stop++;
	while (stop > at && ascii_is_blank(stop[-1]))
		stop--;
	return (size_t)(stop - at);
}

/* Check a line before inih sees it. Returns what is wrong with it, or NULL. */
static const char *take_line(struct feed *f, const char *at, const char *end)
{
	const char *start = at;

	f->indented = false;
	if (end - at > INIFILE_LINE_MAX)
		return "the line is longer than 4093 bytes";
	if (memchr(at, '\0', (size_t)(end - at)))
		return "the line contains a NUL";
	while (start < end && ascii_is_blank(*start))
		start++;
	if (start == end || *start == ';' || *start == '#')
		return NULL;
	f->indented = start > at;
	if (*start == '[')
		return f->indented ? "a section begins at the start of its line" : take_section(f, start, end);
	f->unanswered = true;
	/* A key that the user indented by mistake must not become part of the value above it. */
	if (f->indented && f->continuable && memchr(start, '=', before_comment(start, end))) {
		f->unanswered = false;
		return "an indented line continues the key before it; a key begins at the start of its line";
	}
	return NULL;
}

/* inih reports nothing for a line that it cannot parse. */
static void settle(struct feed *f)
{
	if (f->unanswered)
		complain(f, "neither a [section] nor 'key = value'");
	f->unanswered = false;
}

static char *read_line(char *to, int size, void *stream)
{
	struct feed *const f = stream;
	const char *const at = f->at;

	settle(f);
	if (at == f->end)
		return NULL;
	const char *const newline = memchr(at, '\n', (size_t)(f->end - at));
	const char *const end = newline ? newline : f->end;
	size_t n = (size_t)(end - at);
	f->at = newline ? newline + 1 : f->end;
	f->line++;
	const char *const wrong = take_line(f, at, end);
	if (wrong) {
		complain(f, wrong);
		if (!f->indented && n && *at == '[')
			f->to->section(f->to->context, f->line, NULL);
	}
	if (wrong || n > (size_t)size - 2)
		n = 0; /* give inih an empty line, which keeps its line count right */
	memcpy(to, at, n);
	memcpy(to + n, "\n", 2);
	return to;
}

static int take_value(void *user, const char *section, const char *name, const char *value)
{
	struct feed *const f = user;

	(void)section; /* cut to what inih has room for */
	f->unanswered = false;
	if (f->indented && f->continuable) {
		/* Debian's inih leaves inline comments in continuation lines. We may cut `value`: it lies in inih's line buffer. */
		((char *)value)[before_comment(value, value + strlen(value))] = '\0';
		f->to->value(f->to->context, f->line, NULL, value);
		return 1;
	}
	f->continuable = *name != '\0';
	if (f->continuable)
		f->to->value(f->to->context, f->line, name, value);
	else
		complain(f, "no key stands before the '='");
	return 1;
}

void inifile_tell(const struct file *file, const struct inifile_listener *to)
{
	struct feed f = {.to = to, .at = file->at, .end = file->at + file->n};

	if (file->n >= 3 && memcmp(file->at, "\xef\xbb\xbf", 3) == 0)
		f.at += 3;
	ini_max_line = INIFILE_LINE_MAX + 3;
	ini_use_stack = true;
	ini_allow_inline_comments = true;
	ini_allow_multiline = true;
	ini_allow_no_value = false;
	ini_stop_on_first_error = false;
	ini_parse_stream(read_line, &f, take_value, &f);
}
