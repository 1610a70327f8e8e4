/* SPDX-License-Identifier: MIT */
/* offer: how a program that was executed with a socket which listens at a proxy, or was sent its number, comes by what the owner shares: it asks the
 * owner, who listens at an abstract unix address made of the socket's cookie. Both must be the same user's, or root's. */
#ifndef LISTEN_OFFER_H
#define LISTEN_OFFER_H

#include <stdint.h>

#include "listen/share.h"

/* Returns a hidden descriptor that is readable when somebody asks; or -errno. */
int offer_open(uint64_t cookie);

/* Answer all who have asked. */
void offer_answer(int offer, const struct share *);

/* Ask the owner, and wait for the answer. Returns 0, -ECONNREFUSED if there is none, or another -errno. */
int offer_ask(uint64_t cookie, struct share *);

#endif
