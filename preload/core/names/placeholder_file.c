/* SPDX-License-Identifier: MIT */
/* placeholder_file: find or make the file, trust it only if nobody else can write it, and map it. */
#include "core/names/placeholder_file.h"

#include <linux/futex.h>
#include <sched.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "core/base/log.h"
#include "core/base/shared_dir.h"
#include "core/base/sys.h"
#include "core/base/text.h"

enum {
	LAYOUT = 4,
	STEP = 256,  /* heads that get room at a time */
	LEFT = 3600, /* seconds after which nobody will come back to a name */
	TRIES = 100, /* to join others, one of whom may be looking whether the table is left */
};

static _Atomic(struct placeholder_file *) table;

static int open_in(int directory, const char *name)
{
	return shared_dir_file(directory, name, sizeof(struct placeholder_file));
}

/* True if no name was used for long, or since the machine's start: such a second lies ahead, and not only because we were held up. */
static bool is_left(int fd, uint32_t now)
{
	uint32_t used;

	if (pread(fd, &used, sizeof(used), offsetof(struct placeholder_file, used)) != sizeof(used) || used == 0)
		return false;
	return used - now >= LEFT && now - used >= LEFT;
}

static bool has_name(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink;
}

/* Become a user of the table: its mapping keeps the file's lock when the descriptor is closed, and so do forked children. Whoever can lock it
 * alone is the only user, and removes a table that was left. Returns false if the table must be opened anew. */
static bool join(int fd, int directory, const char *name, uint32_t now)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && has_name(fd) && is_left(fd, now)) {
		unlinkat(directory, name, 0);
		return false;
	}
	if (flock(fd, LOCK_SH | LOCK_NB))
		return errno != EWOULDBLOCK; /* a file system without locks */
	return has_name(fd);
}

struct wanted {
	const char *name;
	uint32_t now;
};

static int open_shared(int directory, void *arg)
{
	const struct wanted *const w = arg;
	int fd = open_in(directory, w->name);

	for (int i = 0; i < TRIES && fd >= 0 && !join(fd, directory, w->name, w->now); i++) {
		sys.close(fd);
		sched_yield();
		fd = open_in(directory, w->name);
	}
	return fd;
}

static int open_file(int bits, uint32_t now)
{
	TEXT(name, 32);

	text_add(&name, "names.%d.%d", LAYOUT, bits);
	return shared_dir_each(NULL, open_shared, &(struct wanted){name.at, now});
}

/* Allocate everything but the names. */
static bool make_room(int fd)
{
	return shared_dir_make_room(fd, sizeof(struct placeholder_file), offsetof(struct placeholder_file, heads));
}

static struct placeholder_file *map_file(int bits, uint32_t now)
{
	struct placeholder_file *t = MAP_FAILED;

	errno = 0;
	const int fd = open_file(bits, now);
	if (fd < 0)
		return MAP_FAILED;
	futimens(fd, NULL); /* programs that tidy /tmp go by the time stamp */
	if (make_room(fd))
		t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	sys.close(fd);
	return t;
}

static bool is_ours(struct placeholder_file *t)
{
	uint32_t layout = 0;

	return atomic_compare_exchange_strong(&t->layout, &layout, LAYOUT) || layout == LAYOUT;
}

/* The first process to map a table chooses its turn. */
static struct placeholder_file *with_turn(struct placeholder_file *t)
{
	uint32_t none = 0, turn = 0;
	struct timespec now;

	if (t->turn)
		return t;
	if (getrandom(&turn, sizeof(turn), GRND_NONBLOCK) < 0) { /* early in the machine's life */
		clock_gettime(CLOCK_REALTIME, &now);
		turn = (uint32_t)now.tv_nsec;
	}
	atomic_compare_exchange_strong(&t->turn, &none, turn ? turn : 1);
	return t;
}

static struct placeholder_file *map(int bits, uint32_t now)
{
	struct placeholder_file *t = map_file(bits, now);

	if (t != MAP_FAILED && is_ours(t))
		return with_turn(t);
	if (t != MAP_FAILED)
		munmap(t, sizeof(*t));
	else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
		return NULL; /* a passing want; a table of our own would be for ever */
	log_line(LOG_INFO, "no directory for names that programs share: these are known to this one and its forks alone");
	t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (t == MAP_FAILED)
		return NULL;
	t->layout = LAYOUT;
	t->reserved = PLACEHOLDER_ENTRIES;
	return with_turn(t);
}

struct placeholder_file *placeholder_file(int bits, uint32_t now)
{
	struct placeholder_file *t = table, *none = NULL;

	if (t)
		return t;
	t = map(bits, now);
	if (t && !atomic_compare_exchange_strong(&table, &none, t)) {
		munmap(t, sizeof(*t));
		t = none;
	}
	return t;
}

/* Let the kernel add 0 to the word at `at`: where the process would die of SIGBUS, a system call fails with EFAULT. */
static bool populate_page(void *at)
{
	static uint32_t nobody;

	return sys.syscall(SYS_futex, &nobody, FUTEX_WAKE_OP, 0, NULL, at, FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0)) >= 0;
}

static bool populate(void *at, size_t size)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)at, end = first + size;

	for (uintptr_t i = first; i < end; i = (i / page + 1) * page)
		if (!populate_page((void *)i))
			return false;
	return true;
}

bool placeholder_file_reserve_head(struct placeholder_file *t, uint32_t number)
{
	uint32_t have = t->reserved;

	if (number < have)
		return true;
	const uint32_t want = (number / STEP + 1) * STEP;
	if (want > PLACEHOLDER_ENTRIES || !populate(t->heads[have], (want - have) * sizeof(t->heads[0])))
		return false;
	while (have < want && !atomic_compare_exchange_weak(&t->reserved, &have, want))
		;
	return true;
}

bool placeholder_file_reserve_tail(struct placeholder_file *t, uint32_t number)
{
	return populate(t->tails[number], sizeof(t->tails[number]));
}
