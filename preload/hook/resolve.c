/* resolve: getaddrinfo and getnameinfo, whose answers libc builds from placeholders. */
#include <stdlib.h>
#include <string.h>

#include "conf/err.h"
#include "hook/name.h"

/* libc took the placeholder for the canonical name; it frees what stands there. */
static int set_canonical(struct addrinfo *list, const char *node)
{
	char *copy = strdup(node);

	if (!copy)
		return EAI_MEMORY;
	free(list->ai_canonname);
	list->ai_canonname = copy;
	return 0;
}

static int placed(const char *node, const char *figures, const char *service, const struct addrinfo *hints,
		  struct addrinfo **list)
{
	/* For no hints at all libc assumes these flags (getaddrinfo(3)). */
	struct addrinfo h = {.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG};

	if (hints)
		h = (struct addrinfo){.ai_flags = hints->ai_flags,
				      .ai_family = hints->ai_family,
				      .ai_socktype = hints->ai_socktype,
				      .ai_protocol = hints->ai_protocol};
	const bool canonical = h.ai_flags & AI_CANONNAME;
	h.ai_flags = (h.ai_flags | AI_NUMERICHOST) & ~AI_ADDRCONFIG; /* placeholders need no route */
	int rc = sys.getaddrinfo(figures, service, &h, list);
	if (rc == 0 && canonical)
		rc = set_canonical(*list, node);
	if (rc == EAI_MEMORY)
		freeaddrinfo(*list);
	return rc;
}

int getaddrinfo(const char *restrict node, const char *restrict service, const struct addrinfo *restrict hints,
		struct addrinfo **restrict list)
{
	const int saved = errno;
	char figures[NAME_TEXT];
	int rc;

	if (hints && hints->ai_flags & AI_NUMERICHOST)
		return sys.getaddrinfo(node, service, hints, list);
	switch (name_ask(node, hints ? hints->ai_family : AF_UNSPEC, figures)) {
	case NAME_PLACED:
		return placed(node, figures, service, hints, list);
	case NAME_DIRECT:
		rc = sys.getaddrinfo(node, service, hints, list);
		if (rc == 0)
			name_direct(node, *list, NULL);
		return rc;
	case NAME_INVALID:
		return EAI_NONAME;
	case NAME_FULL:
		return EAI_AGAIN;
	case NAME_REFUSED:
		hook_result(ERR_CONFIG, saved);
		return EAI_SYSTEM;
	default:
		return sys.getaddrinfo(node, service, hints, list);
	}
}

static int put_host(char *host, socklen_t room, const char *name)
{
	const size_t n = strlen(name) + 1;

	if (!host || !room)
		return 0;
	if (n > room)
		return EAI_OVERFLOW;
	memcpy(host, name, n);
	return 0;
}

int getnameinfo(const struct sockaddr *restrict sa, socklen_t len, char *restrict host, socklen_t host_room,
		char *restrict service, socklen_t service_room, int flags)
{
	struct addr address, name;
	int rc;

	if (flags & NI_NUMERICHOST || !host || !host_room || !addr_from_sockaddr(&address, sa, len) ||
	    address.kind == ADDR_UNIX)
		return sys.getnameinfo(sa, len, host, host_room, service, service_room, flags);
	switch (name_of(&address, &name)) {
	case NAME_PLACED:
		rc = service && service_room ? sys.getnameinfo(sa, len, NULL, 0, service, service_room, flags & ~NI_NAMEREQD) : 0;
		return rc ? rc : put_host(host, host_room, name.name);
	case NAME_PASS:
		return sys.getnameinfo(sa, len, host, host_room, service, service_room, flags);
	default: /* asking DNS for the name would tell it where we go */
		if (flags & NI_NAMEREQD)
			return EAI_NONAME;
		return sys.getnameinfo(sa, len, host, host_room, service, service_room, flags | NI_NUMERICHOST);
	}
}
