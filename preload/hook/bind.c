/* SPDX-License-Identifier: MIT */
/* bind: refuse to bind to a placeholder, which is nobody's address; let the kernel choose one where an address at the proxy is meant. */
#include "core/base/caller.h"
#include "core/base/log.h"
#include "core/dial/bound_name.h"
#include "core/names/placeholder.h"
#include "hook/hook.h"

/* Bind where the proxy listens: here the address is of no account, as nobody will come to it. */
static int bind_anywhere(int fd, const struct addr *own)
{
	const struct addr any = {.kind = own->kind, .port = own->port};
	struct sockaddr_storage at;
	const socklen_t len = addr_to_sockaddr(&any, &at, sys_option(fd, SO_DOMAIN));

	return sys_bind(fd, (struct sockaddr *)&at, len);
}

__extension__ int bind(int fd, const struct sockaddr *at, socklen_t len)
{
	const int saved = errno;
	struct sockaddr_storage copy;
	struct addr own;

	if (!caller_address(&copy, at, len))
		return sys_bind(fd, caller_nowhere(), len);
	at = (struct sockaddr *)&copy;
	if (!addr_from_sockaddr(&own, at, len) || own.kind == ADDR_UNIX)
		return sys_bind(fd, at, len);
	const struct app *a = app_enter();
	if (bound_name_is(&own))
		return bind_anywhere(fd, &own);
	if (!a || !a->config || !placeholder_stands(&own))
		return sys_bind(fd, at, len);
	struct addr name = own;
	char text[ADDR_TEXT];
	placeholder_get(&own, &name);
	log_line(LOG_ERROR, "cannot bind to a placeholder address: '%s'", addr_string(&name, text));
	return (int)hook_result(-EADDRNOTAVAIL, saved);
}
