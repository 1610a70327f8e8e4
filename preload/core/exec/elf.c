/* SPDX-License-Identifier: MIT */
/* elf: read the headers in one go, and follow them to the interpreter, the notes and the names of sections. */
#include "core/exec/elf.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { GO_BUILD_ID = 4, PIECE = sizeof(((struct elf_scratch *)0)->piece) };

/* What we need of a program header, of either width. */
struct segment {
	uint32_t type;
	uint64_t offset, size;
};

/* What we need of the file's header, of either width. */
struct header {
	uint64_t segments, sections;
	unsigned segment_size, segment_count, section_size, names; /* `names`: which section has their names */
};

static const struct libc {
	char name[8], prefix[12]; /* of the interpreter's file name */
} libcs[] = {
	{"musl", "ld-musl-"},  {"uClibc", "ld-uClibc"}, {"uClibc", "ld64-uClibc"}, {"Bionic", "linker"},
	{"glibc", "ld-linux"}, {"glibc", "ld64.so"},    {"glibc", "ld.so"},        {"glibc", "ld-2."},
};

/* A file, its first bytes, where the headers mostly lie, and what is read of it. */
struct source {
	struct elf *elf;
	struct elf_scratch *scratch;
	int fd;
	size_t n; /* bytes of the head */
};

static bool read_at(const struct source *f, void *to, size_t n, uint64_t at)
{
	if (at > f->n || n > f->n - at)
		return pread(f->fd, to, n, (off_t)at) == (ssize_t)n;
	memcpy(to, f->scratch->head + at, n);
	return true;
}

/* Returns `n` bytes of the file, valid until the next call; NULL if they are too many or are not there. */
static const char *piece(const struct source *f, size_t n, uint64_t at)
{
	return n <= PIECE && read_at(f, f->scratch->piece, n, at) ? f->scratch->piece : NULL;
}

static bool header_read(struct header *h, const struct source *f)
{
	Elf32_Ehdr narrow;
	Elf64_Ehdr wide;

	if (f->elf->machine.width == ELFCLASS32) {
		if (!read_at(f, &narrow, sizeof(narrow), 0))
			return false;
		*h = (struct header){narrow.e_phoff, narrow.e_shoff,     narrow.e_phentsize,
				     narrow.e_phnum, narrow.e_shentsize, narrow.e_shnum ? narrow.e_shstrndx : 0};
	} else {
		if (!read_at(f, &wide, sizeof(wide), 0))
			return false;
		*h = (struct header){wide.e_phoff, wide.e_shoff,     wide.e_phentsize,
				     wide.e_phnum, wide.e_shentsize, wide.e_shnum ? wide.e_shstrndx : 0};
	}
	return true;
}

static bool segment_read(struct segment *s, const struct source *f, uint64_t at)
{
	Elf32_Phdr narrow;
	Elf64_Phdr wide;

	if (f->elf->machine.width == ELFCLASS32) {
		if (!read_at(f, &narrow, sizeof(narrow), at))
			return false;
		*s = (struct segment){narrow.p_type, narrow.p_offset, narrow.p_filesz};
	} else {
		if (!read_at(f, &wide, sizeof(wide), at))
			return false;
		*s = (struct segment){wide.p_type, wide.p_offset, wide.p_filesz};
	}
	return true;
}

/* Some names are padded with more than one NUL. */
static bool note_is(const char *name, size_t n, const char *wanted)
{
	return n > strlen(wanted) && memcmp(name, wanted, strlen(wanted) + 1) == 0;
}

/* Look for Go's build id and for our own note. */
static void notes_read(struct elf *e, const char *notes, size_t n)
{
	for (size_t at = 0; at + sizeof(Elf32_Nhdr) <= n;) {
		Elf32_Nhdr note; /* the same in both widths */

		memcpy(&note, notes + at, sizeof(note));
		at += sizeof(note);
		if (note.n_namesz > n - at || note.n_descsz > PIECE)
			return;
		e->go = e->go || (note.n_type == GO_BUILD_ID && note_is(notes + at, note.n_namesz, "Go"));
		e->ours = e->ours || note_is(notes + at, note.n_namesz, ELF_NOTE);
		at += ((note.n_namesz + 3u) & ~3u) + ((note.n_descsz + 3u) & ~3u);
	}
}

static void note_segment_read(const struct source *f, const struct segment *s)
{
	const size_t n = s->size < PIECE ? s->size : PIECE;
	const char *notes = piece(f, n, s->offset);

	if (notes)
		notes_read(f->elf, notes, n);
}

