/* rcmd: libc's own clients of rshd and rexecd, which connect by themselves, past every hook. Nobody has used them for long, so nobody will
 * miss them where a chain's way is direct. */
#include <features.h>
#ifdef __GLIBC__
#include "base/log.h"
#include "conf/err.h"
#include "hook/hook.h"

static int refuse(void)
{
	log_line(LOG_INFO, "%s", err_text(ERR_RCMD));
	return (int)hook_result(ERR_RCMD, 0);
}

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
#else
typedef int nothing_here;
#endif
