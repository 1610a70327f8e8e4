/* SPDX-License-Identifier: MIT */
/* machine: names of machines, and of the folders for their libraries. */
#include "core/exec/machine.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>

static const struct row {
	uint16_t number;
	unsigned char width;
	char name[8], lib[30];
} rows[] = {
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

/* The linker puts our own header here. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

struct machine machine_ours(void)
{
	return (struct machine){__ehdr_start.e_ident[EI_CLASS], __ehdr_start.e_ident[EI_DATA], __ehdr_start.e_machine};
}

bool machine_equal(struct machine a, struct machine b)
{
	return a.width == b.width && a.order == b.order && a.number == b.number;
}

static const struct row *row_of(struct machine m)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].number == m.number && rows[i].width == m.width)
			return &rows[i];
	return NULL;
}

const char *machine_name(struct machine m)
{
	const struct row *r = row_of(m);
	return r ? r->name : "another machine";
}

const char *machine_lib(struct machine m)
{
	const struct row *r = row_of(m);

	if (machine_equal(m, machine_ours()))
		return LIB;
	return r ? r->lib : NULL;
}
