/* SPDX-License-Identifier: MIT */
/* needed: read the dynamic section, and the strings that it names, from where the file has them. */
#include "core/exec/needed.h"

#include <link.h>
#include <string.h>
#include <unistd.h>

/* What nearly everything needs; it is libc's own. */
static const char libcs[][24] = {
	"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"};

enum { NAME = 256 }; /* the longest that a file may have */

/* A file, its first bytes with the headers, and its dynamic section. */
struct source {
	int fd;
	size_t n, entries; /* how many bytes; how many there */
	off_t strings;     /* where its strings are; -1 if that is not known */
	const char *head;
	const ElfW(Dyn) * dynamic;
};

/* Returns the i-th program header; NULL if it does not lie where it usually does. */
static const ElfW(Phdr) * segment(const struct source *f, unsigned i)
{
	const ElfW(Ehdr) *const h = (const ElfW(Ehdr) *)f->head;
	const ElfW(Phdr) *const all = (const ElfW(Phdr) *)(f->head + sizeof(*h));

	return f->n > sizeof(*h) && h->e_phoff == sizeof(*h) && h->e_phentsize == sizeof(*all) && i < h->e_phnum &&
			       sizeof(*h) + (i + 1) * sizeof(*all) <= f->n
		       ? &all[i]
		       : NULL;
}

static void read_dynamic(struct source *f, struct elf_scratch *scratch)
{
	const ElfW(Phdr) * s;
	unsigned i = 0;

	while ((s = segment(f, i)) && s->p_type != PT_DYNAMIC)
		i++;
	if (!s)
		return;
	const size_t size = s->p_filesz < sizeof(scratch->piece) ? s->p_filesz : sizeof(scratch->piece);
	if (pread(f->fd, scratch->piece, size, (off_t)s->p_offset) == (ssize_t)size)
		f->entries = size / sizeof(f->dynamic[0]);
	f->dynamic = (const ElfW(Dyn) *)scratch->piece;
}

/* Returns where in the file an address is mapped from; -1 if nowhere. */
static off_t place_of(const struct source *f, uint64_t address)
{
	const ElfW(Phdr) * s;

	for (unsigned i = 0; (s = segment(f, i)); i++)
		if (s->p_type == PT_LOAD && address >= s->p_vaddr && address - s->p_vaddr < s->p_filesz)
			return (off_t)(address - s->p_vaddr + s->p_offset);
	return -1;
}

/* Read a string. Returns its length; 0 if it is not there, or has no room. */
static size_t read_string(int fd, off_t at, char *to, size_t room)
{
	const ssize_t n = room ? pread(fd, to, room, at) : 0;
	const char *end = n > 0 ? memchr(to, '\0', (size_t)n) : NULL;

	if (!end && room)
		*to = '\0';
	return end ? (size_t)(end - to) : 0;
}

static void source_open(struct source *f, int fd, struct elf_scratch *scratch)
{
	const ssize_t head = pread(fd, scratch->head, sizeof(scratch->head), 0);

	*f = (struct source){.fd = fd, .n = head > 0 ? (size_t)head : 0, .head = scratch->head, .strings = -1};
	read_dynamic(f, scratch);
	for (size_t i = 0; i < f->entries; i++)
		if (f->dynamic[i].d_tag == DT_STRTAB)
			f->strings = place_of(f, f->dynamic[i].d_un.d_ptr);
}

/* Returns the entry behind the i-th; NULL at the end. */
static const ElfW(Dyn) * entry(const struct source *f, size_t i)
{
	return f->strings >= 0 && i < f->entries && f->dynamic[i].d_tag != DT_NULL ? &f->dynamic[i] : NULL;
}

static off_t string_of(const struct source *f, const ElfW(Dyn) * d)
{
	return f->strings + (off_t)d->d_un.d_val;
}

static void read_dirs(struct needed *n, const struct source *f, const ElfW(Dyn) * d)
{
	const bool lasts = d->d_tag == DT_RPATH;

	if (lasts && n->dirs[0]) /* DT_RUNPATH takes the place of DT_RPATH */
		return;
	n->lasts = read_string(f->fd, string_of(f, d), n->dirs, sizeof(n->dirs)) && lasts;
}

static void read_name(struct needed *n, const struct source *f, const ElfW(Dyn) * d)
{
	const size_t room = sizeof(n->names) - n->n;
	const size_t len = room < NAME ? 0 : read_string(f->fd, string_of(f, d), n->names + n->n, NAME);

	n->n += len ? len + 1 : 0;
}

void needed_read(struct needed *n, int fd, struct elf_scratch *scratch)
{
	const ElfW(Dyn) * d;
	struct source f;

	n->n = 0;
	n->dirs[0] = '\0';
	n->lasts = false;
	source_open(&f, fd, scratch);
	for (size_t i = 0; (d = entry(&f, i)); i++)
		if (d->d_tag == DT_NEEDED)
			read_name(n, &f, d);
		else if (d->d_tag == DT_RPATH || d->d_tag == DT_RUNPATH)
			read_dirs(n, &f, d);
}

bool needed_is_libcs(const char *name)
{
	for (size_t i = 0; i < sizeof(libcs) / sizeof(*libcs); i++)
		if (strcmp(libcs[i], name) == 0)
			return true;
	return false;
}

bool needed_are_libcs(int fd, struct elf_scratch *scratch)
{
	const ElfW(Dyn) * d;
	char name[sizeof(libcs[0])];
	struct source f;

	source_open(&f, fd, scratch);
	for (size_t i = 0; (d = entry(&f, i)); i++)
		if (d->d_tag == DT_NEEDED && !(read_string(fd, string_of(&f, d), name, sizeof(name)) && needed_is_libcs(name)))
			return false;
	return true;
}

const char *needed_next(const struct needed *n, const char *name)
{
	name = name ? name + strlen(name) + 1 : n->names;
	return name < n->names + n->n ? name : NULL;
}
