/* query: DNS asked for by name of record, which would go to a DNS server past every proxy. */
#include <resolv.h>

#include "base/log.h"
#include "conf/err.h"
#include "hook/hook.h"

/* Whether a query may go out as libc sends it. */
static bool allowed(void)
{
	const struct app *a = hook_enter();

	return !a || (a->usable && a->config.chain->kind == VIA_DIRECT);
}

static int refuse(void)
{
	log_line(LOG_INFO, "%s", err_text(ERR_DNS_DIRECT));
	h_errno = NO_RECOVERY;
	return (int)hook_result(ERR_DNS_DIRECT, 0);
}

#define REFUSE_UNLESS_ALLOWED(call) return allowed() ? sys.call : refuse()

int res_query(const char *name, int class, int type, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_query(name, class, type, answer, size));
}

int res_search(const char *name, int class, int type, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_search(name, class, type, answer, size));
}

int res_querydomain(const char *name, const char *domain, int class, int type, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_querydomain(name, domain, class, type, answer, size));
}

int res_send(const unsigned char *query, int len, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_send(query, len, answer, size));
}

int res_nquery(res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_nquery(state, name, class, type, answer, size));
}

int res_nsearch(res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_nsearch(state, name, class, type, answer, size));
}

int res_nquerydomain(res_state state, const char *name, const char *domain, int class, int type, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_nquerydomain(state, name, domain, class, type, answer, size));
}

int res_nsend(res_state state, const unsigned char *query, int len, unsigned char *answer, int size)
{
	REFUSE_UNLESS_ALLOWED(res_nsend(state, query, len, answer, size));
}

#ifdef __GLIBC__
HOOK_TWIN(__res_query, res_query);
HOOK_TWIN(__res_search, res_search);
HOOK_TWIN(__res_querydomain, res_querydomain);
HOOK_TWIN(__res_send, res_send);
HOOK_TWIN(__res_nquery, res_nquery);
HOOK_TWIN(__res_nsearch, res_nsearch);
HOOK_TWIN(__res_nquerydomain, res_nquerydomain);
HOOK_TWIN(__res_nsend, res_nsend);

int getaddrinfo_a(int mode, struct gaicb *list[restrict], int n, struct sigevent *restrict event)
{
	if (allowed())
		return sys.getaddrinfo_a(mode, list, n, event);
	log_line(LOG_INFO, "%s", err_text(ERR_DNS_DIRECT));
	return EAI_AGAIN;
}

/* libc's own clients of rshd and rexecd connect by themselves, past every hook. Nobody has used them for long, so nobody will miss them
 * where a chain's way is direct. */

int rcmd(char **restrict host, unsigned short port, const char *restrict local, const char *restrict remote, const char *restrict command,
	 int *restrict stderr_fd)
{
	(void)host, (void)port, (void)local, (void)remote, (void)command, (void)stderr_fd;
	return refuse();
}

int rcmd_af(char **restrict host, unsigned short port, const char *restrict local, const char *restrict remote,
	    const char *restrict command, int *restrict stderr_fd, sa_family_t family)
{
	(void)host, (void)port, (void)local, (void)remote, (void)command, (void)stderr_fd, (void)family;
	return refuse();
}

int rexec(char **restrict host, int port, const char *restrict user, const char *restrict password, const char *restrict command,
	  int *restrict stderr_fd)
{
	(void)host, (void)port, (void)user, (void)password, (void)command, (void)stderr_fd;
	return refuse();
}

int rexec_af(char **restrict host, int port, const char *restrict user, const char *restrict password, const char *restrict command,
	     int *restrict stderr_fd, sa_family_t family)
{
	(void)host, (void)port, (void)user, (void)password, (void)command, (void)stderr_fd, (void)family;
	return refuse();
}
#endif
