/* SPDX-License-Identifier: MIT */
/* setuid: read the configuration before a program gives up the right to read it. */
#include <unistd.h>

#include "hook/hook.h"

int setuid(uid_t user)
{
	app_enter();
	return sys.setuid(user);
}

int seteuid(uid_t user)
{
	app_enter();
	return sys.seteuid(user);
}

int setreuid(uid_t real, uid_t effective)
{
	app_enter();
	return sys.setreuid(real, effective);
}

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	app_enter();
	return sys.setresuid(real, effective, saved);
}

int chroot(const char *path)
{
	app_enter();
	return sys.chroot(path);
}
