/* sender: who on this machine sends from a port of the loopback address. */
#ifndef NET_SENDER_H
#define NET_SENDER_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a UDP socket of this user (or of root) has that port: what we know is not for others to ask. */
bool sender_is_ours(uint16_t port);

#endif
