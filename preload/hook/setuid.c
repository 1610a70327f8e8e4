/* setuid: before a program gives away what it may read, the configuration is read. */
#include <unistd.h>

#include "hook/hook.h"

int setuid(uid_t user)
{
	hook_enter();
	return sys.setuid(user);
}

int seteuid(uid_t user)
{
	hook_enter();
	return sys.seteuid(user);
}

int setreuid(uid_t real, uid_t effective)
{
	hook_enter();
	return sys.setreuid(real, effective);
}

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	hook_enter();
	return sys.setresuid(real, effective, saved);
}

int chroot(const char *path)
{
	hook_enter();
	return sys.chroot(path);
}
