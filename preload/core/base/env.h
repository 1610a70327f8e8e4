/* env: the environment as it was when the process started, whatever the program does to it later. */
#ifndef CORE_BASE_ENV_H
#define CORE_BASE_ENV_H

/* Remember what concerns us of `environ` (SOCKSIFY_*, ALL_PROXY, NO_PROXY, their lower-case forms, HOME, XDG_CONFIG_HOME,
 * XDG_RUNTIME_DIR) in static memory: no heap, no system call. Under secure execution (AT_SECURE) nothing of it is
 * believed. */
void env_capture(char *const environ[]);

/* The value of `name` as captured; NULL if it was not set. An empty value counts as not set. */
const char *env_get(const char *name);

/* Walk the captured SOCKSIFY_* variables: the `i`th as "NAME=value", NULL past the last. */
const char *env_at(int i);

/* Whether what was captured did not fit and the rest was dropped: the configuration must then be refused. */
int env_overflowed(void);

#endif
