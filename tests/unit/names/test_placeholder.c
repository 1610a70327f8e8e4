/* SPDX-License-Identifier: MIT */
/* What names promise to one process, and to several. */
#include <signal.h>
#include <stddef.h>

#include "test_placeholder.h"

#define NAMES_TEST(promise_)                         \
	static void TAP_JOIN(body_, __LINE__)(void); \
	TEST(promise_)                               \
	{                                            \
		enter_runtime();                     \
		placeholder_use(&ranges);            \
		in_child(TAP_JOIN(body_, __LINE__)); \
		leave_runtime();                     \
	}                                            \
	static void TAP_JOIN(body_, __LINE__)(void)

static struct addr put(const char *text, int family)
{
	const struct addr name = named(text);
	struct addr placeholder = {0};

	EXPECT_INT(placeholder_put(&name, family, &placeholder), 0);
	return placeholder;
}

static const char *back(const struct addr *placeholder)
{
	static struct addr name;

	return placeholder_get(placeholder, &name) ? name.name : NULL;
}

NAMES_TEST("a name gets an address of the range, and the address leads back to name and port")
{
	const struct addr p = put("Example.com", AF_INET);
	struct addr name;

	EXPECT_INT(p.kind, ADDR_IPV4);
	EXPECT_INT(p.port, 443);
	EXPECT(placeholder_covers(&p));
	EXPECT(placeholder_get(&p, &name));
	EXPECT_INT(name.kind, ADDR_NAME);
	EXPECT_INT(name.port, 443);
	EXPECT_STR(name.name, "Example.com");
}

NAMES_TEST("the same name in either case gets the same address, another name another")
{
	const struct addr a = put("example.com", AF_INET), b = put("EXAMPLE.com", AF_INET), c = put("example.org", AF_INET);

	EXPECT(addr_equal(&a, &b));
	EXPECT(!addr_equal(&a, &c));
}

NAMES_TEST("an IPv6 placeholder leads to the same name")
{
	const struct addr p = put("example.com", AF_INET6);

	EXPECT_INT(p.kind, ADDR_IPV6);
	EXPECT_STR(back(&p), "example.com");
}

NAMES_TEST("names of one byte and of 255 come back whole")
{
	char longest[256];

	for (int i = 0; i < 255; i++)
		longest[i] = (char)(i % 50 == 49 ? '.' : 'a' + i % 26);
	longest[255] = '\0';
	for (const char *at = longest; *at; at++) {
		const struct addr p = put(at, AF_INET);
		EXPECT_STR(back(&p), at);
	}
}

NAMES_TEST("addresses that nobody was given have no name")
{
	struct addr p = put("example.com", AF_INET);

	for (int i = 0; i < 256; i++) {
		const int given = p.ip[3];
		struct addr other = p;
		other.ip[3] = (uint8_t)i;
		EXPECT((back(&other) != NULL) == (i == given));
	}
	p.ip[1] = 20; /* outside */
	EXPECT(!placeholder_covers(&p));
	EXPECT_STR(back(&p) ? "found" : "none", "none");
}

NAMES_TEST("an IPv6 address whose middle is not the range's has no name")
{
	struct addr p = put("example.com", AF_INET6);

	p.ip[9] = 1;
	EXPECT(placeholder_covers(&p));
	EXPECT(back(&p) == NULL);
}

static void put_example(void)
{
	put("example.com", AF_INET);
}

static struct addr *from_child; /* in shared memory */

static void tell_example(void)
{
	*from_child = put("example.com", AF_INET);
}

