/* inside: whether this thread runs libc on the library's own behalf, so that hooks it comes back through let it pass. */
#ifndef NET_INSIDE_H
#define NET_INSIDE_H

#include <stdbool.h>

void inside_enter(void);
void inside_leave(void);
bool inside(void);

#endif
