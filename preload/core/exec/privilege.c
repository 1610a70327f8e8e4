/* SPDX-License-Identifier: MIT */
/* privilege: the kernel's conditions: bprm_fill_uid() in fs/exec.c, cap_bprm_creds_from_file() in security/commoncap.c. */
#include "core/exec/privilege.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/base/pages.h"
#include "core/base/sys.h"

EARLY static bool taken;

void privilege_heed(const char *word)
{
	taken = word && strstr(word, PRIVILEGE_TAKEN);
}

bool privilege_is_taken(void)
{
	return taken;
}

/* True if the file system lets no file raise privileges, or is not to be asked. */
static bool is_nosuid(int fd)
{
	struct statvfs fs;

	return fstatvfs(fd, &fs) == 0 && fs.f_flag & ST_NOSUID;
}

/* Returns what the file's own bits do. */
static const char *raised(int fd, const struct stat *st, bool *set_uid, bool *set_gid)
{
	/* For root, who has them anyway, the kernel does not ask for secure execution. For anybody else it does on any file capability, even
	 * under no_new_privs, where that grants nothing. */
	const bool capable = getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;

	*set_uid = st->st_mode & S_ISUID;
	*set_gid = st->st_mode & S_ISGID && st->st_mode & S_IXGRP;
	if (!*set_uid && !*set_gid && !capable)
		return NULL;
	if (is_nosuid(fd)) {
		*set_uid = *set_gid = false;
		return NULL;
	}
	if (!taken && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		*set_uid = *set_gid = false;
	return capable ? "has file capabilities, so LD_PRELOAD is ignored" : NULL;
}

static size_t attribute(const char *path, char *to, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? 0 : pread(fd, to, size, 0);

	if (fd >= 0)
		sys.close(fd);
	return n > 0 ? (size_t)n : 0;
}

/* True if a security module may be in force that knows contexts. Each process pays for a look into its /proc. */
static bool has_contexts(void)
{
	return access("/sys/fs/selinux", F_OK) == 0 || access("/sys/module/apparmor", F_OK) == 0;
}

/* True if the thread has asked for another security context after its next exec. Such an exec of AppArmor's unconfined is not secure. */
static bool changes_context(void)
{
	static const char unconfined[] = "unconfined";
	char next[256], now[256];
	const size_t n = has_contexts() ? attribute("/proc/thread-self/attr/exec", next, sizeof(next)) : 0;

	if (n == 0)
		return false;
	const size_t m = attribute("/proc/thread-self/attr/current", now, sizeof(now));
	return !(m == n && memcmp(next, now, n) == 0) && !(m >= strlen(unconfined) && memcmp(now, unconfined, strlen(unconfined)) == 0);
}

const char *privilege_reason(int fd, bool resets_ids)
{
	const uid_t user = getuid();
	const gid_t group = getgid();
	bool set_uid, set_gid;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return "cannot be examined";
	const char *capable = raised(fd, &st, &set_uid, &set_gid);
	if (set_uid && st.st_uid != user)
		return "is set-uid, so LD_PRELOAD is ignored";
	if (set_gid && st.st_gid != group)
		return "is set-gid, so LD_PRELOAD is ignored";
	if (!set_uid && !resets_ids && geteuid() != user)
		return "would run with another effective user than its real one, so LD_PRELOAD is ignored";
	if (!set_gid && !resets_ids && getegid() != group)
		return "would run with another effective group than its real one, so LD_PRELOAD is ignored";
	if (changes_context())
		return "would run in another security context, so LD_PRELOAD is ignored";
	return capable;
}
