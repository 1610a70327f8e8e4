/* SPDX-License-Identifier: MIT */
/* stay: what the supervisor must not end before. Any thread. */
#ifndef CLI_GUARD_STAY_H
#define CLI_GUARD_STAY_H

/* Something goes on, as a relay does; it is over. */
void stay_hold(void);
void stay_release(void);

/* Wait until nothing goes on. */
void stay_wait(void);

#endif
