/* SPDX-License-Identifier: MIT */
/* stay: what the supervisor must not end before. Any thread. */
#ifndef CLI_GUARD_STREAM_STAY_H
#define CLI_GUARD_STREAM_STAY_H

#include <stdbool.h>

/* Something goes on, as a relay does; it is over. */
void stay_hold(void);
void stay_release(void);

/* True if nothing but one goes on. */
bool stay_is_last(void);

/* Nobody is left under the filter; true if that is so. */
void stay_alone(void);
bool stay_is_alone(void);

/* Wait until nothing goes on. */
void stay_wait(void);

#endif
