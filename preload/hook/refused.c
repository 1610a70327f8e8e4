/* SPDX-License-Identifier: MIT */
/* refused: functions that look names up or connect from inside libc, where no other hook would see them. */
#include <unistd.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "hook/hook.h"

static int refuse(int err)
{
	const int saved = errno;

	if (hook_goes_unseen())
		return 0;
	log_line(LOG_INFO, "%s", err_text(err));
	return (int)hook_result(err, saved);
}

/* Networks have names in DNS as well. Returns what the _r functions do when there is none. */
static int no_network(struct netent **result, int *h_err)
{
	*result = NULL;
	*h_err = HOST_NOT_FOUND;
	return 0;
}

struct netent *getnetbyname(const char *name)
{
	if (refuse(ERR_DNS_DIRECT) == 0)
		return sys.getnetbyname(name);
	h_errno = HOST_NOT_FOUND;
	return NULL;
}

struct netent *getnetbyaddr(uint32_t net, int type)
{
	if (refuse(ERR_DNS_DIRECT) == 0)
		return sys.getnetbyaddr(net, type);
	h_errno = HOST_NOT_FOUND;
	return NULL;
}

int getnetbyname_r(const char *restrict name, struct netent *restrict entry, char *restrict buf, size_t size,
		   struct netent **restrict result, int *restrict h_err)
{
	return refuse(ERR_DNS_DIRECT) ? no_network(result, h_err) : sys.getnetbyname_r(name, entry, buf, size, result, h_err);
}

int getnetbyaddr_r(uint32_t net, int type, struct netent *restrict entry, char *restrict buf, size_t size,
		   struct netent **restrict result, int *restrict h_err)
{
	return refuse(ERR_DNS_DIRECT) ? no_network(result, h_err) : sys.getnetbyaddr_r(net, type, entry, buf, size, result, h_err);
}

/* libc makes the ID from this host's address, for which it asks DNS. */
long gethostid(void)
{
	return refuse(ERR_DNS_DIRECT) ? 0 : sys.gethostid();
}

int rcmd(char **restrict host, unsigned short port, const char *restrict local, const char *restrict remote, const char *restrict command,
	 int *restrict errors)
{
	return rcmd_af(host, port, local, remote, command, errors, AF_INET);
}

int rcmd_af(char **restrict host, unsigned short port, const char *restrict local, const char *restrict remote,
	    const char *restrict command, int *restrict errors, sa_family_t family)
{
	return refuse(ERR_RAW) ? -1 : sys.rcmd_af(host, port, local, remote, command, errors, family);
}

int rexec(char **restrict host, int port, const char *restrict name, const char *restrict password, const char *restrict command,
	  int *restrict errors)
{
	return rexec_af(host, port, name, password, command, errors, AF_INET);
}

int rexec_af(char **restrict host, int port, const char *restrict name, const char *restrict password, const char *restrict command,
	     int *restrict errors, sa_family_t family)
{
	return refuse(ERR_RAW) ? -1 : sys.rexec_af(host, port, name, password, command, errors, family);
}

int ruserok(const char *host, int root, const char *remote, const char *local)
{
	return ruserok_af(host, root, remote, local, AF_INET);
}

int ruserok_af(const char *host, int root, const char *remote, const char *local, sa_family_t family)
{
	return refuse(ERR_DNS_DIRECT) ? -1 : sys.ruserok_af(host, root, remote, local, family);
}

/* By address: libc looks up the names in the user's list of hosts. */
int iruserok(uint32_t address, int root, const char *remote, const char *local)
{
	return iruserok_af(&address, root, remote, local, AF_INET);
}

int iruserok_af(const void *address, int root, const char *remote, const char *local, sa_family_t family)
{
	return refuse(ERR_DNS_DIRECT) ? -1 : sys.iruserok_af(address, root, remote, local, family);
}

int __ivaliduser(FILE *list, uint32_t host, const char *local, const char *remote)
{
	return !sys.__ivaliduser || refuse(ERR_DNS_DIRECT) ? -1 : sys.__ivaliduser(list, host, local, remote);
}
