/* SPDX-License-Identifier: MIT */
/* own: make a socket by own_make(), as any other descriptor of our own. */
#include "core/base/own.h"

#include "core/base/sys.h"

struct kind {
	int family, type;
};

static int make_socket(void *arg)
{
	const struct kind *kind = arg;

	return (int)sys_rc(sys.socket(kind->family, kind->type | SOCK_CLOEXEC, 0));
}

int own_socket(int family, int type)
{
	return own_make(make_socket, &(struct kind){family, type});
}
