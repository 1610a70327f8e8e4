/* clone: a socket of another family that stands in for the application's, with its options. */
#ifndef FD_CLONE_H
#define FD_CLONE_H

/* A stream socket of `family` with every option of `fd` that can be read there and set here; private. -errno. */
int clone_make(int fd, int family);

/* Give it the options of `fd` again: they may have changed since. */
void clone_copy_options(int clone, int fd);

#endif
