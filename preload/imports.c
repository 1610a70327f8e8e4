/* SPDX-License-Identifier: MIT */
/* imports: what this library calls of libc, other than the functions of hooks.def. The linker would make a table of pointers for them, too. The
 * dynamic linker would fill that one at once, at 700 instructions a function and for every program that starts, or on first use, and leave it
 * writable. This one is filled at once, at a seventh of the cost, and read-only. On other machines it is the linker's. */
#include "symbol.h"

#if defined(__x86_64__)
#define JUMP_TO(slot) "endbr64\n\tjmp *" slot "(%rip)"
#elif defined(__aarch64__)
#define JUMP_TO(slot) "bti c\n\tadrp x16, " slot "\n\tldr x16, [x16, :lo12:" slot "]\n\tbr x16"
#endif

/* The linker's start files have it; they would have four more symbols looked up, three of them in vain. */
__attribute__((visibility("hidden"))) void *__dso_handle;

#ifdef JUMP_TO
struct names {
#define IMPORT(name) char name[sizeof(#name)];
#include "imports.def"
#undef IMPORT
};

static const struct names names = {
#define IMPORT(name) #name,
#include "imports.def"
#undef IMPORT
};

static const struct symbol symbols[] = {
#define IMPORT(name) SYMBOL(struct names, #name, name)
#include "imports.def"
#undef IMPORT
};

/* The pointers, in the order of the rows, and a function of each name that jumps where its pointer says. */
extern void *imports_found[] __attribute__((visibility("hidden")));

__asm__(".section .data.rel.ro.imports, \"aw\"\n"
	".balign 8\n"
	".globl imports_found\n"
	".hidden imports_found\n"
	"imports_found:\n"
	".text");

#define IMPORT(name) \
	__asm__(".section .data.rel.ro.imports, \"aw\"\n"                                                                               \
		"found_" #name ": .quad 0\n"                                                                                             \
		".text\n"                                                                                                                \
		".globl " #name "\n"                                                                                                     \
		".hidden " #name "\n"                                                                                                    \
		".type " #name ", %function\n" #name ":\n\t" JUMP_TO("found_" #name) "\n"                                                \
		".size " #name ", . - " #name);
#include "imports.def"

static void find_imports(void)
{
	symbols_find(imports_found, symbols, sizeof(symbols) / sizeof(*symbols), (const char *)&names);
}

AT_RELOCATION(find_imports);
#endif
