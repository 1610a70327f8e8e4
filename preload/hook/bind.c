/* SPDX-License-Identifier: MIT */
/* bind: refuse to bind to a placeholder, which is nobody's address. */
#include "core/base/caller.h"
#include "core/base/log.h"
#include "core/names/placeholder.h"
#include "hook/hook.h"

__extension__ int bind(int fd, const struct sockaddr *at, socklen_t len)
{
	const int saved = errno;
	struct sockaddr_storage copy;
	struct addr own;

	if (!caller_address(&copy, at, len))
		return __extension__ sys.bind(fd, caller_nowhere(), len);
	at = (struct sockaddr *)&copy;
	if (!addr_from_sockaddr(&own, at, len) || own.kind == ADDR_UNIX)
		return __extension__ sys.bind(fd, at, len);
	const struct app *a = app_enter();
	if (!a || !a->config || !placeholder_stands(&own))
		return __extension__ sys.bind(fd, at, len);
	struct addr name = own;
	char text[ADDR_TEXT];
	placeholder_get(&own, &name);
	log_line(LOG_ERROR, "cannot bind to a placeholder address: '%s'", addr_string(&name, text));
	return (int)hook_result(-EADDRNOTAVAIL, saved);
}