static void put_in_child(void)
{
	from_child = mmap(NULL, sizeof(*from_child), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	in_child(tell_example);
}

NAMES_TEST("another process knows the name, though it maps the file anew")
{
	put_in_child();
	EXPECT_STR(back(from_child), "example.com");
}

NAMES_TEST("a placeholder from a table that was removed stands for no name, rather than for that of another table")
{
	put_in_child();
	leave_runtime();
	EXPECT_INT(mkdir(runtime, 0700), 0);
	put("example.org", AF_INET);
	EXPECT(back(from_child) == NULL);
}

/* Names still work, but for this process and its children alone. */
static void expect_private(void)
{
	const struct addr p = put("example.com", AF_INET);

	EXPECT_STR(back(&p), "example.com");
}

static void break_file(const char *path)
{
	char old[64] = "this is no table";
	const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	EXPECT_INT(write(fd, old, sizeof(old)), sizeof(old));
	close(fd);
}

NAMES_TEST("a file of another make in the way is left alone")
{
	char path[PATH_MAX + 64];

	in_child(put_example);
	snprintf(path, sizeof(path), "%s/socksify/names.4.17", runtime);
	EXPECT_INT(access(path, F_OK), 0);
	break_file(path);
	expect_private();
	struct stat st;
	EXPECT_INT(stat(path, &st), 0);
	EXPECT_INT(st.st_size, 64);
}

NAMES_TEST("the table of another version of the library is left alone")
{
	char path[PATH_MAX + 64];
	uint32_t layout = 99;

	in_child(put_example);
	snprintf(path, sizeof(path), "%s/socksify/names.4.17", runtime);
	const int fd = open(path, O_RDWR);
	EXPECT_INT(pwrite(fd, &layout, sizeof(layout), offsetof(struct placeholder_file, layout)), sizeof(layout));
	expect_private();
	put("example.org", AF_INET);
	uint32_t taken = 0;
	EXPECT_INT(pread(fd, &layout, sizeof(layout), offsetof(struct placeholder_file, layout)), sizeof(layout));
	EXPECT_INT(pread(fd, &taken, sizeof(taken), offsetof(struct placeholder_file, taken)), sizeof(taken));
	EXPECT_INT(layout, 99);
	EXPECT_INT(taken, 1);
}

/* Root may write wherever it likes. */
static void become_somebody(void)
{
	if (geteuid() == 0 && (chown(runtime, 4711, 4711) || setresuid(4711, 4711, 4711)))
		perror("setresuid");
}

NAMES_TEST("in a runtime directory that cannot be written names still work")
{
	become_somebody();
	EXPECT_INT(chmod(runtime, 0500), 0);
	expect_private();
	EXPECT_INT(chmod(runtime, 0700), 0);
}

NAMES_TEST("a directory that others may look into is not used")
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/socksify", runtime);
	EXPECT_INT(mkdir(path, 0700), 0);
	EXPECT_INT(chmod(path, 0750), 0);
	expect_private();
	snprintf(path, sizeof(path), "%s/socksify/names.4.17", runtime);
	EXPECT_INT(access(path, F_OK), -1);
}

