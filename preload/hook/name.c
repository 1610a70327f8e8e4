/* name: what the resolver hooks share. */
#include "hook/name.h"

#include <arpa/inet.h>
#include <string.h>

#include "conf/err.h"
#include "net/aliases.h"
#include "net/names.h"

/* Everything that inet_aton() takes for an address ("1.2", "0x7f.1") is one for libc, too. */
static bool numeric(const char *node)
{
	char address[ADDR_NAME_MAX + 1];
	struct in6_addr ip;
	const size_t n = strcspn(node, "%");

	if (inet_aton(node, &(struct in_addr){0}))
		return true;
	if (n >= sizeof(address))
		return false;
	memcpy(address, node, n);
	address[n] = '\0';
	return inet_pton(AF_INET6, address, &ip) == 1;
}

enum name_answer name_ask(const char *node, int family, char figures[static NAME_TEXT])
{
	const int saved = errno;
	struct addr name, placeholder;

	if (!node || !*node || numeric(node))
		return NAME_PASS;
	const struct app *a = hook_enter();
	if (!a)
		return NAME_PASS;
	if (!a->usable)
		return NAME_REFUSED;
	if (!addr_parse_host(&name, node, strlen(node)) || name.kind != ADDR_NAME)
		return NAME_INVALID;
	if (hook_resolves_directly(a, &name))
		return NAME_DIRECT;
	family = family == AF_INET6 ? AF_INET6 : AF_INET;
	const int rc = names_put(&name, family, &placeholder);
	if (rc == 0)
		inet_ntop(family, placeholder.ip, figures, NAME_TEXT);
	errno = saved;
	return rc ? NAME_FULL : NAME_PLACED;
}

void name_direct(const char *node, const struct addrinfo *list, const struct hostent *entry)
{
	struct addr name;

	if (!addr_parse_host(&name, node, strlen(node)) || addr_is_loopback(&name))
		return;
	if (list)
		aliases_put_list(&name, list);
	if (entry)
		aliases_put_entry(&name, entry);
}

enum name_answer name_of(const struct addr *address, struct addr *name)
{
	const struct app *a = hook_enter();

	if (!a)
		return NAME_PASS;
	if (!a->usable)
		return NAME_INVALID;
	if (names_covers(address))
		return names_get(address, name) ? NAME_PLACED : NAME_INVALID;
	const struct via *via;
	struct addr target = *address;
	target.port = 0;
	return hook_decide(a, &target, false, &via) == 0 && via->kind == VIA_DIRECT ? NAME_PASS : NAME_INVALID;
}
