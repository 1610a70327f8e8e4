/* SPDX-License-Identifier: MIT */
/* elf: what headers tell, read from files made byte by byte. */
#include "core/exec/elf.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/tap.h"

static struct elf_scratch scratch;

/* A native program of at most two segments, whose contents follow the headers. */
struct made {
	ElfW(Ehdr) h;
	ElfW(Phdr) p[2];
	char bytes[64];
};

static struct made program(void)
{
	const struct machine ours = machine_ours();
	struct made m = {.h = {.e_type = ET_DYN,
			       .e_machine = ours.number,
			       .e_phoff = offsetof(struct made, p),
			       .e_phentsize = sizeof(ElfW(Phdr)),
			       .e_phnum = 2}};

	memcpy(m.h.e_ident, ELFMAG, SELFMAG);
	m.h.e_ident[EI_CLASS] = ours.width;
	m.h.e_ident[EI_DATA] = ours.order;
	return m;
}

static void segment(struct made *m, unsigned i, uint32_t type, const char *bytes, size_t n)
{
	m->p[i].p_type = type;
	m->p[i].p_offset = offsetof(struct made, bytes) + 32 * i;
	m->p[i].p_filesz = n;
	memcpy(m->bytes + 32 * i, bytes, n);
}

static bool read_bytes(struct elf *e, const void *bytes, size_t n)
{
	const int fd = memfd_create("elf", 0);
	const bool wrote = write(fd, bytes, n) == (ssize_t)n;
	const bool is = elf_read(e, fd, &scratch);

	EXPECT(wrote);
	close(fd);
	return is;
}

TEST("a text is no ELF file, nor is an empty one")
{
	struct elf e;

	EXPECT(!read_bytes(&e, "#!/bin/sh\n", 10));
	EXPECT(!read_bytes(&e, "", 0));
}

TEST("a program without an interpreter is static, whether position-independent or not")
{
	struct made m = program();
	struct elf e;

	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(machine_equal(e.machine, machine_ours()) && !e.damaged);
	EXPECT_STR(e.interpreter, "");
	segment(&m, 0, PT_DYNAMIC, "", 0);
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT_STR(e.interpreter, "");
}

TEST("the interpreter tells the C library")
{
	static const char *const rows[][2] = {
		{"/lib64/ld-linux-x86-64.so.2", "glibc"},
		{"/lib/ld-musl-x86_64.so.1", "musl"},
		{"/lib/ld-uClibc.so.0", "uClibc"},
		{"/system/bin/linker64", "Bionic"},
	};
	struct elf e;

	for (size_t i = 0; i < 4; i++) {
		struct made m = program();
		segment(&m, 1, PT_INTERP, rows[i][0], strlen(rows[i][0]) + 1);
		EXPECT(read_bytes(&e, &m, sizeof(m)));
		EXPECT_STR(e.interpreter, rows[i][0]);
		EXPECT_STR(elf_libc(e.interpreter), rows[i][1]);
	}
}

TEST("a Go program is known by the note of its build id")
{
	struct made m = program();
	struct elf e;

	segment(&m, 0, PT_NOTE, "\4\0\0\0\4\0\0\0\4\0\0\0Go\0\0abcd", 20);
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(e.go);
	segment(&m, 0, PT_NOTE, "\4\0\0\0\4\0\0\0\3\0\0\0GNU\0abcd", 20);
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(!e.go);
}

TEST("our own library is known by its note")
{
	struct made m = program();
	struct elf e;

	segment(&m, 0, PT_NOTE, "\11\0\0\0\0\0\0\0\1\0\0\0socksify\0\0\0", 24);
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(e.ours && !e.go);
	m.bytes[12] = 'x';
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(!e.ours);
}

TEST("a Go program without a build id is known by a section")
{
	static const char names[] = "\0.text\0.go.buildinfo\0.shstrtab";
	struct {
		struct made m;
		ElfW(Shdr) s[2];
		char names[sizeof(names)];
	} f = {.m = program()};
	struct elf e;

	f.m.h.e_shoff = offsetof(__typeof__(f), s);
	f.m.h.e_shentsize = sizeof(ElfW(Shdr));
	f.m.h.e_shnum = 2;
	f.m.h.e_shstrndx = 1;
	f.s[1] = (ElfW(Shdr)){.sh_offset = offsetof(__typeof__(f), names), .sh_size = sizeof(names)};
	memcpy(f.names, names, sizeof(names));
	EXPECT(read_bytes(&e, &f, sizeof(f)));
	EXPECT(e.go && !e.damaged);
	f.names[8] = 'x';
	EXPECT(read_bytes(&e, &f, sizeof(f)));
	EXPECT(!e.go && !e.damaged);
}

TEST("another machine is told from ours, in either width and byte order")
{
	struct made m = program();
	struct elf e;

	m.h.e_machine = EM_RISCV;
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(!machine_equal(e.machine, machine_ours()));
	Elf32_Ehdr narrow = {.e_machine = EM_386, .e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS32, machine_ours().order}};
	EXPECT(read_bytes(&e, &narrow, sizeof(narrow)));
	EXPECT(!machine_equal(e.machine, machine_ours()));
	EXPECT_STR(machine_name(e.machine), "i386");
	EXPECT_STR(machine_lib(e.machine), "lib/i386-linux-gnu");
	m = program();
	m.h.e_ident[EI_DATA] = machine_ours().order == ELFDATA2LSB ? ELFDATA2MSB : ELFDATA2LSB;
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(!machine_equal(e.machine, machine_ours()));
}

TEST("a file cut off anywhere is damaged, or complete as far as it matters")
{
	struct made m = program();
	struct elf e;

	segment(&m, 1, PT_INTERP, "/lib/ld-linux.so.2", 19);
	for (size_t n = SELFMAG; n < offsetof(struct made, bytes) + 32 + 19; n++) {
		EXPECT(read_bytes(&e, &m, n));
		EXPECT(e.damaged);
	}
}

TEST("an interpreter of absurd length is damage")
{
	struct made m = program();
	struct elf e;

	segment(&m, 1, PT_INTERP, "/lib/ld-linux.so.2", 19);
	m.p[1].p_filesz = (ElfW(Xword))1 << 40;
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(e.damaged);
	m.p[1].p_filesz = 0;
	EXPECT(read_bytes(&e, &m, sizeof(m)));
	EXPECT(e.damaged);
}

TEST("we are a native program of glibc ourselves")
{
	const int fd = open("/proc/self/exe", O_RDONLY);
	struct elf e;

	EXPECT(elf_read(&e, fd, &scratch));
	EXPECT(machine_equal(e.machine, machine_ours()) && !e.damaged && !e.go);
	EXPECT_STR(elf_libc(e.interpreter), "glibc");
	close(fd);
}
