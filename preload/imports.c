/* SPDX-License-Identifier: MIT */
/* imports: the functions of libc that this library calls, other than those of hooks.def. The linker's own table of pointers costs 700
 * instructions a function, at the start of every program or on first use, when it stays writable; this one is filled at the start for a
 * seventh of that, and read-only. On other machines the linker's remains. */
#include "symbol.h"

#if defined(__x86_64__)
#define JUMP_TO(pointer) "endbr64\n\tjmp *" pointer "(%rip)"
#elif defined(__aarch64__)
#define JUMP_TO(pointer) "bti c\n\tadrp x16, " pointer "\n\tldr x16, [x16, :lo12:" pointer "]\n\tbr x16"
#endif

/* The linker's start files define this, but would have the dynamic linker look up four more symbols, three of them in vain. */
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

/* The pointers, in the order of the rows, and for each row a function of that name which jumps to its pointer. */
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
