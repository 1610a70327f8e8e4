/* SPDX-License-Identifier: MIT */
/* Where a message bus listens, as it is written and as the kernel is told. */
#include "core/proto/dbus_address.h"

#include <stddef.h>
#include <sys/un.h>

#include "tests/unit/tap.h"

/* Whether `addresses` has the socket with these `n` bytes of a path; with `more` bytes of NUL behind it. */
static bool is(const char *addresses, const char *path, size_t n, size_t more)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	memcpy(to.sun_path, path, n);
	return dbus_address_is(addresses, (const struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + more));
}

static bool path_is(const char *addresses, const char *path)
{
	const bool with_nul = is(addresses, path, strlen(path), 1);

	EXPECT_INT(is(addresses, path, strlen(path), 0), with_nul);
	return with_nul;
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
	EXPECT(is("unix:abstract=/tmp/bus", "\0/tmp/bus", 9, 0));
	EXPECT(!is("unix:abstract=/tmp/bus", "\0/tmp/bus", 9, 1));
	EXPECT(!is("unix:path=/tmp/bus", "\0/tmp/bus", 9, 0));
	EXPECT(is("unix:abstract=a%00b", "\0a\0b", 4, 0));
}

TEST("a socket without a name, and one of another family, is no bus")
{
	struct sockaddr_storage to = {.ss_family = AF_UNIX};

	EXPECT(!dbus_address_is("unix:path=;unix:abstract=x", (struct sockaddr *)&to, sizeof(sa_family_t)));
	EXPECT(!dbus_address_is("unix:path=", NULL, sizeof(struct sockaddr_un)));
	to.ss_family = AF_INET;
	EXPECT(!dbus_address_is("unix:abstract=", (struct sockaddr *)&to, sizeof(struct sockaddr_un)));
}
