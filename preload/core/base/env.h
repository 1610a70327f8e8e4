/* SPDX-License-Identifier: MIT */
/* env: the environment as it was when the process started, whatever the program does to it later. */
#ifndef CORE_BASE_ENV_H
#define CORE_BASE_ENV_H

#include <stddef.h>

/* The variables by which programs in general find a proxy: ENV_PROXIES of them, the first that is set serves us when there is nothing else;
 * then those that make exceptions. */
enum { ENV_PROXIES = 5, ENV_COMMON = 7 };
extern const char env_common[ENV_COMMON][12];

/* Remember what concerns us of `environ` (SOCKSIFY_*, `env_common`, HOME, XDG_CONFIG_HOME, XDG_RUNTIME_DIR) in static memory: no heap, no system call. Under secure execution (AT_SECURE) env_get() and
 * env_at() then find nothing. */
void env_capture(char *const environ[]);

/* Returns a copy of `n` bytes with a NUL behind them, in the same memory, valid until the next env_capture(); NULL if the memory is
 * full. */
const char *env_keep(const char *text, size_t n);

/* Returns the captured value of `name`, or NULL if it was unset or empty. */
const char *env_get(const char *name);

/* Returns the `i`th captured SOCKSIFY_* variable as "NAME=value", or NULL past the last. */
const char *env_at(int i);

/* True if the variables did not fit and some were dropped: the configuration must then be refused. */
int env_overflowed(void);

#endif
