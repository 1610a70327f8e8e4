/* SPDX-License-Identifier: MIT */
/* library_cache: search the entries, sorted by name with the last first, in the mapped file (glibc's "new format"). */
#include "core/exec/library_cache.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/sys.h"

static const char magic[] = "glibc-ld.so.cache1.1";

struct header {
	char magic[20];
	uint32_t entries, strings; /* how many; how many bytes of strings follow them */
	uint32_t unused[5];
};

struct entry {
	uint32_t flags, name, path, unused; /* both strings by where they begin in the file */
	uint64_t hwcaps;
};

static const struct entry *entry_at(const struct library_cache *c, uint32_t i)
{
	return (const struct entry *)(c->at + sizeof(struct header)) + i;
}

static uint32_t count(const struct library_cache *c)
{
	return c->at ? ((const struct header *)c->at)->entries : 0;
}

static uint64_t end_of_strings(const struct library_cache *c)
{
	return sizeof(struct header) + (uint64_t)count(c) * sizeof(struct entry) + ((const struct header *)c->at)->strings;
}

/* Returns a string; "" if it lies elsewhere. */
static const char *string_at(const struct library_cache *c, uint32_t at)
{
	return at < end_of_strings(c) ? c->at + at : "";
}

static bool is_whole(const struct library_cache *c)
{
	const struct header *h = (const struct header *)c->at;

	return c->size > sizeof(*h) && memcmp(h->magic, magic, sizeof(h->magic)) == 0 && end_of_strings(c) <= c->size &&
	       !c->at[end_of_strings(c) - 1];
}

void library_cache_open(struct library_cache *c)
{
	const int fd = open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC);
	struct stat st;

	*c = (struct library_cache){0};
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		void *const at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		*c = (struct library_cache){.at = at == MAP_FAILED ? NULL : at, .size = (size_t)st.st_size};
	}
	sys.close(fd);
	if (c->at && !is_whole(c))
		library_cache_close(c);
}

void library_cache_close(struct library_cache *c)
{
	if (c->at)
		munmap((void *)c->at, c->size);
	c->at = NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint64_t number(const char **at)
{
	uint64_t value = 0;

	for (; is_digit(**at); ++*at)
		value = value * 10 + (uint64_t)(**at - '0');
	return value;
}

int library_cache_compare(const char *a, const char *b)
{
	while (*a) {
		if (is_digit(*a) != is_digit(*b))
			return is_digit(*a) ? 1 : -1;
		if (is_digit(*a)) {
			const uint64_t left = number(&a), right = number(&b);
			if (left != right)
				return left < right ? -1 : 1;
		} else if (*a != *b) {
			break;
		} else {
			a++, b++;
		}
	}
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare(const struct library_cache *c, uint32_t i, const char *name)
{
	return library_cache_compare(string_at(c, entry_at(c, i)->name), name);
}

void library_cache_find(struct library_cache *c, const char *name)
{
	uint32_t low = 0, high = count(c);

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		if (compare(c, middle, name) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	c->first = c->end = low;
	while (c->end < count(c) && compare(c, c->end, name) == 0)
		c->end++;
}

const char *library_cache_next(struct library_cache *c)
{
	return c->first < c->end ? string_at(c, entry_at(c, c->first++)->path) : NULL;
}
