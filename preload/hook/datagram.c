/* datagram: what names its destination call by call. */
#include <string.h>

#include "conf/err.h"
#include "hook/hook.h"
#include "base/log.h"
#include "net/pending.h"

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
static int check(int fd, int flags, const struct sockaddr *to, socklen_t len)
{
	const int saved = errno;
	const struct via *via;
	struct addr target;

	if (!destination(fd, &target, to, len))
		return 0;
	const struct app *a = hook_enter();
	if (!a)
		return 0;
	/* With this flag a send is a connect, on a stream; programs take EOPNOTSUPP for a kernel without it and connect first. */
	const bool connects = flags & MSG_FASTOPEN && type_of(fd) == SOCK_STREAM;
	int rc = hook_decide(a, &target, !connects, &via);
	if (rc == 0 && via->kind == VIA_DIRECT && target.kind != ADDR_NAME)
		return 0;
	if (connects)
		return -EOPNOTSUPP;
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

/* Whoever gets a descriptor by SCM_RIGHTS gets the connected socket, not the placeholder of a dial. */
static void settle_passed(const struct msghdr *m)
{
	if (!m->msg_control || m->msg_controllen < sizeof(struct cmsghdr))
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR((struct msghdr *)m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS || c->cmsg_len < CMSG_LEN(0))
			continue;
		for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			pending_await(fd);
		}
	}
}

__extension__ ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len)
{
	const int saved = errno, rc = check(fd, flags, to, len);

	return rc ? hook_result(rc, saved) : sys_sendto(fd, bytes, n, flags, to, len);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	const int saved = errno, rc = m ? check(fd, flags, m->msg_name, m->msg_namelen) : 0;

	if (rc)
		return hook_result(rc, saved);
	if (m)
		settle_passed(m);
	errno = saved;
	return sys_sendmsg(fd, m, flags);
}

/* As in the kernel: those before the first that fails are sent. */
int sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	const int saved = errno;
	int rc = 0;
	unsigned good = 0;

	while (good < n && (rc = check(fd, flags, messages[good].msg_hdr.msg_name, messages[good].msg_hdr.msg_namelen)) == 0)
		good++;
	for (unsigned i = 0; i < good; i++)
		settle_passed(&messages[i].msg_hdr);
	errno = saved;
	return rc && !good ? (int)hook_result(rc, saved) : sys_sendmmsg(fd, messages, good, flags);
}
