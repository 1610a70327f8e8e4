/* SPDX-License-Identifier: MIT */
/* take: two ways, as a filter above us allows. */
#include "cli/guard/guest/take.h"

#include "cli/guard/guest/stand_in.h"

int take_socket(struct guest_socket *s, const struct notice *r, int number)
{
	return stand_in_needed() ? stand_in_look(s, r, number) : socket_take(s, r, number);
}

int take_whole(struct guest_socket *s, const struct notice *r, int number)
{
	return s->fd >= 0 ? 0 : stand_in_place(s, r, number);
}
