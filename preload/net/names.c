/* names: give every host name a placeholder address, and take it back again, in every process of the user. */
#include "net/names.h"

#include <arpa/inet.h>
#include <string.h>
#include <time.h>

#include "conf/err.h"
#include "net/name_table.h"

enum { FRESH_SECONDS = 60 }; /* a name handed out this recently is not forgotten */

static const struct config *range;

void names_use(const struct config *c)
{
	range = c;
}

static unsigned now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (unsigned)now.tv_sec + 1; /* 0 means never */
}

/* FNV-1a over the folded name: DNS names are the same in either case (RFC 4343). */
static uint32_t hash_of(const char *name, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i])) * 16777619u;
	return h;
}

static unsigned capacity(void)
{
	const int v4 = 32 - range->placeholder_ipv4_prefix, v6 = 128 - range->placeholder_ipv6_prefix;
	const int bits = v4 < v6 ? v4 : v6;

	return bits >= 17 ? NAME_ENTRIES : 1u << bits;
}

static void touch(struct name_table *t, unsigned number)
{
	const unsigned now = now_seconds();

	if (t->used[number] != now) /* spare the cache line */
		t->used[number] = now;
}

/* Copy an entry as it was at one moment; false if it is empty or being written. */
static bool entry_read(const struct name_entry *e, char name[static ADDR_NAME_MAX + 1], uint32_t *hash)
{
	for (int i = 0; i < 100; i++) {
		const unsigned before = e->version;
		if (before == 0)
			return false;
		if (before & 1)
			continue;
		const size_t len = e->len;
		memcpy(name, e->name, len);
		name[len] = '\0';
		*hash = e->hash;
		atomic_thread_fence(memory_order_acquire);
		if (e->version == before)
			return true;
	}
	return false;
}

static unsigned find(struct name_table *t, const char *name, uint32_t hash)
{
	atomic_uint *bucket = t->buckets[hash % NAME_BUCKETS];

	for (int i = 0; i < NAME_WAYS; i++) {
		const unsigned number = bucket[i];
		char found[ADDR_NAME_MAX + 1];
		uint32_t its_hash;
		if (number == 0 || number >= capacity() || t->entries[number].hash != hash)
			continue;
		if (entry_read(&t->entries[number], found, &its_hash) && strcasecmp(found, name) == 0)
			return number;
	}
	return 0;
}

static void unlink_entry(struct name_table *t, unsigned number)
{
	atomic_uint *bucket = t->buckets[t->entries[number].hash % NAME_BUCKETS];

	for (int i = 0; i < NAME_WAYS; i++)
		atomic_compare_exchange_strong(&bucket[i], &(unsigned){number}, 0);
}

/* The entry used least recently, unless that was a moment ago. */
static unsigned oldest(struct name_table *t)
{
	unsigned best = 0, age = now_seconds() - FRESH_SECONDS;

	for (unsigned number = 1; number < capacity(); number++)
		if (t->used[number] < age) {
			best = number;
			age = t->used[number];
		}
	return best;
}

static unsigned take(struct name_table *t)
{
	unsigned taken = t->taken;

	while (taken + 1 < capacity())
		if (atomic_compare_exchange_weak(&t->taken, &taken, taken + 1))
			return name_table_reserve(t, taken + 1) ? taken + 1 : 0;
	for (;;) {
		const unsigned number = oldest(t);
		unsigned used = number ? t->used[number] : 0;
		if (number == 0)
			return 0;
		if (atomic_compare_exchange_strong(&t->used[number], &used, now_seconds())) {
			unlink_entry(t, number);
			return number;
		}
	}
}

static void entry_write(struct name_entry *e, const char *name, size_t len, uint32_t hash)
{
	const unsigned odd = e->version | 1; /* it is odd already if a writer was killed */

	e->version = odd;
	e->hash = hash;
	e->len = (uint8_t)len;
	memcpy(e->name, name, len);
	e->version = odd + 1;
}

/* Let find() see it: in a free way of its bucket, else in that of the name used least recently. */
static void publish(struct name_table *t, unsigned number, uint32_t hash)
{
	atomic_uint *bucket = t->buckets[hash % NAME_BUCKETS];
	int oldest_way = 0;

	for (int i = 0; i < NAME_WAYS; i++) {
		unsigned none = 0;
		if (atomic_compare_exchange_strong(&bucket[i], &none, number))
			return;
		if (t->used[none % NAME_ENTRIES] < t->used[bucket[oldest_way] % NAME_ENTRIES])
			oldest_way = i;
	}
	bucket[oldest_way] = number;
}

static void to_placeholder(unsigned number, int family, uint16_t port, struct addr *a)
{
	*a = family == AF_INET6 ? range->placeholder_ipv6 : range->placeholder_ipv4;
	a->port = port;
	uint8_t *low = a->ip + (family == AF_INET6 ? 12 : 0);
	uint32_t value;
	memcpy(&value, low, 4);
	value = htonl(ntohl(value) + number);
	memcpy(low, &value, 4);
}

int names_put(const struct addr *name, int family, struct addr *placeholder)
{
	struct name_table *t = name_table();
	const size_t len = strlen(name->name);
	const uint32_t hash = hash_of(name->name, len);

	if (!t)
		return ERR_NAMES_FULL;
	unsigned number = find(t, name->name, hash);
	if (!number) {
		number = take(t);
		if (!number)
			return ERR_NAMES_FULL;
		entry_write(&t->entries[number], name->name, len, hash);
		touch(t, number);
		publish(t, number, hash);
	}
	touch(t, number);
	to_placeholder(number, family, name->port, placeholder);
	return 0;
}

static bool same_prefix(const struct addr *a, const struct addr *first, int bits)
{
	const int whole = bits / 8, rest = bits % 8;

	if (a->kind != first->kind || memcmp(a->ip, first->ip, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((a->ip[whole] ^ first->ip[whole]) >> (8 - rest)) == 0;
}

bool names_covers(const struct addr *a)
{
	return same_prefix(a, &range->placeholder_ipv4, range->placeholder_ipv4_prefix) ||
	       same_prefix(a, &range->placeholder_ipv6, range->placeholder_ipv6_prefix);
}

bool names_get(const struct addr *placeholder, struct addr *name)
{
	struct name_table *t = name_table();
	const int at = placeholder->kind == ADDR_IPV6 ? 12 : 0;
	const struct addr *first = at ? &range->placeholder_ipv6 : &range->placeholder_ipv4;
	uint32_t value, base, hash;

	memcpy(&value, placeholder->ip + at, 4);
	memcpy(&base, first->ip + at, 4);
	const unsigned number = ntohl(value) - ntohl(base);
	if (!t || number == 0 || number >= capacity() || number > t->taken || memcmp(placeholder->ip, first->ip, (size_t)at) != 0)
		return false;
	*name = (struct addr){.kind = ADDR_NAME, .port = placeholder->port};
	if (!entry_read(&t->entries[number], name->name, &hash))
		return false;
	touch(t, number);
	return true;
}
