/* hostent: the gethostby family, whose answers libc builds from placeholders. */
#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

#include "hook/name.h"

/* Fill in an entry for figures, in the caller's buffer; the name goes to the buffer's end. The answer of gethostbyname2_r. */
static int fill(const char *name, const char *figures, int family, struct hostent *entry, char *buf, size_t size,
		struct hostent **result, int *h_err)
{
	const size_t n = strlen(name) + 1;

	*result = NULL;
	if (size < n) {
		*h_err = NETDB_INTERNAL;
		return errno = ERANGE;
	}
	const int rc = sys.gethostbyname2_r(figures, family, entry, buf, size - n, result, h_err);
	if (rc == 0 && *result)
		entry->h_name = memcpy(buf + size - n, name, n);
	return rc;
}

static int not_found(enum name_answer answer, struct hostent **result, int *h_err)
{
	*result = NULL;
	*h_err = answer == NAME_FULL ? TRY_AGAIN : answer == NAME_REFUSED ? NO_RECOVERY : HOST_NOT_FOUND;
	return answer == NAME_FULL ? EAGAIN : 0;
}

int gethostbyname2_r(const char *restrict name, int family, struct hostent *restrict entry, char *restrict buf, size_t size,
		     struct hostent **restrict result, int *restrict h_err)
{
	char figures[NAME_TEXT];
	const enum name_answer answer = name_ask(name, family, figures);

	if (answer == NAME_PASS || answer == NAME_DIRECT) {
		const int rc = sys.gethostbyname2_r(name, family, entry, buf, size, result, h_err);
		if (rc == 0 && answer == NAME_DIRECT)
			name_direct(name, NULL, *result);
		return rc;
	}
	if (answer != NAME_PLACED)
		return not_found(answer, result, h_err);
	return fill(name, figures, family, entry, buf, size, result, h_err);
}

int gethostbyname_r(const char *restrict name, struct hostent *restrict entry, char *restrict buf, size_t size,
		    struct hostent **restrict result, int *restrict h_err)
{
	return gethostbyname2_r(name, AF_INET, entry, buf, size, result, h_err);
}

/* The static results of the functions without _r: one for all threads, as libc's own. */
static struct {
	struct hostent entry;
	char buf[2048];
} shared;

struct hostent *gethostbyname2(const char *name, int family)
{
	struct hostent *result;
	char figures[NAME_TEXT];

	const enum name_answer answer = name_ask(name, family, figures);
	if (answer == NAME_PASS || answer == NAME_DIRECT) {
		result = sys.gethostbyname2(name, family);
		if (answer == NAME_DIRECT)
			name_direct(name, NULL, result);
		return result;
	}
	gethostbyname2_r(name, family, &shared.entry, shared.buf, sizeof(shared.buf), &result, &h_errno);
	return result;
}

struct hostent *gethostbyname(const char *name)
{
	return gethostbyname2(name, AF_INET);
}

static bool from_bytes(struct addr *a, const void *bytes, socklen_t len, int family)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	if (family == AF_INET && len >= sizeof(in.sin_addr)) {
		memcpy(&in.sin_addr, bytes, sizeof(in.sin_addr));
		return addr_from_sockaddr(a, (struct sockaddr *)&in, sizeof(in));
	}
	if (family == AF_INET6 && len >= sizeof(in6.sin6_addr)) {
		memcpy(&in6.sin6_addr, bytes, sizeof(in6.sin6_addr));
		return addr_from_sockaddr(a, (struct sockaddr *)&in6, sizeof(in6));
	}
	return false;
}

int gethostbyaddr_r(const void *restrict bytes, socklen_t len, int family, struct hostent *restrict entry, char *restrict buf,
		    size_t size, struct hostent **restrict result, int *restrict h_err)
{
	struct addr address, name;
	char figures[NAME_TEXT];

	if (!from_bytes(&address, bytes, len, family))
		return sys.gethostbyaddr_r(bytes, len, family, entry, buf, size, result, h_err);
	const enum name_answer answer = name_of(&address, &name);
	if (answer == NAME_PASS)
		return sys.gethostbyaddr_r(bytes, len, family, entry, buf, size, result, h_err);
	if (answer != NAME_PLACED)
		return not_found(answer, result, h_err);
	inet_ntop(family, bytes, figures, sizeof(figures));
	return fill(name.name, figures, family, entry, buf, size, result, h_err);
}

struct hostent *gethostbyaddr(const void *bytes, socklen_t len, int family)
{
	struct addr address, name;
	struct hostent *result;

	if (!from_bytes(&address, bytes, len, family) || name_of(&address, &name) == NAME_PASS)
		return sys.gethostbyaddr(bytes, len, family);
	gethostbyaddr_r(bytes, len, family, &shared.entry, shared.buf, sizeof(shared.buf), &result, &h_errno);
	return result;
}
