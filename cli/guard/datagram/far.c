/* SPDX-License-Identifier: MIT */
/* far: put the relays' headers on, and take them off. */
#include "cli/guard/datagram/far.h"

#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/proto/udp_header.h"

/* Connect to the first relay, whatever its family. */
static int connect_first(struct far *f, const struct relays *m)
{
	int family = AF_INET, rc = relays_chained(m, &f->relay, family);

	if (rc == ERR_PROXY_ADDRESS)
		rc = relays_chained(m, &f->relay, family = AF_INET6);
	if (rc)
		return rc;
	f->fd = own_socket(family, SOCK_DGRAM | SOCK_NONBLOCK);
	return f->fd < 0 ? f->fd : (int)sys_rc(sys_connect(f->fd, &f->relay.at.sa, endpoint_len(&f->relay.at)));
}

static int watch(int set, int fd, void *data)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = data};

	return (int)sys_rc(sys.epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
}

int far_open(struct far *f, struct relays *m, int set, void *control)
{
	int rc = connect_first(f, m);

	if (rc)
		return rc;
	relays_take(m, f->controls);
	f->n_controls = m->n;
	rc = watch(set, f->fd, NULL);
	for (size_t i = 0; i < f->n_controls && rc == 0; i++)
		rc = watch(set, f->controls[i], control);
	return rc;
}

void far_close(struct far *f)
{
	for (size_t i = 0; i < f->n_controls; i++)
		own_close(f->controls[i]);
	own_close(f->fd);
	f->n_controls = 0;
	f->fd = -1;
}

void far_send(const struct far *f, const struct addr *target, uint8_t *bytes, size_t n)
{
	uint8_t header[UDP_HEADER_MAX];
	struct buf h = {.at = header, .size = sizeof(header)};

	udp_header_put(&h, target);
	struct iovec parts[] = {{(void *)f->relay.front, f->relay.front_len}, {h.at, h.len}, {bytes, n}};
	const struct msghdr m = {.msg_iov = parts, .msg_iovlen = 3};
	sys_sendmsg(f->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

struct slice far_receive(const struct far *f, uint8_t *bytes, size_t size, struct addr *from, int *rc)
{
	const long n = sys_rc(sys.recv(f->fd, bytes, size, MSG_DONTWAIT));
	const int head = n < 0 ? -1 : udp_relay_open(&f->relay, bytes, (size_t)n, from);

	*rc = n < 0 ? (int)n : 0;
	return head < 0 ? (struct slice){0} : (struct slice){bytes + head, (size_t)(n - head)};
}
