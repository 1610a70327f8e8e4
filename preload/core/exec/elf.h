/* elf: what an executable's headers tell about who loads it. */
#ifndef CORE_EXEC_ELF_H
#define CORE_EXEC_ELF_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct elf {
	unsigned char width, order; /* ELFCLASS32 or 64, ELFDATA2LSB or 2MSB */
	uint16_t machine;           /* EM_* */
	bool damaged;               /* its headers make no sense */
	bool go;                    /* made by the Go toolchain */
	char interpreter[PATH_MAX]; /* the dynamic linker; "" for a static program */
};

/* Read the file behind `fd`; false if it is no ELF file. Of another byte order only the machine is read. */
bool elf_read(struct elf *, int fd);

/* The kind of program that this launcher or library is. */
bool elf_is_native(const struct elf *);

/* "x86-64", "i386"...; "another machine" when it has no name here. */
const char *elf_machine_name(const struct elf *);

/* What the program's own dynamic linker puts for $LIB on Debian ("lib/i386-linux-gnu"); NULL when unknown. */
const char *elf_lib(const struct elf *);

/* The C library whose dynamic linker has that file name: "glibc", "musl", "uClibc", "Bionic"; NULL when unknown. */
const char *elf_libc(const char *interpreter);

/* What we are. */
struct elf elf_ours(void);

#endif
