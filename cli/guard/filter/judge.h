/* SPDX-License-Identifier: MIT */
/* judge: what the filter says of a call that it could not see: one whose arguments lay in memory, and have been read since. */
#ifndef CLI_GUARD_FILTER_JUDGE_H
#define CLI_GUARD_FILTER_JUDGE_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>

/* Judge by this filter, which lasts. */
void judge_use(const struct sock_fprog *);

/* Returns SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF, or SECCOMP_RET_ERRNO with the errno. */
uint32_t judge(const struct seccomp_data *);

#endif