NAMES_TEST("a symbolic link in place of the directory or of the file is not followed")
{
	char path[PATH_MAX + 64], elsewhere[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/socksify", runtime);
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", runtime);
	EXPECT_INT(mkdir(elsewhere, 0700), 0);
	EXPECT_INT(symlink(elsewhere, path), 0);
	expect_private();
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere/names.4.17", runtime);
	EXPECT_INT(access(elsewhere, F_OK), -1);
}

NAMES_TEST("another user's directory in the way is not used")
{
	char path[PATH_MAX + 64];

	if (geteuid() != 0) /* only root can make one */
		return;
	snprintf(path, sizeof(path), "%s/socksify", runtime);
	EXPECT_INT(mkdir(path, 0700), 0);
	EXPECT_INT(chown(path, 4711, 4711), 0);
	expect_private();
	snprintf(path, sizeof(path), "%s/socksify/names.4.17", runtime);
	EXPECT_INT(access(path, F_OK), -1);
}

NAMES_TEST("without a runtime directory names still work")
{
	use_runtime("/nonexistent/directory");
	expect_private();
}

NAMES_TEST("ranges of different size do not share a table")
{
	struct config small = ranges;

	in_child(put_example);
	small.placeholder_ipv4_prefix = 24;
	placeholder_use(&small);
	put("example.org", AF_INET);
	EXPECT_INT(placeholder_file(8, 0)->taken, 1);
}

/* Ask for new names until there is none; how many there were. */
static unsigned flood(unsigned first)
{
	unsigned n = 0;
	struct addr placeholder;

	for (struct addr name = named(numbered(first)); placeholder_put(&name, AF_INET, &placeholder) == 0;
	     name = named(numbered(first + ++n)))
		;
	return n;
}

static void flood_alone(void)
{
	const unsigned n = flood(0);

	EXPECT(n > PLACEHOLDER_ENTRIES * 4 / 10 && n < PLACEHOLDER_ENTRIES * 6 / 10);
	EXPECT_INT(flood(PLACEHOLDER_ENTRIES), 0);
	put(numbered(n - 1), AF_INET); /* no new one */
}

static void flood_again(void)
{
	const unsigned n = flood(2 * PLACEHOLDER_ENTRIES);

	EXPECT(n > PLACEHOLDER_ENTRIES * 2 / 10 && n < PLACEHOLDER_ENTRIES * 3 / 10);
}

NAMES_TEST("a process that asks for all names leaves as many to others as it took, and so does the next")
{
	in_child(flood_alone);
	in_child(flood_again);
	put("example.com", AF_INET);
}

static void set_used(int32_t later)
{
	char path[PATH_MAX + 64];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	const uint32_t used = (uint32_t)((int32_t)now.tv_sec + later);
	snprintf(path, sizeof(path), "%s/socksify/names.4.17", runtime);
	const int fd = open(path, O_RDWR);
	EXPECT_INT(pwrite(fd, &used, sizeof(used), offsetof(struct placeholder_file, used)), sizeof(used));
	close(fd);
}

static void put_long_ago(int32_t later)
{
	put_in_child();
	set_used(later);
}

static void find_nothing(void)
{
	EXPECT(back(from_child) == NULL);
}

static void find_example(void)
{
	EXPECT_STR(back(from_child), "example.com");
}

NAMES_TEST("a table that nobody has used for an hour, or since the machine's start, is removed by who comes next")
{
	put_long_ago(-3700);
	in_child(find_nothing);
	put_long_ago(1000000);
	in_child(find_nothing);
	put_long_ago(-3500);
	in_child(find_example);
	put_long_ago(5); /* who was held up is behind the others */
	in_child(find_example);
}

NAMES_TEST("a table that another process has mapped stays, however long it is idle, and costs no descriptor")
{
	const int next = dup(0);

	put_in_child();
	put("example.org", AF_INET);
	EXPECT_INT(dup(0), next + 1);
	set_used(-3700);
	in_child(find_example);
}

static void put_many(void)
{
	for (unsigned i = 0; i < 50; i++)
		put(numbered(i), AF_INET);
}

/* All begin at once, with a table that was left: they agree on one. */
static void begin_at_once(void)
{
	pid_t children[8];
	int status;

	put_long_ago(-3700);
	for (int i = 0; i < 8; i++)
		if ((children[i] = fork()) == 0) {
			put_many();
			_exit(tap_failed);
		}
	for (int i = 0; i < 8; i++)
		EXPECT(waitpid(children[i], &status, 0) == children[i] && status == 0);
	put("one.more", AF_INET);
	char path[PATH_MAX + 64];
	snprintf(path, sizeof(path), "%s/socksify/names.4.17", runtime);
	uint32_t taken = 0;
	const int fd = open(path, O_RDONLY);
	EXPECT_INT(pread(fd, &taken, sizeof(taken), offsetof(struct placeholder_file, taken)), sizeof(taken));
	EXPECT(taken >= 51 && taken < 500);
}

NAMES_TEST("processes that find a table that was left begin a new one together")
{
	for (int i = 0; i < 20; i++)
		in_child(begin_at_once);
}
