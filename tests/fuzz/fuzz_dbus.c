/* SPDX-License-Identifier: MIT */
/* fuzz: a program says anything at all to a message bus, behind a first byte that tells where it is cut; so does its environment. */
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "core/proto/dbus_address.h"
#include "core/proto/dbus_stream.h"

static const char *const names[] = {"org.freedesktop.resolve1", "org.freedesktop.Avahi", NULL};

static int count(struct dbus_stream *s, const uint8_t *at, size_t n)
{
	const char *found;
	int sum = 0;

	for (size_t i = 0; i < n;) {
		const ssize_t k = dbus_stream_read(s, at + i, n - i, names, &found);
		if (k < 0)
			return -1000;
		if (k == 0 || (size_t)k > n - i)
			abort();
		sum += found != NULL;
		i += (size_t)k;
	}
	return sum;
}

static void read_address(const uint8_t *data, size_t n)
{
	char *const text = strndup((const char *)data, n);
	const char *next = text;
	struct sockaddr_un at;

	while (next && dbus_address_next(&next, &at))
		;
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct dbus_stream whole = {0}, cut = {0};

	if (!n)
		return 0;
	read_address(data, n);
	const size_t first = data[0] < n - 1 ? data[0] : n - 1;
	const int all = count(&whole, data + 1, n - 1), a = count(&cut, data + 1, first);
	const int b = a < 0 ? 0 : count(&cut, data + 1 + first, n - 1 - first);
	if (all < 0 ? a >= 0 && b >= 0 : all != a + b)
		abort();
	return 0;
}
