/* farewell: the end of a connection's making that forked children have waited for, too. */
#ifndef NET_FAREWELL_H
#define NET_FAREWELL_H

#include "net/placeholder.h"

/* Tell the children, who hold the other end of `roll`, that it is over; release the placeholder once all of them have hung up, so that
 * nobody who sleeps on it is woken before he has the socket in its place. Takes over both. */
void farewell(int roll, const struct placeholder *);

#endif
