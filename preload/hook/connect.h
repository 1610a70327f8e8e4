/* SPDX-License-Identifier: MIT */
/* connect: sockets that were connected before this program began. */
#ifndef HOOK_CONNECT_H
#define HOOK_CONNECT_H

/* Take over those of udp/inherit.h, except what the process that forwards them still serves. */
void connect_inherited(const char *list);

#endif
