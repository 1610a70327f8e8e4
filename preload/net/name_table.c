/* name_table: the memory in which all processes of a user keep their names. */
#include "net/name_table.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/sys.h"
#include "conf/env.h"
#include "conf/text.h"

enum { MAGIC = 0x736b7331, /* "sks1": the layout above */ STEP = 256 };

static _Atomic(struct name_table *) table;

/* A directory that nobody else can have prepared for us. */
static bool safe_directory(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) && errno != EEXIST)
		return false;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077);
}

/* Whether the table may lie in `folder`, as far as that is set, and `below` it. */
static bool use(struct text *path, const char *folder, const char *below)
{
	path->len = 0;
	path->cut = false;
	if (!folder || folder[0] != '/')
		return false;
	text_add(path, "%s%s", folder, below);
	return !path->cut && safe_directory(path->at);
}

static bool file_path(struct text *path)
{
	TEXT(temporary, 32);

	text_add(&temporary, "/tmp/socksify-%u", (unsigned)geteuid());
	if (!use(path, env_get("SOCKSIFY_NAMES"), "") && !use(path, env_get("XDG_RUNTIME_DIR"), "/socksify") &&
	    !use(path, temporary.at, ""))
		return false;
	text_add(path, "/names.%x", MAGIC);
	return !path->cut;
}

/* Beyond the limit that the program has for the size of files, growing one would end it with SIGXFSZ. */
static bool too_large(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur < sizeof(struct name_table);
}

static int open_file(void)
{
	TEXT(path, 512);
	struct stat st;

	if (too_large() || !file_path(&path))
		return -1;
	const int fd = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077))
		return fd;
	sys.close(fd);
	return -1;
}

static void *map_file(void)
{
	const size_t index = offsetof(struct name_table, entries);
	const int fd = open_file();
	void *p = MAP_FAILED;

	if (fd < 0)
		return MAP_FAILED;
	/* Growing to the size it has is harmless, so all comers do it. */
	if (ftruncate(fd, sizeof(struct name_table)) == 0 && fallocate(fd, 0, 0, (off_t)index) == 0)
		p = mmap(NULL, sizeof(struct name_table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	sys.close(fd);
	return p;
}

static struct name_table *map(void)
{
	struct name_table *t = map_file();
	unsigned none = 0;

	if (t == MAP_FAILED) {
		t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (t == MAP_FAILED)
			return NULL;
		t->reserved = NAME_ENTRIES;
	}
	atomic_compare_exchange_strong(&t->magic, &none, MAGIC);
	return t;
}

struct name_table *name_table(void)
{
	struct name_table *t = table, *none = NULL;

	if (t)
		return t;
	t = map();
	if (t && !atomic_compare_exchange_strong(&table, &none, t)) {
		munmap(t, sizeof(*t));
		t = none;
	}
	return t;
}

bool name_table_reserve(struct name_table *t, unsigned number)
{
	unsigned have = t->reserved;

	if (number < have)
		return true;
	const unsigned want = (number / STEP + 1) * STEP;
	const int fd = open_file();
	if (fd < 0)
		return false;
	const off_t at = (off_t)offsetof(struct name_table, entries) + (off_t)have * (off_t)sizeof(t->entries[0]);
	const int rc = fallocate(fd, 0, at, (off_t)(want - have) * (off_t)sizeof(t->entries[0]));
	sys.close(fd);
	while (rc == 0 && have < want && !atomic_compare_exchange_weak(&t->reserved, &have, want))
		;
	return rc == 0;
}
