/* SPDX-License-Identifier: MIT */
#include "core/route/isolate.h"

#include <sys/wait.h>
#include <unistd.h>

#include "core/base/env.h"
#include "tests/unit/tap.h"

static const struct addr name = {.kind = ADDR_NAME, .port = 80, .name = "example.com"};
static const struct addr ipv6 = {.kind = ADDR_IPV6, .port = 80, .ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
static struct login login, other;

static bool make(struct login *l, enum isolate isolate, enum command command, const struct addr *target)
{
	const struct config c = {.isolate = isolate};

	*l = (struct login){0};
	return isolate_login(l, &c, command, target);
}

static void run_is(const char *variable)
{
	env_capture((char *[]){(char *)variable, NULL});
}

TEST("without `isolate` nothing is made")
{
	EXPECT(!make(&login, ISOLATE_NONE, COMMAND_CONNECT, &name));
}

TEST("the user name is the run's, the password names the command, or the host whatever its port")
{
	run_is("SOCKSIFY_RUN=0123456789abcdef");
	EXPECT(make(&login, ISOLATE_PROCESS, COMMAND_CONNECT, &name));
	EXPECT_STR(login.username, "0123456789abcdef");
	EXPECT_STR(login.password, "process");
	EXPECT(make(&login, ISOLATE_DESTINATION, COMMAND_CONNECT, &name));
	EXPECT_STR(login.username, "0123456789abcdef");
	EXPECT_STR(login.password, "example.com");
	EXPECT(make(&login, ISOLATE_DESTINATION, COMMAND_RESOLVE, &name));
	EXPECT_STR(login.password, "example.com");
	EXPECT(make(&login, ISOLATE_DESTINATION, COMMAND_CONNECT, &ipv6));
	EXPECT_STR(login.password, "2001:db8::1");
	EXPECT(make(&login, ISOLATE_DESTINATION, COMMAND_ASSOCIATE, &ipv6));
	EXPECT_STR(login.password, "udp");
}

TEST("the longest name fits")
{
	struct addr longest = {.kind = ADDR_NAME};

	memset(longest.name, 'a', ADDR_NAME_MAX);
	EXPECT(make(&login, ISOLATE_DESTINATION, COMMAND_CONNECT, &longest));
	EXPECT_INT(strlen(login.password), ADDR_NAME_MAX);
}

TEST("each connection has a password of its own, under one user name")
{
	run_is("SOCKSIFY_RUN=0123456789abcdef");
	EXPECT(make(&login, ISOLATE_CONNECTION, COMMAND_CONNECT, &name));
	EXPECT(make(&other, ISOLATE_CONNECTION, COMMAND_CONNECT, &name));
	EXPECT_STR(login.username, other.username);
	EXPECT(login.password[0] && strcmp(login.password, other.password) != 0);
}

TEST("without a launcher, or with nonsense from one, a process and its children share a run")
{
	static const char *const variables[] = {"X=", "SOCKSIFY_RUN=", "SOCKSIFY_RUN=<torS0X>0abcdefg", "SOCKSIFY_RUN=0123456789abcdef0"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		run_is(variables[i]);
		EXPECT(make(&login, ISOLATE_PROCESS, COMMAND_CONNECT, &name));
		EXPECT_INT(strspn(login.username, "0123456789abcdef"), ISOLATE_RUN - 1);
		const pid_t child = fork();
		if (child == 0)
			_exit(!make(&other, ISOLATE_PROCESS, COMMAND_CONNECT, &name) || strcmp(login.username, other.username) != 0);
		int status = -1;
		waitpid(child, &status, 0);
		EXPECT_INT(status, 0);
	}
}

TEST("runs differ")
{
	char a[ISOLATE_RUN], b[ISOLATE_RUN];

	isolate_new_run(a);
	isolate_new_run(b);
	EXPECT_INT(strlen(a), ISOLATE_RUN - 1);
	EXPECT(strcmp(a, b) != 0);
}
