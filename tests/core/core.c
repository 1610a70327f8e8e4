/* SPDX-License-Identifier: MIT */
/* core: core HOST PORT LINE NAME: what core does in any process, a static one at that. It loads the configuration, prints the answer to LINE at HOST
 * through the chain, a placeholder for HOST and the name behind it, and NAME's address by DNS through the chain. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/err.h"
#include "core/dial/wait.h"
#include "core/dns/addresses.h"
#include "core/names/placeholder.h"

static struct config config;
static const struct app app = {&config, "core"};

static int failed(const char *what, int rc)
{
	printf("%s: %s\n", what, err_text(rc));
	return 1;
}

static int converse(const struct addr *host, const char *line)
{
	struct addr target = *host;
	struct verdict verdict;
	struct dial_job j = {.job.fd = -1, .make = dial_make};
	char answer[256];

	int rc = decide(&app, &target, false, &verdict);
	if (rc == 0)
		rc = dial_begin(&j.dial, &config, verdict.route, COMMAND_CONNECT, &target);
	if (rc == 0)
		rc = dial_wait(&j, 1, INT64_MAX);
	if (rc)
		return failed("dial", rc);
	const int fd = j.job.fd;
	dprintf(fd, "%s\n", line);
	poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
	const ssize_t n = read(fd, answer, sizeof(answer));
	printf("via %s: %.*s", verdict.route->name, n > 0 ? (int)n : 0, answer);
	close(fd);
	return 0;
}

static int keep(const struct addr *host)
{
	struct addr placeholder, name;
	char number[ADDR_TEXT], back[ADDR_TEXT];

	const int rc = placeholder_put(host, AF_INET, &placeholder);
	if (rc)
		return failed("placeholder", rc);
	if (!placeholder_get(&placeholder, &name))
		return failed("placeholder", 0);
	printf("placeholder: %s is %s\n", addr_string(&placeholder, number), addr_string(&name, back));
	return 0;
}

static int look_up(const char *name)
{
	char address[ADDR_TEXT];
	struct host host;

	const int rc = dns_lookup(&app, name, AF_INET, &host);
	if (rc || !host.n)
		return failed("dns", rc);
	printf("dns: %s\n", addr_string(&host.addresses[0], address));
	return 0;
}

int main(int argc, char **argv)
{
	TEXT(problems, 2048);
	struct addr host;

	env_capture(environ);
	if (argc != 5 || !addr_parse_host(&host, argv[1], strlen(argv[1])) || !config_load(&config, &problems))
		return failed(problems.at, 0);
	placeholder_use(&config);
	host.port = (uint16_t)atoi(argv[2]);
	const int rc = converse(&host, argv[3]) || keep(&host) || look_up(argv[4]);
	config_free(&config);
	return rc;
}
