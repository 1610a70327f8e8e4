/* SPDX-License-Identifier: MIT */
/* notify: take the notices as they come, and have each served. */
#ifndef CLI_GUARD_NOTIFY_H
#define CLI_GUARD_NOTIFY_H

/* Serve the notices of this listener on the engine, until nobody is left whose call could wait; then call `end` there. */
void notify_start(int listener, void (*end)(void));

#endif
