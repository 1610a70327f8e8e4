/* socket_owner: who on this machine sends from a port of the loopback address. */
#ifndef DNS_SOCKET_OWNER_H
#define DNS_SOCKET_OWNER_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a UDP socket of this user (or of root) has that port: what we know is not for others to ask. */
bool socket_owner_is_us(uint16_t port);

#endif
