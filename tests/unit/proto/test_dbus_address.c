/* SPDX-License-Identifier: MIT */
/* Where a message bus listens, as it is written and as the kernel is told. */
#include "core/proto/dbus_address.h"

#include <stddef.h>

#include "tests/unit/tap.h"

/* Whether `addresses` has the socket with these `n` bytes, the NUL of a path among them. */
static bool is(const char *addresses, const char *bytes, size_t n)
{
	struct sockaddr_un at;

	for (socklen_t len; (len = dbus_address_next(&addresses, &at)) != 0;)
		if (len == offsetof(struct sockaddr_un, sun_path) + n && memcmp(at.sun_path, bytes, n) == 0)
			return true;
	return false;
}

static bool path_is(const char *addresses, const char *path)
{
	return is(addresses, path, strlen(path) + 1);
}

TEST("a path is found, alone, among other keys, and among other addresses")
{
	EXPECT(path_is("unix:path=/run/bus", "/run/bus"));
	EXPECT(path_is("unix:guid=0123,path=/run/bus", "/run/bus"));
	EXPECT(path_is("unix:path=/run/bus,guid=0123", "/run/bus"));
	EXPECT(path_is("tcp:host=localhost,port=1;unix:path=/a;unix:path=/run/bus", "/run/bus"));
	EXPECT(path_is("unix:path=/run/bus;", "/run/bus"));
}

TEST("what is not a path on this machine is found nowhere")
{
	EXPECT(!path_is("", "/run/bus"));
	EXPECT(!path_is(";;", "/run/bus"));
	EXPECT(!path_is("unix:path=/run/bus", "/run/bu"));
	EXPECT(!path_is("unix:path=/run/bus", "/run/buses"));
	EXPECT(!path_is("unix:path=", "/run/bus"));
	EXPECT(!path_is("unix:abstract=/run/bus", "/run/bus"));
	EXPECT(!path_is("unix:dir=/run/bus,runtime=yes", "/run/bus"));
	EXPECT(!path_is("unixexec:path=/run/bus", "/run/bus"));
	EXPECT(!path_is("unix:guid=1;path=/run/bus", "/run/bus"));
	EXPECT(!path_is("unix:nopath=/run/bus", "/run/bus"));
}

TEST("%XX is a byte")
{
	EXPECT(path_is("unix:path=/a%20b%2cc%2Cd", "/a b,c,d"));
	EXPECT(path_is("unix:path=/%ff", "/\xff"));
	EXPECT(!path_is("unix:path=/a%2", "/a "));
	EXPECT(!path_is("unix:path=/a%", "/a%"));
	EXPECT(!path_is("unix:path=/a%zz", "/a%zz"));
	EXPECT(!path_is("unix:path=/a%2;unix:path=0", "/a "));
}

TEST("an abstract socket is its bytes, as many as there are")
{
	EXPECT(is("unix:abstract=/tmp/bus", "\0/tmp/bus", 9));
	EXPECT(!is("unix:abstract=/tmp/bus", "\0/tmp/bus", 10));
	EXPECT(!is("unix:path=/tmp/bus", "\0/tmp/bus", 9));
	EXPECT(is("unix:abstract=a%00b", "\0a\0b", 4));
}

TEST("what is longer than a socket's name is passed over")
{
	char text[256] = "unix:path=";

	memset(text + 10, 'a', sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
	EXPECT(path_is(text, text + 10));
	text[strlen(text)] = 'a';
	EXPECT(!path_is(text, text + 10));
	memcpy(text + strlen(text), ";unix:path=/b", sizeof(";unix:path=/b"));
	EXPECT(path_is(text, "/b"));
}
