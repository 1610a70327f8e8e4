/* SPDX-License-Identifier: MIT */
/* machine: what an ELF file is made for. */
#ifndef CORE_EXEC_MACHINE_H
#define CORE_EXEC_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct machine {
	unsigned char width, order; /* ELFCLASS32 or 64, ELFDATA2LSB or 2MSB */
	uint16_t number;            /* EM_* */
};

/* Returns what this launcher or library is made for. */
struct machine machine_ours(void);

bool machine_equal(struct machine, struct machine);

/* Returns "x86-64", "i386"..., or "another machine" for one without a name here. */
const char *machine_name(struct machine);

/* Returns what the machine's dynamic linker substitutes for $LIB: for another machine than ours as Debian has it; NULL if unknown. */
const char *machine_lib(struct machine);

#endif
