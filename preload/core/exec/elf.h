/* SPDX-License-Identifier: MIT */
/* elf: what an executable's headers say about how it is loaded. */
#ifndef CORE_EXEC_ELF_H
#define CORE_EXEC_ELF_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct elf {
	unsigned char width, order; /* ELFCLASS32 or 64, ELFDATA2LSB or 2MSB */
	uint16_t machine;           /* EM_* */
	bool damaged;               /* the headers are inconsistent */
	bool go;                    /* made by the Go toolchain */
	char interpreter[PATH_MAX]; /* the dynamic linker; "" for a static program */
};

/* Read the file behind `fd`. Returns false if it is no ELF file. In the other byte order only the machine is read. */
bool elf_read(struct elf *, int fd);

/* True if the file is of the same kind as this launcher or library. */
bool elf_is_native(const struct elf *);

/* Returns "x86-64", "i386"..., or "another machine" for one without a name here. */
const char *elf_machine_name(const struct elf *);

/* Returns what the program's dynamic linker substitutes for $LIB on Debian ("lib/i386-linux-gnu"), or NULL if unknown. */
const char *elf_lib(const struct elf *);

/* Returns the C library whose dynamic linker has that file name: "glibc", "musl", "uClibc", "Bionic"; NULL if unknown. */
const char *elf_libc(const char *interpreter);

/* Returns what we are. */
struct elf elf_ours(void);

#endif
