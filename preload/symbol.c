/* SPDX-License-Identifier: MIT */
/* symbol: look into other objects' DT_GNU_HASH, as the dynamic linker does; through all the symbols of those that have only DT_HASH. */
#include "symbol.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdbool.h>

enum {
	HIDDEN = 0x8000, /* marks a version kept for programs that were linked long ago */
	LONGEST = 64,    /* of the names that any function of libc has, with its NUL */
};

struct object {
	uintptr_t base;
	const ElfW(Sym) * symbols;
	const ElfW(Half) * versions; /* NULL if the object has none */
	const char *strings, *name;
	const uint32_t *hashes, *old_hashes; /* NULL those that it does not have */
};

extern ElfW(Dyn) _DYNAMIC[] __attribute__((visibility("hidden")));
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* The object that was loaded last before this library was relocated. */
AT_RELOCATION_WRITTEN static const struct link_map *last;

/* Relocate an address from a dynamic section: the dynamic linker has done so for most objects, but not for those it cannot write to. */
static const void *address(uintptr_t base, ElfW(Addr) at)
{
	return (const void *)(at < base ? base + at : at);
}

static bool open_object(struct object *o, uintptr_t base, const ElfW(Dyn) * d)
{
	ElfW(Xword) name = 0;

	*o = (struct object){.base = base};
	for (; d->d_tag != DT_NULL; d++) {
		const void *const at = address(base, d->d_un.d_ptr);
		if (d->d_tag == DT_GNU_HASH)
			o->hashes = at;
		else if (d->d_tag == DT_HASH)
			o->old_hashes = at;
		else if (d->d_tag == DT_SYMTAB)
			o->symbols = at;
		else if (d->d_tag == DT_STRTAB)
			o->strings = at;
		else if (d->d_tag == DT_VERSYM)
			o->versions = at;
		else if (d->d_tag == DT_SONAME)
			name = d->d_un.d_val;
	}
	o->name = o->strings + name;
	return ((o->hashes && o->hashes[0]) || o->old_hashes) && o->symbols && o->strings;
}

typedef uint64_t eight __attribute__((may_alias, aligned(1)));
typedef uint32_t four __attribute__((may_alias, aligned(1)));

/* True if two names of `n` bytes are the same; no function of libc has less than three letters and a NUL. */
static inline bool same(const char *a, const char *b, size_t n)
{
	if (n < 8)
		return *(const four *)a == *(const four *)b && *(const four *)(a + n - 4) == *(const four *)(b + n - 4);
	for (size_t i = 0; i + 8 < n; i += 8)
		if (*(const eight *)(a + i) != *(const eight *)(b + i))
			return false;
	return *(const eight *)(a + n - 8) == *(const eight *)(b + n - 8);
}

/* True if a symbol with the right hash has that name, in a version for programs of today. */
static inline bool is_it(const struct object *o, size_t at, const char *name, size_t size)
{
	return !(o->versions && o->versions[at] & HIDDEN) && same(o->strings + o->symbols[at].st_name, name, size);
}

static bool is_libc(const struct object *o)
{
	return same(o->name, "libc.so.6", sizeof("libc.so.6"));
}

/* Call a function that chooses an implementation (STT_GNU_IFUNC) only in libc, which is relocated before us. */
static void *address_of(const struct object *o, const ElfW(Sym) * s)
{
	void *const at = (void *)(o->base + s->st_value);

	if (__builtin_expect(ELF64_ST_TYPE(s->st_info) != STT_GNU_IFUNC, true))
		return at;
	return is_libc(o) ? ((void *(*)(void))(uintptr_t)at)() : NULL;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash;
}

/* Take one symbol of an object for whatever of that name is missing so far. */
static void take(const struct object *o, size_t at, void *found[], const struct symbol *wanted, size_t n, const char *names)
{
	const ElfW(Sym) *const s = &o->symbols[at];

	if (s->st_shndx == SHN_UNDEF || ELF64_ST_BIND(s->st_info) == STB_LOCAL)
		return;
	const uint32_t hash = hash_of(o->strings + s->st_name);
	for (size_t i = 0; i < n; i++)
		if (!found[i] && wanted[i].hash == hash && is_it(o, at, names + wanted[i].name, wanted[i].size))
			found[i] = address_of(o, s);
}

/* The same as find_in() by all symbols in turn: few objects have no DT_GNU_HASH. */
static size_t find_slowly(const struct object *o, void *found[], const struct symbol *wanted, size_t n, const char *names)
{
	size_t missing = 0;

	for (size_t at = 1; at < o->old_hashes[1]; at++)
		take(o, at, found, wanted, n, names);
	for (size_t i = 0; i < n; i++)
		missing += !found[i];
	return missing;
}

