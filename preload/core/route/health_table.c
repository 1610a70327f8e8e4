/* SPDX-License-Identifier: MIT */
/* health_table: a hash table of eight entries in each of its buckets, mapped at its first use. */
#include "core/route/health_table.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/pages.h"
#include "core/base/shared_dir.h"
#include "core/base/sys.h"

enum { LAYOUT = 1, WAYS = 8, BUCKETS = 128, LOOK_S = 1, SLEEP_MS = 1000 };

struct table {
	_Atomic uint64_t since; /* what failed before counts no more */
	_Atomic uint64_t slept; /* how long the machine has, in all, as far as was noticed */
	uint64_t unused[510];
	struct health_entry entries[BUCKETS][WAYS];
};

_Static_assert(sizeof(struct table) == 4096 + 64 * BUCKETS * WAYS, "one layout for all programs");

static _Atomic(struct table *) mapped;

/* Which boot and which network namespace this is; 0: nobody can say. */
static struct {
	_Atomic uint64_t boot, network;
	_Atomic int64_t looked; /* when, monotonic ns */
} here;

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static uint64_t read_boot(void)
{
	char id[64];
	uint64_t boot = 0;
	const int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	const ssize_t n = sys.read(fd, id, sizeof(id));
	sys.close(fd);
	for (ssize_t i = 0; i < n; i++)
		boot = mix(boot ^ (uint8_t)id[i]);
	return boot;
}

/* A process may move to another network. */
static void look_around(void)
{
	const int64_t now = clock_coarse();
	struct stat st;

	if (here.looked && now - here.looked < (int64_t)LOOK_S * NS_PER_S)
		return;
	if (!here.boot)
		here.boot = read_boot();
	if (fstatat(AT_FDCWD, "/proc/self/ns/net", &st, 0) == 0)
		here.network = mix(st.st_dev ^ mix(st.st_ino));
	here.looked = now;
}

static struct table *map_file(void)
{
	TEXT(name, 32);

	text_add(&name, "health.%d", LAYOUT);
	return shared_dir_map(name.at, sizeof(struct table), false);
}

static struct table *map(void)
{
	const int saved = errno;
	struct table *t, *none = NULL;

	look_around();
	t = here.boot && here.network ? map_file() : NULL;
	if (!t) {
		log_line(LOG_INFO, "no directory for what programs learn of proxies: this one and its forks learn for themselves");
		t = pages_take_shared(sizeof(*t));
	}
	if (t && !atomic_compare_exchange_strong(&mapped, &none, t)) {
		munmap(t, sizeof(*t));
		t = none;
	}
	errno = saved;
	return t;
}

static struct table *table(void)
{
	struct table *const t = mapped;

	return t ? t : map();
}

static uint64_t in_ms(clockid_t clock)
{
	return (uint64_t)clock_read(clock) / NS_PER_MS;
}

uint64_t health_table_now(uint64_t *since)
{
	const uint64_t now = in_ms(CLOCK_BOOTTIME), awake = in_ms(CLOCK_MONOTONIC), slept = now > awake ? now - awake : 0;
	struct table *const t = table();

	*since = 0;
	if (!t)
		return now;
	uint64_t known = t->slept;
	if (slept > known + SLEEP_MS && atomic_compare_exchange_strong(&t->slept, &known, slept))
		t->since = now;
	*since = t->since;
	return now;
}

void health_table_void(void)
{
	struct table *const t = table();

	if (t)
		t->since = in_ms(CLOCK_BOOTTIME);
}

uint64_t health_table_key(uint64_t key)
{
	look_around();
	key = mix(key ^ here.boot ^ here.network);
	return key ? key : 1;
}

static struct health_entry *find(struct health_entry *bucket, uint64_t key)
{
	for (int i = 0; i < WAYS; i++)
		if (bucket[i].key == key)
			return &bucket[i];
	return NULL;
}

struct health_entry *health_table_find(uint64_t key)
{
	struct table *const t = table();

	return t ? find(t->entries[key % BUCKETS], key) : NULL;
}

static uint64_t last_used(const struct health_entry *e)
{
	const uint64_t failed = e->failed >> 8, measured = (e->delay >> 32) * 1000;

	return !e->key ? 0 : failed > measured ? failed + 1 : measured + 1;
}

static struct health_entry *oldest(struct health_entry *bucket)
{
	struct health_entry *old = bucket;

	for (int i = 1; i < WAYS; i++)
		if (last_used(&bucket[i]) < last_used(old))
			old = &bucket[i];
	return old;
}

/* Whoever still writes for the old key does no more harm than a wrong advice. */
static void clear(struct health_entry *e)
{
	e->rests = 0;
	e->failed = 0;
	e->delay = 0;
	e->turns = 0;
	e->early = 0;
}

struct health_entry *health_table_make(uint64_t key)
{
	struct table *const t = table();

	if (!t)
		return NULL;
	struct health_entry *const bucket = t->entries[key % BUCKETS], *e;
	while (!(e = find(bucket, key))) {
		e = oldest(bucket);
		uint64_t old = e->key;
		if (!atomic_compare_exchange_strong(&e->key, &old, key))
			continue;
		if (old)
			clear(e);
		return e;
	}
	return e;
}
