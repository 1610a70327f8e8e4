/* SPDX-License-Identifier: MIT */
/* tls: start socat with the client's socket, and keep that open here, too, until all that socat has said is in the log: whoever hears that the
 * connection is over finds the reason there. */
#include "cli/hops/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/hops/tool.h"
#include "cli/say.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/dial/engine.h"
#include "core/exec/program.h"

enum { LINE = 512 };

/* A connection, and the pipe that its socat complains to. */
struct carriage {
	struct job job; /* job.fd: our end of the pipe */
	int client;
	const struct proxy *proxy;
	char line[LINE]; /* what has come of the next */
	size_t got;
};

/* Returns what is behind the last `mark`, or the line. */
static const char *behind(const char *line, const char *mark)
{
	for (const char *at; (at = strstr(line, mark)); line = at + strlen(mark))
		;
	return line;
}

/* socat writes "2026/11/26 01:31:40 socat[9571] E connect(5, ...): Connection refused", OpenSSL "SSL_connect(): error:0A000086:SSL routines::certificate
 * verify failed"; the end is for people. */
static const char *meat_of(const char *line)
{
	const char *const text = behind(behind(line, " E "), ": ");

	return strncmp(text, "error:", 6) == 0 ? behind(text, ":") : text;
}

static void tell(struct carriage *c)
{
	TEXT(url, PROXY_TEXT);

	c->line[c->got] = '\0';
	c->got = 0;
	proxy_text(c->proxy, &url);
	log_line(LOG_ERROR, "%s: %s", url.at, meat_of(c->line));
}

static void add(struct carriage *c, char next)
{
	if (next == '\n')
		tell(c);
	else if (c->got < sizeof(c->line) - 1)
		c->line[c->got++] = next;
}

/* Returns false once socat has ended. */
static bool hear(struct job *j)
{
	struct carriage *const c = JOB_OF(struct carriage, job, j);
	char bytes[1024];
	ssize_t n;

	while ((n = read(j->fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			add(c, bytes[i]);
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void end(struct job *j)
{
	struct carriage *const c = JOB_OF(struct carriage, job, j);

	if (c->got)
		tell(c);
	own_close(j->fd);
	own_close(c->client);
	free(c);
}

/* Returns one whose socat is to complain to *complaints; NULL if there can be none, and why in errno. */
static struct carriage *make(const struct proxy *p, int client, int *complaints)
{
	struct carriage *const c = calloc(1, sizeof(*c));
	int ends[2];

	if (!c || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(c);
		return NULL;
	}
	*c = (struct carriage){.job = {.step = hear, .end = end, .fd = ends[0], .limit = INT64_MAX}, .client = client, .proxy = p};
	*complaints = ends[1];
	return c;
}

bool tls_is_installed(void)
{
	char path[PATH_MAX];

	if (program_find(AT_FDCWD, "socat", getenv("PATH"), path) == 0)
		return true;
	say("an https:// proxy is reached by 'socat', which is not installed");
	return false;
}

/* OPENSSL:HOST:PORT with the name that the certificate has to bear. */
static void put_address(const struct proxy *p, struct text *t)
{
	struct addr host = p->addr;
	char name[ADDR_TEXT], whole[ADDR_TEXT];

	host.port = 0;
	addr_string(&host, name);
	text_add(t, "OPENSSL:%s,verify=1,commonname=%s,nodelay,connect-timeout=30", addr_string(&p->addr, whole), name);
	text_add(t, host.kind == ADDR_NAME ? ",snihost=%s" : ",nosni", name);
}

bool tls_try(const struct proxy *p)
{
	TEXT(address, 3 * ADDR_TEXT + 128);
	int complaints;
	struct carriage *const c = make(p, -1, &complaints);

	if (!c) {
		say("cannot make a pipe: %s", strerror(errno));
		return false;
	}
	put_address(p, &address);
	const int status = tool_run((const char *const[]){"socat", "-u", "/dev/null", address.at, NULL}, NULL, complaints);
	close(complaints);
	hear(&c->job);
	end(&c->job);
	return status == 0;
}

/* Returns 0 or -errno. */
static int start(const struct proxy *p, int client, int complaints)
{
	TEXT(address, 3 * ADDR_TEXT + 128);

	put_address(p, &address);
	/* -t: how long either side may still speak, in silence, once the other has ended. */
	return tool_start((const char *const[]){"socat", "-t", "3600", "-b", "65536", "FD:0,shut-down", address.at, NULL}, client,
			  complaints);
}

void tls_carry(const struct proxy *p, int fd)
{
	int complaints;
	struct carriage *const c = make(p, fd, &complaints);
	const int rc = c ? start(p, fd, complaints) : -errno;

	if (rc)
		log_line(LOG_ERROR, "cannot run 'socat': %s", strerror(-rc));
	if (!c) {
		close(fd);
		return;
	}
	close(complaints);
	engine_submit(&c->job);
}
