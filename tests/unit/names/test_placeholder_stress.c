/* SPDX-License-Identifier: MIT */
/* Names that many processes put at once while they are killed at random; and what names cost. */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "test_placeholder.h"

enum { WRITERS = 8, NAMES = 20000, SMALL = 1024 };

struct world {
	struct placeholder_file table;
	atomic_uint now, wrong, lost, done;
};

static struct world *world;

static unsigned next_random(unsigned *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	return *state ^= *state << 5;
}

/* Put names and look at what was handed out a moment ago: as long as it is fresh, it must be what it was. */
static void write_for_ever(unsigned seed, uint32_t capacity)
{
	char name[ADDR_NAME_MAX + 1], back[ADDR_NAME_MAX + 1];

	for (;;) {
		snprintf(name, sizeof(name), "%s", numbered(next_random(&seed) % NAMES));
		const uint32_t now = world->now, number = placeholder_store_put(&world->table, capacity, name, now);
		for (int i = 0; number && i < 3; i++) {
			const bool found = placeholder_store_get(&world->table, capacity, number, back, world->now);
			if (world->now - now >= PLACEHOLDER_FRESH_SECONDS) /* this process was held up: it may be gone */
				break;
			if (!found)
				world->lost++;
			else if (strcmp(name, back) != 0)
				world->wrong++;
		}
		world->done += number != 0;
	}
}

static pid_t start(unsigned seed, uint32_t capacity)
{
	const pid_t child = fork();

	if (child == 0)
		write_for_ever(seed, capacity);
	return child;
}

static void pause_us(unsigned us)
{
	nanosleep(&(struct timespec){.tv_nsec = us * 1000L}, NULL);
}

/* `kills` times kill one of the writers (or hold it up for a while) after a random moment. */
static void disturb(unsigned kills, uint32_t capacity, unsigned seconds_a_kill, bool hold)
{
	pid_t writers[WRITERS];
	unsigned seed = 12345;

	for (unsigned i = 0; i < WRITERS; i++)
		writers[i] = start(1000 + i, capacity);
	for (unsigned i = 0; i < kills; i++) {
		pid_t *victim = &writers[next_random(&seed) % WRITERS];
		pause_us(next_random(&seed) % 1500);
		world->now += seconds_a_kill;
		if (hold && i % 2) {
			kill(*victim, SIGSTOP);
			pause_us(next_random(&seed) % 3000);
			world->now += PLACEHOLDER_FRESH_SECONDS * 2;
			kill(*victim, SIGCONT);
			continue;
		}
		kill(*victim, SIGKILL);
		waitpid(*victim, NULL, 0);
		*victim = start(2000 + i, capacity);
	}
	for (unsigned i = 0; i < WRITERS; i++) {
		kill(writers[i], SIGKILL);
		waitpid(writers[i], NULL, 0);
	}
}

static void begin(void)
{
	world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	world->table.reserved = PLACEHOLDER_ENTRIES;
	world->now = 1000000;
}

/* Whatever is there is somebody's name, and can be found or put again. */
static void expect_sound(uint32_t capacity)
{
	char name[ADDR_NAME_MAX + 1], again[ADDR_NAME_MAX + 1];
	unsigned whole = 0, broken = 0, i;

	EXPECT(world->table.taken < capacity);
	for (uint32_t number = 1; number <= world->table.taken; number++) {
		if (!placeholder_store_get(&world->table, capacity, number, name, world->now)) {
			broken++;
			continue;
		}
		whole++;
		EXPECT(sscanf(name, "host%u.example.com", &i) == 1 && i < NAMES && strcmp(name, numbered(i)) == 0);
	}
	for (i = 0; i < NAMES; i++) {
		const uint32_t number = placeholder_store_put(&world->table, capacity, numbered(i), world->now + 100 + i);
		EXPECT(number && placeholder_store_get(&world->table, capacity, number, again, world->now) &&
		       strcmp(again, numbered(i)) == 0);
	}
	printf("# %u put, %u whole, %u left behind by the dead\n", world->done, whole, broken);
	munmap(world, sizeof(*world));
}

TEST("writers killed at random leave every name that was handed out as it was")
{
	begin();
	disturb(300, PLACEHOLDER_ENTRIES, 0, false);
	EXPECT_INT(world->wrong, 0);
	EXPECT_INT(world->lost, 0);
	EXPECT(world->done > 1000);
	expect_sound(PLACEHOLDER_ENTRIES);
}

TEST("writers killed at random leave every name as it was, though the range is full and names are forgotten all the time")
{
	begin();
	disturb(300, SMALL, 5, false);
	EXPECT_INT(world->wrong, 0);
	EXPECT_INT(world->lost, 0);
	EXPECT(world->done > 1000);
	expect_sound(SMALL);
}

