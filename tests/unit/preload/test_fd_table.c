/* SPDX-License-Identifier: MIT */
#include "fd/table.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "tests/unit/tap.h"

static struct endpoint endpoint(uint16_t port)
{
	const struct addr a = addr_loopback(AF_INET, port);
	struct endpoint e;

	EXPECT(endpoint_to(&e, &a, AF_INET));
	return e;
}

TEST("an entry is found once something is known; that it was in an epoll set is not enough")
{
	EXPECT(!fd_entry_find(700));
	struct fd_entry *entry = fd_entry_make(700);
	EXPECT(entry && !fd_entry_find(700));
	fd_entry_set(entry, FD_REGISTERED);
	EXPECT(!fd_entry_find(700));
	fd_entry_set(entry, FD_TIMED);
	EXPECT(fd_entry_find(700) == entry);
	fd_entry_clear(entry, ~0u);
	EXPECT(!fd_entry_find(700));
}

TEST("what is no number, or too high, has no entry")
{
	EXPECT(!fd_entry_make(-1) && !fd_entry_find(-1));
	EXPECT(!fd_entry_make(1 << 24) && !fd_entry_find(INT_MAX));
}

TEST("an entry that becomes of another kind forgets what it was")
{
	struct fd_entry *entry = fd_entry_make(701);
	const struct endpoint peer = endpoint(80);

	fd_entry_connected(entry, 701, &peer);
	EXPECT(fd_entry_is(entry, FD_PEER));
	fd_entry_set(entry, FD_TIMED);
	fd_entry_become(entry, FD_DATAGRAM);
	fd_entry_set(entry, FD_DIRECT);
	EXPECT(!fd_entry_is(entry, FD_STREAM) && fd_entry_is(entry, FD_TIMED));
	EXPECT(!entry->datagram.udp && !seqlock_read(&entry->datagram.lock));
	fd_entry_become(entry, FD_DATAGRAM);
	EXPECT(fd_entry_is(entry, FD_DIRECT));
	fd_entry_failed(entry, 701, EPERM);
	EXPECT(!fd_entry_is(entry, FD_DATAGRAM) && fd_entry_is(entry, FD_FAILED));
	EXPECT_INT(entry->stream.error, EPERM);
	fd_entry_clear(entry, ~0u);
}

TEST("a number that was closed behind our back is not the stream that it was")
{
	SKIP_EMULATED("qemu knows no SO_COOKIE");
	const int first = socket(AF_INET, SOCK_STREAM, 0);
	struct fd_entry *entry = fd_entry_make(first);
	const struct endpoint peer = endpoint(80);

	fd_entry_connected(entry, first, &peer);
	EXPECT(fd_entry_verify(entry, first));
	close(first);
	EXPECT_INT(socket(AF_INET, SOCK_STREAM, 0), first);
	EXPECT(!fd_entry_verify(entry, first));
	EXPECT(!fd_entry_find(first));
	close(first);
}

TEST("a duplicate is what its original is, of whatever kind it was before")
{
	struct fd_entry *from = fd_entry_make(710), *to = fd_entry_make(711);
	const struct endpoint peer = endpoint(80);

	fd_entry_become(from, FD_DATAGRAM);
	fd_entry_set(from, FD_DIRECT);
	EXPECT(seqlock_write(&from->datagram.lock));
	from->datagram.direct = peer;
	seqlock_written(&from->datagram.lock);
	fd_entry_copy(from, 711);
	EXPECT(fd_entry_is(to, FD_DIRECT) && endpoint_equal(&to->datagram.direct, &peer) && seqlock_read(&to->datagram.lock));
	fd_entry_connected(from, 710, &peer);
	fd_entry_copy(from, 711);
	EXPECT(fd_entry_is(to, FD_PEER) && endpoint_equal(&to->stream.peer, &peer));
	EXPECT(!fd_entry_is(to, FD_DATAGRAM));
	fd_entry_clear(from, ~0u);
	fd_entry_clear(to, ~0u);
}

static void count(int fd, struct fd_entry *entry, void *sum)
{
	(void)entry;
	*(int *)sum += fd;
}

TEST("each entry with a flag is seen, however far apart they are")
{
	const int numbers[] = {3, 4095, 4096, 100000};
	int sum = 0;

	for (int i = 0; i < 4; i++)
		fd_entry_set(fd_entry_make(numbers[i]), FD_PEER);
	fd_table_each(0, UINT_MAX, FD_PEER | FD_DBUS, count, &sum);
	EXPECT_INT(sum, 3 + 4095 + 4096 + 100000);
	sum = 0;
	fd_table_each(4, 4096, FD_PEER, count, &sum);
	EXPECT_INT(sum, 4095 + 4096);
	fd_table_each(0, UINT_MAX, FD_UDP, count, &sum);
	EXPECT_INT(sum, 4095 + 4096);
}
