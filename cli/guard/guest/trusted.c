/* SPDX-License-Identifier: MIT */
/* trusted: a table by the thread. Those that ended are forgotten when it has grown to twice those that live. */
#include "cli/guard/guest/trusted.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utlist.h>

#include "cli/guard/guest/guest.h"
#include "core/base/sys.h"

enum { ROWS = 1024, FEW = 64 };

struct trust {
	pid_t tid;
	uint64_t at, sign;
	struct trust *next;
};

static struct trust *rows[ROWS]; /* by the thread */
static int count, most = FEW;

static struct trust **row_of(pid_t tid)
{
	return &rows[(unsigned)tid % ROWS];
}

static void forget_the_dead(void)
{
	struct trust *t, *next;

	for (int i = 0; i < ROWS; i++)
		LL_FOREACH_SAFE(rows[i], t, next)
	if (syscall(SYS_tkill, t->tid, 0) && errno == ESRCH) {
		LL_DELETE(rows[i], t);
		free(t);
		count--;
	}
	most = 2 * count + FEW;
}

static struct trust *find(pid_t tid)
{
	struct trust *t;

	LL_FOREACH(*row_of(tid), t)
		if (t->tid == tid)
			break;
	return t;
}

/* Returns NULL if there is no memory. */
static struct trust *make(pid_t tid)
{
	if (count >= most)
		forget_the_dead();
	struct trust *const t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->tid = tid;
	LL_PREPEND(*row_of(tid), t);
	count++;
	return t;
}

bool trusted_is_told(const struct notice *r)
{
	return (int)r->arg[0] == SYS_SIGN && sys_is_marker((uint32_t)(r->arg[0] >> 32));
}

long trusted_serve(const struct notice *r)
{
	struct trust *const known = find(r->tid), *const t = known ? known : make(r->tid);

	if (!t)
		return -ENOMEM;
	t->at = r->arg[1];
	t->sign = r->arg[2];
	return 0;
}

bool trusted(const struct notice *r)
{
	const struct trust *const t = find(r->tid);
	uint64_t sign;

	return t && t->sign && guest_read(r, &sign, t->at, sizeof(sign)) == 0 && sign == t->sign;
}

int trusted_decide(const struct notice *r, const struct guest_socket *s, const struct app *app, struct addr *target, bool udp,
		   struct verdict *v)
{
	if (!trusted(r))
		return decide_for(s->fd, app, target, udp, v);
	*v = (struct verdict){.route = &route_direct, .chosen = &route_direct};
	return 0;
}