TEST("writers held up for minutes in the middle may lose a name, but never change one")
{
	begin();
	disturb(250, SMALL, 5, true);
	EXPECT_INT(world->wrong, 0);
	expect_sound(SMALL);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static long resident_kib(void)
{
	long size, pages = 0;
	FILE *const f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

enum { TEN_THOUSAND = 10000 };

static void measure(void)
{
	__attribute__((unused)) bool slow;
	static struct addr all[TEN_THOUSAND], placeholders[TEN_THOUSAND], name;
	unsigned bad = 0;

	for (unsigned i = 0; i < TEN_THOUSAND; i++)
		all[i] = placeholders[i] = named(numbered(i));
	placeholder_put(&all[0], AF_INET, &placeholders[0]);
	const long before = resident_kib();
	const int64_t start = now_ns();
	for (unsigned i = 0; i < TEN_THOUSAND; i++)
		bad += placeholder_put(&all[i], AF_INET, &placeholders[i]) != 0;
	const int64_t put = now_ns();
	for (unsigned i = 0; i < TEN_THOUSAND; i++)
		bad += placeholder_put(&all[i], AF_INET, &placeholders[i]) != 0;
	const int64_t again = now_ns();
	for (unsigned i = 0; i < TEN_THOUSAND; i++)
		bad += !placeholder_get(&placeholders[i], &name);
	const int64_t end = now_ns();
	const long grown = resident_kib() - before;
	printf("# 10,000 names: %lld ns to put one, %lld ns to put it again, %lld ns to get it back, %ld KiB\n",
	       (long long)(put - start) / TEN_THOUSAND, (long long)(again - put) / TEN_THOUSAND, (long long)(end - again) / TEN_THOUSAND,
	       grown);
	EXPECT_INT(bad, 0);
#ifndef __SANITIZE_ADDRESS__
	EXPECT(grown < 4096);
	slow = put - start > TEN_THOUSAND * 1000 || again - put > TEN_THOUSAND * 1000 || end - again > TEN_THOUSAND * 1000;
	fflush(stdout);
	_exit(slow ? 2 : tap_failed);
#endif
}

TEST("10,000 names cost a microsecond each at most, and less than 4 MiB")
{
	SKIP_EMULATED("an emulator is slow");
	/* A neighbour may have emptied the caches: once in five is proof enough. */
	for (int i = 0; i < 5; i++) {
		tap_failed = false;
		enter_runtime();
		placeholder_use(&ranges);
		in_child(measure);
		leave_runtime();
		if (!tap_failed)
			break;
	}
}

/* Returns the ns that a new name costs in a table of this size in which every name is in use, or every one is old. */
static int64_t cost_when_full(uint32_t capacity, uint32_t age)
{
	enum { MORE = 500 };
	struct placeholder_file *const t =
		mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned bad = 0;

	t->reserved = PLACEHOLDER_ENTRIES;
	for (unsigned i = 1; i < capacity; i++)
		placeholder_store_put(t, capacity, numbered(i), 1000);
	const int64_t start = now_ns();
	for (unsigned i = 0; i < MORE; i++)
		bad += (placeholder_store_put(t, capacity, numbered(capacity + i), 1000 + age) != 0) != (age > PLACEHOLDER_FRESH_SECONDS);
	const int64_t end = now_ns();
	EXPECT_INT(bad, 0);
	munmap(t, sizeof(*t));
	return (end - start) / MORE;
}

TEST("a new name costs no search of the whole table, neither when every name is in use nor when every one is old")
{
	for (uint32_t age = 30; age < 100; age += 60) {
		int64_t least = INT64_MAX;
		for (int i = 0; i < 5; i++) {
			const int64_t cost = cost_when_full(PLACEHOLDER_ENTRIES, age);
			least = cost < least ? cost : least;
		}
		printf("# %lld ns for a new name %u s after the table was full\n", (long long)least, age);
		EXPECT(least < 20000);
	}
}

static bool write_file(const char *file, const char *format, unsigned id)
{
	FILE *f = fopen(file, "w");
	const bool fine = f && fprintf(f, format, id, id) > 0;

	return f && fclose(f) == 0 && fine;
}

/* Enter a mount namespace. An ordinary user needs a user namespace for it, in which only who is mapped can create a file. */
static bool enter_mounts(void)
{
	const unsigned uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWNS | (uid ? CLONE_NEWUSER : 0)) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	return !uid || (write_file("/proc/self/setgroups", "deny", 0) && write_file("/proc/self/uid_map", "%u %u 1", uid) &&
			write_file("/proc/self/gid_map", "%u %u 1", gid));
}

/* Put names until there is no room: in a file system for the table's head, and some 3000 short names or 900 long ones. */
static void fill_file_system(const char *domain)
{
	struct addr name = {.kind = ADDR_NAME}, placeholder, first = {0}, back;
	unsigned i = 0;

	if (!enter_mounts() || mount("names", runtime, "tmpfs", 0, "size=2240k,mode=700")) {
		printf("# no file system could be mounted here\n");
		return;
	}
	for (; i < 5000; i++) {
		snprintf(name.name, sizeof(name.name), "host%u.%s", i, domain);
		if (placeholder_put(&name, AF_INET, &placeholder))
			break;
		if (i == 0)
			first = placeholder;
	}
	EXPECT(i >= 255 && i < 5000);
	snprintf(name.name, sizeof(name.name), "host0.%s", domain);
	EXPECT(placeholder_get(&first, &back) && strcmp(back.name, name.name) == 0);
}

static void fill_with_short(void)
{
	fill_file_system("example.com");
}

static void fill_with_long(void)
{
	char domain[201];

	for (int i = 0; i < 200; i++)
		domain[i] = i % 50 == 49 ? '.' : 'x';
	domain[199] = '\0';
	fill_file_system(domain);
}

TEST("a full file system means no more names, not SIGBUS")
{
	enter_runtime();
	placeholder_use(&ranges);
	in_child(fill_with_short);
	in_child(fill_with_long);
	leave_runtime();
}
