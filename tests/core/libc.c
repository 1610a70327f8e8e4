/* SPDX-License-Identifier: MIT */
/* What core wants of all that hooks stand before; but for getaddrinfo(), as a static libc has no resolver. */
#include "core/base/sys.h"

#define OWN(name) .name = name

struct sys sys = {
	OWN(close),      OWN(connect),  OWN(epoll_ctl), OWN(fcntl),    OWN(getpeername), OWN(getsockname),
	OWN(getsockopt), OWN(read),     OWN(recv),      OWN(sendmmsg), OWN(sendmsg),     OWN(sendto),
	OWN(setsockopt), OWN(shutdown), OWN(socket),    OWN(syscall),  OWN(write),
};
