/* SPDX-License-Identifier: MIT */
/* symbol: find libc's functions by name while the dynamic linker relocates this library, and without its help. A symbol that we import
 * costs every program that starts some 700 instructions, and dlsym(3) takes a lock that the calling thread may hold. This costs 70, and
 * the result becomes read-only with everything relocated (RELRO) before any code of the program runs. */
#ifndef SYMBOL_H
#define SYMBOL_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A name, without pointers that would need relocation: its hash as in DT_GNU_HASH, and its place among `names`. */
struct symbol {
	uint32_t hash;
	uint16_t name, size;
};

/* One row of a table of symbols; `names` is a struct with an array of characters for each name. */
#define SYMBOL(names, literal, member) {SYMBOL_HASH(literal), offsetof(names, member), sizeof(literal)},

/* Write the functions' addresses to `found`, NULL for those that do not exist. Each comes from the first object loaded after this one
 * that defines it, usually libc, else from the first before; of several versions, the one that a program linked today would get. */
void symbols_find(void *found[], const struct symbol *, size_t n, const char *names);

/* The rest is for hooks that are asked for symbols. It takes no lock and calls nothing outside the library. */

/* Returns what this library exports under that name, or NULL. Costs some 80 ns. */
void *symbol_ours(const char *name);

/* Returns what one object defines under that name, for programs of today, or NULL. */
void *symbol_in(const struct link_map *, const char *name);

/* True if the object is a libc, of this or another namespace. */
bool symbol_is_libc(const struct link_map *);

/* Returns where an object stands: before or after this library, or loaded since. symbols_find() finds functions in those behind. */
enum symbol_place { SYMBOL_FRONT, SYMBOL_BEHIND, SYMBOL_LATE };
enum symbol_place symbol_place(const struct link_map *);

/* Returns the next object after one that is not late, and not late itself, that defines the name, or NULL. */
const struct link_map *symbol_next(const struct link_map *, const char *name);

/* Returns what stands in front of a libc's function: our own, or in another namespace that of its first object which has one. */
void *symbol_stand_in(const struct link_map *libc, const char *name);

/* Call `f` while this library is relocated. `f` can call nothing outside the library: libc's functions are not there yet. */
#define AT_RELOCATION(f)                                               \
	static void f##_done(void)                                     \
	{                                                              \
	}                                                              \
	__attribute__((used)) static void (*f##_now(void))(void)       \
	{                                                              \
		f();                                                   \
		return f##_done;                                       \
	}                                                              \
	static void f##_later(void) __attribute__((ifunc(#f "_now"))); \
	__attribute__((used)) static void (*const f##_kept)(void) = f##_later

/* For a variable that is written then, and only read from then on. */
#define AT_RELOCATION_WRITTEN __attribute__((section(".data.rel.ro.written")))

/* The hash: 5381, times 33 plus each character in turn, as a constant for names of up to SYMBOL_LONGEST characters; longer ones do not
 * compile. */
enum { SYMBOL_LONGEST = 40 };
#define SYMBOL_STEP(h, s, i) \
	((h) * ((i) < sizeof(s) - 1 ? 33u : 1u) + ((i) < sizeof(s) - 1 ? (unsigned char)(s)[(i) < sizeof(s) ? (i) : 0] : 0u))
#define SYMBOL_STEP4(h, s, i) SYMBOL_STEP(SYMBOL_STEP(SYMBOL_STEP(SYMBOL_STEP(h, s, i), s, (i) + 1), s, (i) + 2), s, (i) + 3)
#define SYMBOL_STEP12(h, s, i) SYMBOL_STEP4(SYMBOL_STEP4(SYMBOL_STEP4(h, s, i), s, (i) + 4), s, (i) + 8)
#define SYMBOL_HASH(s)                                                                                 \
	(SYMBOL_STEP4(SYMBOL_STEP12(SYMBOL_STEP12(SYMBOL_STEP12(5381u, s, 0), s, 12), s, 24), s, 36) + \
	 0 * sizeof(char[sizeof(s) - 1 <= SYMBOL_LONGEST ? 1 : -1]))

#endif