/* Find DT_SONAME, if the strings lie where the file is mapped at the offset that they have in it: in the first segment. */
static void soname_read(const struct source *f, const struct segment *s)
{
	const size_t n = s->size < PIECE ? s->size : PIECE;
	const char *entries = f->elf->machine.width == ELFCLASS64 ? piece(f, n, s->offset) : NULL;
	Elf64_Dyn d = {.d_tag = DT_NULL};
	uint64_t strings = 0, name = 0;

	for (size_t at = 0; entries && at + sizeof(d) <= n; at += sizeof(d)) {
		memcpy(&d, entries + at, sizeof(d));
		if (d.d_tag == DT_STRTAB)
			strings = d.d_un.d_ptr;
		else if (d.d_tag == DT_SONAME)
			name = d.d_un.d_val;
	}
	if (strings && name && read_at(f, f->elf->soname, sizeof(f->elf->soname), strings + name))
		f->elf->soname[sizeof(f->elf->soname) - 1] = '\0';
}

static bool interpreter_read(const struct source *f, const struct segment *s)
{
	char *to = f->elf->interpreter;

	if (s->size < 2 || s->size > sizeof(f->elf->interpreter) || !read_at(f, to, s->size, s->offset))
		return false;
	to[s->size - 1] = '\0';
	return true;
}

static bool segments_read(const struct source *f, const struct header *h)
{
	struct elf *e = f->elf;
	struct segment s, dynamic = {0};

	for (unsigned i = 0; i < h->segment_count; i++) {
		if (!segment_read(&s, f, h->segments + (uint64_t)i * h->segment_size))
			return false;
		if (s.type == PT_NOTE)
			note_segment_read(f, &s);
		else if (s.type == PT_LOAD && s.offset + s.size > e->end)
			e->end = s.offset + s.size;
		else if (s.type == PT_DYNAMIC)
			dynamic = s;
		else if (s.type == PT_INTERP && !interpreter_read(f, &s))
			return false;
	}
	if (!e->interpreter[0] && !e->ours && dynamic.size)
		soname_read(f, &dynamic);
	return true;
}

/* Linkers can be told to leave Go's build id out, but every program of Go has these sections; ".gopclntab" is part of a longer name in some. */
static const char gos[][16] = {".go.buildinfo", ".gopclntab"};

/* True if one of the names, each with a NUL behind it, ends as Go's do. */
static bool names_are_gos(const char *names, size_t n)
{
	for (size_t end = 0; end < n; end++)
		for (size_t i = 0; !names[end] && i < sizeof(gos) / sizeof(*gos); i++)
			if (end >= strlen(gos[i]) && memcmp(names + end - strlen(gos[i]), gos[i], strlen(gos[i])) == 0)
				return true;
	return false;
}

static void sections_read(const struct source *f, const struct header *h)
{
	const uint64_t at = h->sections + (uint64_t)h->names * h->section_size;
	Elf32_Shdr narrow;
	Elf64_Shdr wide;
	uint64_t offset, size;

	if (f->elf->machine.width == ELFCLASS32) {
		if (!read_at(f, &narrow, sizeof(narrow), at))
			return;
		offset = narrow.sh_offset, size = narrow.sh_size;
	} else {
		if (!read_at(f, &wide, sizeof(wide), at))
			return;
		offset = wide.sh_offset, size = wide.sh_size;
	}
	const size_t n = size < PIECE ? size : PIECE;
	const char *names = piece(f, n, offset);
	f->elf->go = names && names_are_gos(names, n);
}

static void follow(const struct source *f)
{
	struct header h;

	f->elf->damaged = !header_read(&h, f) || !segments_read(f, &h);
	if (!f->elf->damaged && !f->elf->go && !f->elf->ours && h.names)
		sections_read(f, &h);
}

bool elf_read(struct elf *e, int fd, struct elf_scratch *scratch)
{
	unsigned char ident[EI_NIDENT];
	Elf32_Half machine;
	const ssize_t n = pread(fd, scratch->head, sizeof(scratch->head), 0);
	const struct source f = {e, scratch, fd, n > 0 ? (size_t)n : 0};

	e->damaged = e->go = e->ours = false;
	e->interpreter[0] = e->soname[0] = '\0';
	e->end = 0;
	if (!read_at(&f, ident, SELFMAG, 0) || memcmp(ident, ELFMAG, SELFMAG) != 0)
		return false;
	if (!read_at(&f, ident, sizeof(ident), 0) || !read_at(&f, &machine, sizeof(machine), offsetof(Elf32_Ehdr, e_machine))) {
		e->damaged = true;
		return true;
	}
	e->machine = (struct machine){ident[EI_CLASS], ident[EI_DATA], machine}; /* at the same place in both widths */
	if (e->machine.order == machine_ours().order)
		follow(&f);
	else
		e->machine.number = (uint16_t)(machine << 8 | machine >> 8);
	return true;
}

const char *elf_libc(const char *interpreter)
{
	const char *slash = strrchr(interpreter, '/');
	const char *base = slash ? slash + 1 : interpreter;

	for (size_t i = 0; i < sizeof(libcs) / sizeof(*libcs); i++)
		if (strncmp(base, libcs[i].prefix, strlen(libcs[i].prefix)) == 0)
			return libcs[i].name;
	return NULL;
}
