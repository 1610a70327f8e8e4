/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "core/base/err.h"
#include "tests/unit/tap.h"

static const int all[] = {
#define ERR(name, number, whose, text) ERR_##name,
#include "core/base/err.def"
#undef ERR
};

TEST("a kernel's errno passes through with its own text")
{
	EXPECT_INT(err_errno(-ECONNREFUSED), ECONNREFUSED);
	EXPECT_INT(err_errno(-4095), 4095);
	EXPECT_STR(err_text(-ECONNREFUSED), "Connection refused");
	EXPECT_INT(err_whose(-ECONNREFUSED), ERR_OF_TARGET);
}

TEST("a row of the table gives its errno, its sentence and whose failure it is")
{
	EXPECT_INT(err_errno(ERR_PROXY_CREDENTIALS), EACCES);
	EXPECT_STR(err_text(ERR_PROXY_CREDENTIALS), "the proxy rejected the credentials");
	EXPECT_INT(err_whose(ERR_PROXY_CREDENTIALS), ERR_OF_PROXY);
	EXPECT_INT(err_whose(ERR_BLOCKED), ERR_OF_USER);
	EXPECT_INT(err_whose(ERR_TARGET_REFUSED), ERR_OF_TARGET);
}

TEST("every row stays clear of the kernel's numbers")
{
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		EXPECT(all[i] < -4095 && all[i] > ERR_BASE && all[i] < ERR_END);
}

TEST("every sentence is lower case without a full stop, but for names")
{
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *const text = err_text(all[i]);
		const size_t n = strlen(text);
		EXPECT(n && text[n - 1] != '.');
		EXPECT((text[0] >= 'a' && text[0] <= 'z') || strncmp(text, "UDP", 3) == 0);
	}
}

TEST("every errno of the table is one that connect or send may give")
{
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		EXPECT(err_errno(all[i]) > 0 && err_errno(all[i]) < 4096);
}

TEST("a number that is neither is an I/O error")
{
	EXPECT_INT(err_errno(ERR_BASE), EIO);
	EXPECT_INT(err_errno(ERR_END), EIO);
	EXPECT_INT(err_errno(7), EIO);
}
