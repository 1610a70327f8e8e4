/* SPDX-License-Identifier: MIT */
/* guest: the process whose call waits: its memory, its descriptors, its program. Whatever is read may be another's if the thread no longer
 * waits: these functions ask, and then fail with -ESRCH. */
#ifndef CLI_GUARD_GUEST_GUEST_H
#define CLI_GUARD_GUEST_GUEST_H

#include <stddef.h>
#include <sys/socket.h>

#include "cli/guard/guest/notice.h"
#include "conf/config.h"
#include "core/route/decide.h"

/* The supervisor's own configuration, which lives as long as it. Call it while stderr is still the command's. */
void guest_use(const struct config *);

/* Copy from or to its memory, all or nothing. Returns 0, -EFAULT, -ESRCH, or -EACCES after a line in the log if its memory is out of reach. */
int guest_read(const struct notice *, void *to, uint64_t at, size_t n);
int guest_write(const struct notice *, uint64_t at, const void *from, size_t n);

/* Answer a call that gives `size` bytes: as many as there is room for by the length at `len_at`, which becomes their number; `whole`: it becomes `size`, as
 * for addresses. Returns 0, -EINVAL for a negative length, or as guest_write() fails. */
long guest_give(const struct notice *, uint64_t at, uint64_t len_at, const void *from, socklen_t size, bool whole);

/* Find what a line of /proc/PID/status says, by a format of scanf(3). Returns false if there is none such. Any thread. */
bool guest_status(pid_t, const char *format, void *value);

/* Returns a descriptor of ours for what its number means, -EBADF if it has none such, or as guest_read() fails. */
int guest_fd(const struct notice *, int number);

/* Returns the flags of what its number means, O_CLOEXEC of the number itself among them; -EBADF if it has none such. */
int guest_flags(const struct notice *, int number);

/* True if the number is closed on exec. */
bool guest_closes_on_exec(const struct notice *, int number);

/* Returns the configuration with the program's name; NULL if that cannot be known: then no rule can be applied, and nothing may leave. */
const struct app *guest_app(const struct notice *);

/* True if that program was made by the Go toolchain: a thread of its that waits holds nobody up. */
bool guest_is_go(const struct app *);

/* True if a handler of its may end a call, for a signal from outside. */
bool guest_catches_signals(const struct notice *);

/* Returns the id of its process, whose threads share its descriptors; -1 if it is gone. */
pid_t guest_process(const struct notice *);

/* True if it has other threads; true if a debugger follows it. */
bool guest_has_threads(const struct notice *);
bool guest_is_traced(const struct notice *);

/* True if somebody may look at a socket while its thread waits: another thread, or the thread itself after a signal handler has ended its call. */
bool guest_may_look(const struct notice *);

/* Lines in between are of its program, and go to its stderr, if that is what ours was at the start, as with the library. If that is out of reach,
 * and ours was a file or a terminal, they go there. */
void guest_speak(const struct notice *);
void guest_hush(void);

/* Log why something of it is refused, and return `rc`. */
int guest_refuse(const struct notice *, const struct addr *target, int rc);

#endif
