/* SPDX-License-Identifier: MIT */
/* resolv_conf: read the file anew when it has changed, and put its servers before those known so far. */
#include "core/names/resolv_conf.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/base/ascii.h"
#include "core/base/file_stamp.h"
#include "core/base/seqlock.h"
#include "core/base/sys.h"

enum { SERVERS = 16, LINE = 128 };

static const char path[] = "/etc/resolv.conf", keyword[] = "nameserver";

struct server {
	uint8_t kind; /* enum addr_kind; ADDR_NONE behind the last one */
	uint8_t ip[16];
};

struct list {
	int n;
	struct server servers[SERVERS];
};

static struct {
	struct seqlock lock;
	struct file_stamp stamp; /* of the file as it was read last; no file's if it may be changing */
	struct list list;
} known;

static bool contains(const struct list *l, const struct server *s)
{
	for (int i = 0; i < l->n; i++)
		if (l->servers[i].kind == s->kind && memcmp(l->servers[i].ip, s->ip, sizeof(s->ip)) == 0)
			return true;
	return false;
}

static void add(struct list *l, const struct server *s)
{
	if (l->n < SERVERS && !contains(l, s))
		l->servers[l->n++] = *s;
}

static struct server server_of(const struct addr *a)
{
	struct server s = {.kind = a->kind};

	memcpy(s.ip, a->ip, a->kind == ADDR_IPV4 ? 4 : 16);
	return s;
}

/* Take "nameserver ADDRESS"; a scope may be an interface's name. */
static void take_line(struct list *l, const char *line)
{
	struct addr a;

	if (strncmp(line, keyword, sizeof(keyword) - 1) != 0 || !ascii_is_blank(line[sizeof(keyword) - 1]))
		return;
	line += strspn(line + sizeof(keyword) - 1, " \t") + sizeof(keyword) - 1;
	if (!addr_parse_host(&a, line, strcspn(line, "% \t\r;#")) || a.kind == ADDR_NAME)
		return;
	const struct server s = server_of(&a);
	add(l, &s);
}

/* Read the file; of a line that is longer than any server's name, only the beginning counts. */
static void read_file(struct list *l, int fd)
{
	char line[LINE], part[LINE];
	size_t len = 0;
	ssize_t n;

	while ((n = sys.read(fd, part, sizeof(part))) > 0)
		for (ssize_t i = 0; i < n; i++) {
			if (part[i] != '\n') {
				line[len] = part[i];
				len += len < sizeof(line) - 1;
				continue;
			}
			line[len] = '\0';
			take_line(l, line);
			len = 0;
		}
	line[len] = '\0';
	take_line(l, line);
}

static struct file_stamp look(void)
{
	struct stat st;

	return stat(path, &st) ? (struct file_stamp){0} : file_stamp_of(&st);
}

/* Copy what is known. Returns false if the file, which now has this stamp, has to be read. */
static bool recall(struct list *l, const struct file_stamp *now)
{
	const unsigned version = seqlock_read(&known.lock);
	const bool current = file_stamp_equal(&known.stamp, now);

	*l = known.list;
	if (seqlock_was_read(&known.lock, version))
		return current;
	l->n = 0;
	return false;
}

/* A child forked in the middle of this reads the file anew each time. */
static void keep(const struct list *l, const struct file_stamp *now)
{
	if (!seqlock_write(&known.lock))
		return;
	known.stamp = file_stamp_is_settled(now) ? *now : (struct file_stamp){0};
	known.list = *l;
	seqlock_written(&known.lock);
}

static void refresh(struct list *l, const struct file_stamp *now)
{
	const struct list before = *l;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	l->n = 0;
	if (fd >= 0) {
		read_file(l, fd);
		sys.close(fd);
	}
	for (int i = 0; i < before.n; i++)
		add(l, &before.servers[i]);
	keep(l, now);
}

bool resolv_conf_names(const struct addr *a)
{
	const struct file_stamp now = look();
	struct list l;

	if (a->kind != ADDR_IPV4 && a->kind != ADDR_IPV6)
		return false;
	if (!recall(&l, &now))
		refresh(&l, &now);
	const struct server s = server_of(a);
	return contains(&l, &s);
}
