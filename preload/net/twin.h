/* twin: a socket of another family that stands in for the application's, with its options. */
#ifndef NET_TWIN_H
#define NET_TWIN_H

/* A stream socket of `family` with every option of `fd` that can be read there and set here; private. -errno. */
int twin_make(int fd, int family);

/* Give it the options of `fd` again: they may have changed since. */
void twin_dress(int twin, int fd);

#endif
