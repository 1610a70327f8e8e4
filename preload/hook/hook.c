/* SPDX-License-Identifier: MIT */
/* hook: what all interposed functions share. */
#include "hook/hook.h"

#include <errno.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/journal/dials.h"

bool hook_goes_unseen(void)
{
	const struct app *a = app_enter();

	return !a || app_is_direct(a);
}

ssize_t hook_result(ssize_t rc, int errno_before)
{
	errno = rc < 0 ? err_errno((int)rc) : errno_before;
	return rc < 0 ? -1 : rc;
}

/* A program tells the kernel's errors itself, and what is wrong with the configuration has been said when it was read. */
static enum log_level level_of(int rc)
{
	return rc >= -4095 || rc == ERR_CONFIG ? LOG_INFO : log_refusal_level(rc);
}

int hook_refuse(const struct addr *target, int rc)
{
	char text[ADDR_TEXT];

	const struct log_connection c = {addr_string(target, text), NULL, err_text(rc), -1};
	log_connection(level_of(rc), &c, "%s: '%s'", c.result, text);
	journal_refusal(target, rc);
	return rc;
}
