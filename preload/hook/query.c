/* query: DNS asked for by name of record, which would go to a DNS server past every proxy. */
#include <resolv.h>

#include "base/log.h"
#include "conf/err.h"
#include "hook/hook.h"

static int refuse(void)
{
	log_line(LOG_INFO, "%s", err_text(ERR_DNS_DIRECT));
	h_errno = NO_RECOVERY;
	return (int)hook_result(ERR_DNS_DIRECT, 0);
}

#define ASK_OR_REFUSE(call) return hook_goes_unseen() ? sys.call : refuse()

int res_query(const char *name, int class, int type, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_query(name, class, type, answer, size));
}

int res_search(const char *name, int class, int type, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_search(name, class, type, answer, size));
}

int res_querydomain(const char *name, const char *domain, int class, int type, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_querydomain(name, domain, class, type, answer, size));
}

int res_send(const unsigned char *query, int len, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_send(query, len, answer, size));
}

int res_nquery(res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_nquery(state, name, class, type, answer, size));
}

int res_nsearch(res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_nsearch(state, name, class, type, answer, size));
}

int res_nquerydomain(res_state state, const char *name, const char *domain, int class, int type, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_nquerydomain(state, name, domain, class, type, answer, size));
}

int res_nsend(res_state state, const unsigned char *query, int len, unsigned char *answer, int size)
{
	ASK_OR_REFUSE(res_nsend(state, query, len, answer, size));
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
	if (hook_goes_unseen())
		return sys.getaddrinfo_a(mode, list, n, event);
	log_line(LOG_INFO, "%s", err_text(ERR_DNS_DIRECT));
	return EAI_AGAIN;
}
#endif