/* Find in one object what is missing so far. Returns how many are still missing. */
static size_t find_in(const struct object *o, void *found[], const struct symbol *wanted, size_t n, const char *names)
{
	if (!o->hashes || !o->hashes[0])
		return find_slowly(o, found, wanted, n, names);
	const uint32_t buckets = o->hashes[0], first = o->hashes[1], words = o->hashes[2];
	const uint32_t *const bucket = o->hashes + 4 + words * (sizeof(ElfW(Addr)) / 4), *const chain = bucket + buckets - first;
	size_t missing = 0;

	for (size_t i = 0; i < n; i++) {
		if (found[i])
			continue;
		const uint32_t hash = wanted[i].hash, start = bucket[hash % buckets];
		const uint32_t *at = &chain[start], *end = start ? NULL : at;
		for (; at != end; end = *at & 1 ? at + 1 : NULL, at++) /* an odd value ends the bucket */
			if ((*at ^ hash) <= 1 && is_it(o, (size_t)(at - chain), names + wanted[i].name, wanted[i].size)) {
				found[i] = address_of(o, &o->symbols[at - chain]);
				break;
			}
		missing += !found[i];
	}
	return missing;
}

/* Returns the dynamic linker's record of this library. The debugger's list shows only the first namespace; dlmopen(3) makes others. */
static const struct link_map *myself(void)
{
	struct link_map *m = _r_debug.r_map;
	Dl_info info;

	while (m && m->l_ld != _DYNAMIC)
		m = m->l_next;
	return m || dladdr1(_DYNAMIC, &info, (void **)&m, RTLD_DL_LINKMAP) ? m : NULL;
}

static const struct link_map *first_of(const struct link_map *m)
{
	while (m && m->l_prev)
		m = m->l_prev;
	return m;
}

/* Look through the objects from `m` on, as far as `end`. Returns how many are still missing. */
static size_t find_among(const struct link_map *m, const struct link_map *end, void *found[], const struct symbol *symbols, size_t n,
			 const char *names)
{
	size_t missing = n;
	struct object o;

	for (; m != end && missing; m = m->l_next)
		if (open_object(&o, m->l_addr, m->l_ld))
			missing = find_in(&o, found, symbols, n, names);
	return missing;
}

/* If a program opens this library by dlopen(3), libc was loaded before it. */
void symbols_find(void *found[], const struct symbol *symbols, size_t n, const char *names)
{
	const struct link_map *const me = myself();

	if (!me)
		return;
	for (last = me; last->l_next;)
		last = last->l_next;
	if (!find_among(me->l_next, NULL, found, symbols, n, names))
		return;
	find_among(first_of(me), me, found, symbols, n, names);
}

/* Find one symbol in one object. No function of libc that we stand in for has a name of less than three letters. */
static void *find_one(const struct object *o, const char *name)
{
	size_t n = 0;
	void *found = NULL;

	while (n < LONGEST && name[n])
		n++;
	if (n < 3 || n == LONGEST)
		return NULL;
	const struct symbol wanted = {.hash = hash_of(name), .size = (uint16_t)(n + 1)};
	find_in(o, &found, &wanted, 1, name);
	return found;
}

void *symbol_ours(const char *name)
{
	struct object o;

	return open_object(&o, (uintptr_t)&__ehdr_start, _DYNAMIC) ? find_one(&o, name) : NULL;
}

void *symbol_in(const struct link_map *m, const char *name)
{
	struct object o;

	return open_object(&o, m->l_addr, m->l_ld) ? find_one(&o, name) : NULL;
}

bool symbol_is_libc(const struct link_map *m)
{
	struct object o;

	return open_object(&o, m->l_addr, m->l_ld) && is_libc(&o);
}

enum symbol_place symbol_place(const struct link_map *m)
{
	const struct link_map *const me = myself();
	enum symbol_place place = SYMBOL_FRONT;

	for (const struct link_map *at = first_of(me); at; at = at->l_next) {
		if (at == m)
			return place;
		if (at == me)
			place = SYMBOL_BEHIND;
		if (at == last)
			break;
	}
	return SYMBOL_LATE;
}

const struct link_map *symbol_next(const struct link_map *m, const char *name)
{
	while (m && m != last) {
		m = m->l_next;
		if (m && symbol_in(m, name))
			return m;
	}
	return NULL;
}

void *symbol_stand_in(const struct link_map *libc, const char *name)
{
	const struct link_map *m = first_of(libc);
	void *found = NULL;

	if (m == first_of(myself()))
		return symbol_ours(name);
	for (; m && !found; m = m->l_next)
		found = symbol_in(m, name);
	return found;
}
