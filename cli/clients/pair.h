/* SPDX-License-Identifier: MIT */
/* pair: carry all that two sockets say to each other, until both have ended. */
#ifndef CLI_CLIENTS_PAIR_H
#define CLI_CLIENTS_PAIR_H

/* Take over two connected, nonblocking stream sockets, which the engine carries on from here. From any thread. */
void pair_start(int a, int b);

#endif
