/* SPDX-License-Identifier: MIT */
/* hosts: understand /etc/hosts as libc does. */
#include "core/names/hosts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/ascii.h"
#include "core/base/scratch.h"
#include "core/names/hosts_file.h"

static bool same(const char *a, size_t n, const char *b)
{
	return n == strlen(b) && ascii_same(a, b, n);
}

/* Find the next word of a line that ends at `end`. Returns false if there is none. */
static bool next_word(const char **at, const char *end, const char **word, size_t *n)
{
	while (*at < end && ascii_is_blank(**at))
		++*at;
	*word = *at;
	while (*at < end && !ascii_is_blank(**at))
		++*at;
	*n = (size_t)(*at - *word);
	return *n;
}

static bool names(const char *at, const char *end, const char *name)
{
	const char *word;
	size_t n;

	while (next_word(&at, end, &word, &n))
		if (same(word, n, name))
			return true;
	return false;
}

static void add_alias(struct host *r, const char *word, size_t n)
{
	if (n + 2 > sizeof(r->aliases) - r->aliases_size)
		return;
	memcpy(r->aliases + r->aliases_size, word, n);
	r->aliases_size += n;
	r->aliases[r->aliases_size++] = '\0';
	r->aliases[r->aliases_size] = '\0';
}

/* The first name of a line is canonical, the rest are aliases. */
static void take_names(struct host *r, const char *at, const char *end)
{
	const char *word;
	size_t n;

	if (next_word(&at, end, &word, &n) && !r->canonical[0] && n < sizeof(r->canonical))
		memcpy(r->canonical, word, n), r->canonical[n] = '\0';
	while (next_word(&at, end, &word, &n))
		add_alias(r, word, n);
}

static bool known(const struct host *r, const struct addr *a)
{
	for (int i = 0; i < r->n; i++)
		if (addr_equal(&r->addresses[i], a))
			return true;
	return false;
}

/* Look for a name, or for an address if `name` is NULL. */
struct search {
	const char *name;
	const struct addr *address;
	struct host *r;
};

static void take_line(const struct search *s, const char *at, size_t n)
{
	const char *const hash = memchr(at, '#', n), *const end = hash ? hash : at + n, *word;
	struct host *const r = s->r;
	struct addr a;

	if (!next_word(&at, end, &word, &n) || (s->name && !names(at, end, s->name)))
		return;
	if (!addr_parse_host(&a, word, n) || a.kind == ADDR_NAME || (!s->name && (r->n || !addr_equal(&a, s->address))))
		return;
	if (r->n < HOST_ADDRESSES && !known(r, &a))
		r->addresses[r->n++] = a;
	take_names(r, at, end);
}

static void take_lines(const struct search *s, const char *at, size_t n)
{
	const char *newline;

	while ((newline = memchr(at, '\n', n))) {
		take_line(s, at, (size_t)(newline - at));
		n -= (size_t)(newline + 1 - at);
		at = newline + 1;
	}
	take_line(s, at, n);
}

/* Returns false if the file could not be read. */
static bool search(const char *name, const struct addr *address, struct host *r)
{
	SCRATCH(room);
	struct hosts_file *const f = scratch_take(&room, sizeof(*f));

	host_clear(r);
	if (!f)
		return false;
	const bool opened = hosts_file_open(f);
	if (f->at)
		take_lines(&(struct search){.name = name, .address = address, .r = r}, f->at, f->n);
	hosts_file_close(f);
	return opened;
}

static bool is_this_machine(const char *name)
{
	char own[256] = "";

	return gethostname(own, sizeof(own) - 1) == 0 && own[0] && same(own, strlen(own), name);
}

static void take_loopback(struct host *r, const char *name)
{
	r->addresses[0] = addr_loopback(AF_INET6, 0);
	r->addresses[1] = addr_loopback(AF_INET, 0);
	r->n = 2;
	memcpy(r->canonical, name, strlen(name) + 1);
}

int hosts_find(const char *name, struct host *r)
{
	struct addr asked = {.kind = ADDR_NAME};

	if (strlen(name) > ADDR_NAME_MAX)
		return 0;
	if (!search(name, NULL, r))
		return -EMFILE;
	memcpy(asked.name, name, strlen(name) + 1);
	if (!r->n && (addr_is_loopback(&asked) || is_this_machine(name)))
		take_loopback(r, name);
	return r->n;
}

int hosts_name(const struct addr *address, struct host *r)
{
	struct addr a = *address;

	a.port = 0;
	return search(NULL, &a, r) ? r->n : -EMFILE;
}
