/* SPDX-License-Identifier: MIT */
/* err: one int for every outcome: 0 is success, -1..-4095 an errno, and below that a row of err.def. */
#ifndef CORE_BASE_ERR_H
#define CORE_BASE_ERR_H

enum err {
	ERR_BASE = -4096 - 512, /* rows count upwards from here and stay below -4095 */
#define ERR(name, number, whose, text) ERR_##name,
#include "err.def"
#undef ERR
	ERR_END
};

/* Whose failure it is. Decides how loudly the log reports it. */
enum err_whose { ERR_OF_USER, ERR_OF_PROXY, ERR_OF_TARGET };

/* Returns the errno (positive) that the application sees for `rc` (negative). */
int err_errno(int rc);

/* Returns a sentence for people: lower case, no full stop. */
const char *err_text(int rc);

/* Returns whose failure `rc` is; an errno from the kernel counts as the target's. */
enum err_whose err_whose(int rc);

#endif
