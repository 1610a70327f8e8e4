/* inside: whether this thread runs libc on the library's own behalf. */
#include "net/inside.h"

static __thread int depth;

void inside_enter(void)
{
	depth++;
}

void inside_leave(void)
{
	depth--;
}

bool inside(void)
{
	return depth > 0;
}
