/* datagram: what names its destination call by call. */
#include <stdint.h>
#include <string.h>

#include "conf/err.h"
#include "hook/fastopen.h"
#include "hook/hook.h"
#include "hook/rights.h"
#include "base/log.h"

/* To an IPv4 datagram socket AF_UNSPEC is AF_INET, to an IPv6 raw socket AF_INET6. */
static bool destination(int fd, struct addr *target, const struct sockaddr *to, socklen_t len)
{
	struct sockaddr_storage copy = {0};
	int family = AF_UNSPEC;
	socklen_t size = sizeof(family);

	if (!to || len < sizeof(to->sa_family))
		return false;
	if (to->sa_family != AF_UNSPEC)
		return addr_from_sockaddr(target, to, len) && target->kind != ADDR_UNIX;
	memcpy(&copy, to, len < sizeof(copy) ? len : sizeof(copy));
	sys.getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
	copy.ss_family = (sa_family_t)family;
	return addr_from_sockaddr(target, (const struct sockaddr *)&copy, len) && target->kind != ADDR_UNIX;
}

static int type_of(int fd)
{
	int type = 0;
	socklen_t size = sizeof(type);

	return sys.getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) ? -errno : type;
}

static int refusal(int type)
{
	switch (type) {
	case SOCK_STREAM:
		return 0; /* the destination is ignored on a connection */
	case SOCK_DGRAM:
		return ERR_UDP_UNSUPPORTED;
	default:
		return type < 0 ? type : ERR_RAW;
	}
}

/* 0 if a send to `to` may go out as it is. */
static int check(int fd, const struct sockaddr *to, socklen_t len)
{
	const int saved = errno;
	const struct via *via;
	struct addr target;

	if (!destination(fd, &target, to, len))
		return 0;
	const struct app *a = hook_enter();
	if (!a)
		return 0;
	int rc = hook_decide(a, &target, true, &via);
	if (rc == 0 && via->kind == VIA_DIRECT && target.kind != ADDR_NAME)
		return 0;
	const int kind = refusal(type_of(fd));
	if (kind == 0)
		return 0;
	rc = rc ? rc : kind;
	TEXT(text, ADDR_TEXT);
	addr_text(&target, &text);
	log_line(LOG_INFO, "%s: '%s'", err_text(rc), text.at);
	errno = saved;
	return rc;
}

__extension__ ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len)
{
	struct iovec part = {(void *)(uintptr_t)bytes, n};
	const struct msghdr m = {.msg_name = (void *)(uintptr_t)to, .msg_namelen = len, .msg_iov = &part, .msg_iovlen = 1};

	if (fastopen_is(fd, &m, flags))
		return fastopen(fd, &m, flags);
	const int saved = errno, rc = check(fd, to, len);
	return rc ? hook_result(rc, saved) : sys_sendto(fd, bytes, n, flags, to, len);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	rights_await(m);
	if (fastopen_is(fd, m, flags))
		return fastopen(fd, m, flags);
	const int saved = errno, rc = m ? check(fd, m->msg_name, m->msg_namelen) : 0;
	return rc ? hook_result(rc, saved) : sys_sendmsg(fd, m, flags);
}

/* As in the kernel: those before the first that fails are sent. */
int sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	const int saved = errno;
	int rc = 0;
	unsigned good = 0;

	for (unsigned i = 0; i < n; i++)
		rights_await(&messages[i].msg_hdr);
	if (n && fastopen_is(fd, &messages[0].msg_hdr, flags))
		return fastopen_first(fd, messages, flags);
	while (good < n && !fastopen_is(fd, &messages[good].msg_hdr, flags) &&
	       (rc = check(fd, messages[good].msg_hdr.msg_name, messages[good].msg_hdr.msg_namelen)) == 0)
		good++;
	return rc && !good ? (int)hook_result(rc, saved) : sys_sendmmsg(fd, messages, good, flags);
}
