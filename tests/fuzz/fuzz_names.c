/* SPDX-License-Identifier: MIT */
/* fuzz: names are put into a small table, looked up, and left to age, in any order; a fresh one is never lost, nor taken for another. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/names/placeholder_store.h"

enum { CAPACITY = 8 };

static struct placeholder_file *table;
static struct {
	char name[ADDR_NAME_MAX + 1];
	uint32_t used;
} model[CAPACITY]; /* by number */
static uint32_t now;

static void begin(void)
{
	if (table)
		munmap(table, sizeof(*table));
	table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (table == MAP_FAILED)
		abort();
	table->reserved = PLACEHOLDER_ENTRIES;
	memset(model, 0, sizeof(model));
	now = 1000;
}

static bool fresh(uint32_t number)
{
	return model[number].name[0] && now - model[number].used <= PLACEHOLDER_FRESH_SECONDS;
}

static uint32_t modelled(const char *name)
{
	for (uint32_t i = 1; i < CAPACITY; i++)
		if (fresh(i) && strcasecmp(model[i].name, name) == 0)
			return i;
	return 0;
}

static bool all_fresh(void)
{
	for (uint32_t i = 1; i < CAPACITY; i++)
		if (!fresh(i))
			return false;
	return true;
}

static void get(uint32_t number)
{
	char name[ADDR_NAME_MAX + 1];
	const char *const expected = number < CAPACITY ? model[number].name : "";

	if (placeholder_store_get(table, CAPACITY, number, name, now) != (expected[0] != '\0'))
		abort();
	if (!expected[0])
		return;
	if (strcmp(name, expected) != 0)
		abort();
	model[number].used = now;
}

static void put(char letter, size_t n)
{
	char name[ADDR_NAME_MAX + 1] = "";

	memset(name, letter, n);
	const uint32_t known = modelled(name), number = placeholder_store_put(table, CAPACITY, name, now);
	if (number >= CAPACITY || (known ? number != known : number ? fresh(number) : !all_fresh()))
		abort();
	if (!number)
		return;
	if (strcasecmp(model[number].name, name) != 0)
		strcpy(model[number].name, name);
	model[number].used = now;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	begin();
	for (; n >= 2; data += 2, n -= 2)
		switch (data[0] & 3) {
		case 0:
			now += data[1];
			break;
		case 1:
			get(data[1] % (2 * CAPACITY));
			break;
		default:
			put((char)('A' + (data[0] >> 2) % 58), data[1] % ADDR_NAME_MAX + 1U);
		}
	return 0;
}
