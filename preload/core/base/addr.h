/* SPDX-License-Identifier: MIT */
/* addr: one destination or proxy: an IP address or a name with a port, or a unix socket's path. */
#ifndef CORE_BASE_ADDR_H
#define CORE_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/base/text.h"

enum addr_kind { ADDR_NONE, ADDR_IPV4, ADDR_IPV6, ADDR_NAME, ADDR_UNIX };

enum { ADDR_NAME_MAX = 255 }; /* RFC 1928, 5: the length is one octet */

struct addr {
	uint8_t kind;   /* enum addr_kind */
	uint16_t port;  /* host byte order; 0 for ADDR_UNIX */
	uint32_t scope; /* ADDR_IPV6: interface index of a link-local address, else 0 */
	union {
		uint8_t ip[16];               /* network byte order; ADDR_IPV4 uses the first 4 */
		char name[ADDR_NAME_MAX + 1]; /* ADDR_NAME, ADDR_UNIX: NUL-terminated */
	};
};

/* The most room that addr_text() needs, NUL included. */
enum { ADDR_TEXT = ADDR_NAME_MAX + 16 };

/* Read the address in `sa`; v4-mapped IPv6 becomes ADDR_IPV4. Returns false unless it is AF_INET, AF_INET6 or a pathname AF_UNIX, and `len`
 * is enough. */
bool addr_from_sockaddr(struct addr *, const struct sockaddr *sa, socklen_t len);

/* Write the sockaddr, and return its length. `family` AF_INET6 maps an ADDR_IPV4 (RFC 4291, 2.5.5.2); AF_UNSPEC means the address's own.
 * Returns 0 if that family cannot express the address (none can express a name). */
socklen_t addr_to_sockaddr(const struct addr *, struct sockaddr_storage *to, int family);

/* Returns AF_INET, AF_INET6 or AF_UNIX; AF_UNSPEC for a name. */
int addr_family(const struct addr *);

/* Read a host alone, `n` bytes at `at`: "192.0.2.1", "2001:db8::1" (also in brackets, also "fe80::1%2"), or a name of
 * 1..255 bytes without blanks, control characters, empty labels or any of "/:@*[]%", which loses its root dot. The port becomes 0; v4-mapped IPv6
 * becomes ADDR_IPV4. Returns false if it is neither. What ends in a number but is no dotted quad ("1.2", "300.1.1.1",
 * "0x7f.1", "80") is never a name, because libc would take it for an address. */
bool addr_parse_host(struct addr *, const char *at, size_t n);

/* Read "host:port", "[v6]:port", "host" or "v6"; without a port, `default_port` is used. Returns false if it is none of these. */
bool addr_parse(struct addr *, const char *at, size_t n, uint16_t default_port);

/* Read a port, 1..65535 in decimal and nothing else. */
bool addr_parse_port(uint16_t *port, const char *at, size_t n);

/* Returns the length of a name without its root dot. */
size_t addr_name_length(const char *name);

/* True if kind, host and port are the same; names ignoring ASCII case and one trailing dot. */
bool addr_equal(const struct addr *, const struct addr *);

/* True if two IP addresses are of one kind and begin with the same `bits` bits. */
bool addr_in_range(const struct addr *, const struct addr *first, unsigned bits);

/* ::1 for AF_INET6, else 127.0.0.1. */
struct addr addr_loopback(int family, uint16_t port);

/* True for 127/8, ::1, 0.0.0.0 and :: (which the kernel connects to loopback), localhost and *.localhost (RFC 6761, 6.3). */
bool addr_is_loopback(const struct addr *);

/* True for 0.0.0.0 and ::, which stand for whatever address fits (RFC 1122, 3.2.1.3; RFC 4291, 2.5.2). */
bool addr_is_unspecified(const struct addr *);

/* True for *.onion, which no name server may be asked about (RFC 7686, 2). */
bool addr_is_onion(const struct addr *);

/* True for invalid and *.invalid, which never exist (RFC 6761, 6.4). */
bool addr_is_invalid(const struct addr *);

/* True for 224/4, ff00::/8 and 255.255.255.255, which are many hosts at once. */
bool addr_is_group(const struct addr *);

/* Append "192.0.2.1:80", "[2001:db8::1]:80", "example.com:80", or the path. With port 0: the host alone, an IPv6 address
 * without brackets. */
void addr_text(const struct addr *, struct text *);

enum { ADDR_FIGURES = 46 };

/* Write the address alone, of an IP address, and return that. */
const char *addr_figures(const struct addr *, char figures[static ADDR_FIGURES]);

/* Write addr_text() to `to`, and return that. */
const char *addr_string(const struct addr *, char to[static ADDR_TEXT]);

#endif
