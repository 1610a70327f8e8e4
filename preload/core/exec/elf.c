/* SPDX-License-Identifier: MIT */
/* elf: read the headers in one go, and follow them to the interpreter and the notes. */
#include "core/exec/elf.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

enum { GO_BUILD_ID = 4, NOTE_MAX = 4096, HEAD = 2048 };

/* What we need of a program header, of either width. */
struct segment {
	uint32_t type;
	uint64_t offset, size;
};

static const struct machine {
	uint16_t machine;
	unsigned char width;
	char name[8], lib[30];
} machines[] = {
	{EM_X86_64, ELFCLASS64, "x86-64", "lib/x86_64-linux-gnu"},
	{EM_X86_64, ELFCLASS32, "x32", "lib/x86_64-linux-gnux32"},
	{EM_386, ELFCLASS32, "i386", "lib/i386-linux-gnu"},
	{EM_AARCH64, ELFCLASS64, "arm64", "lib/aarch64-linux-gnu"},
	{EM_ARM, ELFCLASS32, "arm", "lib/arm-linux-gnueabihf"},
	{EM_RISCV, ELFCLASS64, "riscv64", "lib/riscv64-linux-gnu"},
	{EM_PPC64, ELFCLASS64, "ppc64", "lib/powerpc64le-linux-gnu"},
	{EM_S390, ELFCLASS64, "s390x", "lib/s390x-linux-gnu"},
	{EM_LOONGARCH, ELFCLASS64, "loong64", "lib/loongarch64-linux-gnu"},
};

static const struct libc {
	char name[8], prefix[12]; /* of the interpreter's file name */
} libcs[] = {
	{"musl", "ld-musl-"},  {"uClibc", "ld-uClibc"}, {"uClibc", "ld64-uClibc"}, {"Bionic", "linker"},
	{"glibc", "ld-linux"}, {"glibc", "ld64.so"},    {"glibc", "ld.so"},        {"glibc", "ld-2."},
};

/* The linker puts our own header here. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* A file with its first bytes, where the headers mostly lie. */
struct source {
	int fd;
	size_t n;
	char head[HEAD];
};

static bool read_at(const struct source *f, void *to, size_t n, uint64_t at)
{
	if (at > f->n || n > f->n - at)
		return pread(f->fd, to, n, (off_t)at) == (ssize_t)n;
	memcpy(to, f->head + at, n);
	return true;
}

static bool segment_read(struct segment *s, unsigned char width, const struct source *f, uint64_t at)
{
	Elf32_Phdr narrow;
	Elf64_Phdr wide;

	if (width == ELFCLASS32) {
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

/* True if one of the notes is Go's build id. */
static bool are_gos(const char *notes, size_t n)
{
	for (size_t at = 0; at + sizeof(Elf32_Nhdr) + 4 <= n;) {
		Elf32_Nhdr note; /* the same in both widths */

		memcpy(&note, notes + at, sizeof(note));
		if (note.n_type == GO_BUILD_ID && memcmp(notes + at + sizeof(note), "Go\0", 4) == 0)
			return true;
		if (note.n_namesz > NOTE_MAX || note.n_descsz > NOTE_MAX)
			return false;
		at += sizeof(note) + ((note.n_namesz + 3u) & ~3u) + ((note.n_descsz + 3u) & ~3u);
	}
	return false;
}

/* Apart from the rest, so that mostly no page of the stack is touched for the notes. */
static __attribute__((noinline)) bool far_notes_are_gos(const struct source *f, uint64_t at, size_t n)
{
	char notes[NOTE_MAX];

	return read_at(f, notes, n, at) && are_gos(notes, n);
}

/* True if the first bytes of a segment of notes have Go's build id. */
static bool has_go_note(const struct source *f, const struct segment *s)
{
	const size_t n = s->size < NOTE_MAX ? s->size : NOTE_MAX;

	if (s->offset <= f->n && n <= f->n - s->offset)
		return are_gos(f->head + s->offset, n);
	return far_notes_are_gos(f, s->offset, n);
}

static bool segments_read(struct elf *e, const struct source *f, uint64_t at, unsigned size, unsigned count)
{
	struct segment s;

	for (unsigned i = 0; i < count; i++) {
		if (!segment_read(&s, e->width, f, at + (uint64_t)i * size))
			return false;
		if (s.type == PT_NOTE)
			e->go = e->go || has_go_note(f, &s);
		if (s.type != PT_INTERP)
			continue;
		if (s.size < 2 || s.size > sizeof(e->interpreter) || !read_at(f, e->interpreter, s.size, s.offset))
			return false;
		e->interpreter[s.size - 1] = '\0';
	}
	return true;
}

bool elf_read(struct elf *e, int fd)
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} h;
	struct source f; /* most of it stays as it is */
	const ssize_t n = pread(fd, f.head, sizeof(f.head), 0);

	f.fd = fd;
	f.n = n > 0 ? (size_t)n : 0;
	e->damaged = e->go = false;
	e->interpreter[0] = '\0';
	if (!read_at(&f, h.ident, SELFMAG, 0) || memcmp(h.ident, ELFMAG, SELFMAG) != 0)
		return false;
	if (!read_at(&f, &h.narrow, sizeof(h.narrow), 0)) {
		e->damaged = true;
		return true;
	}
	e->width = h.ident[EI_CLASS];
	e->order = h.ident[EI_DATA];
	e->machine = h.narrow.e_machine;
	if (e->order != __ehdr_start.e_ident[EI_DATA])
		e->machine = (uint16_t)(e->machine << 8 | e->machine >> 8);
	else if (e->width == ELFCLASS32)
		e->damaged = !segments_read(e, &f, h.narrow.e_phoff, h.narrow.e_phentsize, h.narrow.e_phnum);
	else
		e->damaged = !read_at(&f, &h.wide, sizeof(h.wide), 0) ||
			     !segments_read(e, &f, h.wide.e_phoff, h.wide.e_phentsize, h.wide.e_phnum);
	return true;
}

bool elf_is_native(const struct elf *e)
{
	return e->width == __ehdr_start.e_ident[EI_CLASS] && e->order == __ehdr_start.e_ident[EI_DATA] &&
	       e->machine == __ehdr_start.e_machine;
}

struct elf elf_ours(void)
{
	return (struct elf){
		.width = __ehdr_start.e_ident[EI_CLASS],
		.order = __ehdr_start.e_ident[EI_DATA],
		.machine = __ehdr_start.e_machine,
	};
}

static const struct machine *machine_of(const struct elf *e)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(*machines); i++)
		if (machines[i].machine == e->machine && machines[i].width == e->width)
			return &machines[i];
	return NULL;
}

const char *elf_machine_name(const struct elf *e)
{
	const struct machine *m = machine_of(e);
	return m ? m->name : "another machine";
}

const char *elf_lib(const struct elf *e)
{
	const struct machine *m = machine_of(e);
	return m ? m->lib : NULL;
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
