/* SPDX-License-Identifier: MIT */
/* no_threads: a process in which the library may have no threads, while `no_threads` says so; the tests may. */
#ifndef TESTS_UNIT_NO_THREADS_H
#define TESTS_UNIT_NO_THREADS_H

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static bool no_threads;

typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static int really_create(pthread_t *thread, const pthread_attr_t *attr, void *(*f)(void *), void *arg)
{
	void *const found = dlsym(RTLD_NEXT, "pthread_create");
	create *real;

	memcpy(&real, &found, sizeof(real));
	return real(thread, attr, f, arg);
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr, void *(*f)(void *), void *restrict arg)
{
	return no_threads ? EAGAIN : really_create(thread, attr, f, arg);
}

#endif
