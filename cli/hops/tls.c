/* SPDX-License-Identifier: MIT */
/* tls: start socat with the client's socket, and read what the others of its kind write. */
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
#include "core/exec/program.h"

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

static void tell(const struct tls *t)
{
	TEXT(url, PROXY_TEXT);

	proxy_text(t->proxy, &url);
	log_line(LOG_ERROR, "%s: %s", url.at, meat_of(t->line));
}

static void add(struct tls *t, char c)
{
	if (c == '\n') {
		t->line[t->got] = '\0';
		tell(t);
		t->got = 0;
	} else if (t->got < sizeof(t->line) - 1) {
		t->line[t->got++] = c;
	}
}

static bool step(struct job *j)
{
	struct tls *const t = JOB_OF(struct tls, job, j);
	char bytes[1024];
	ssize_t n;

	while ((n = read(j->fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			add(t, bytes[i]);
	return true;
}

static bool is_installed(void)
{
	char path[PATH_MAX];

	return program_find(AT_FDCWD, "socat", getenv("PATH"), path) == 0;
}

bool tls_prepare(struct tls *t, const struct proxy *p)
{
	int ends[2];

	*t = (struct tls){.proxy = p, .job = {.step = step, .fd = -1, .limit = INT64_MAX}, .complaints = -1};
	if (!is_installed()) {
		say("an https:// proxy is reached by 'socat', which is not installed");
		return false;
	}
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
		say("cannot make a pipe: %s", strerror(errno));
		return false;
	}
	t->job.fd = ends[0];
	t->complaints = ends[1];
	return true;
}

void tls_begin(struct tls *t)
{
	engine_submit(&t->job);
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

bool tls_try(struct tls *t)
{
	TEXT(address, 3 * ADDR_TEXT + 128);

	put_address(t->proxy, &address);
	const int status = tool_run((const char *const[]){"socat", "-u", "/dev/null", address.at, NULL}, NULL, t->complaints);
	step(&t->job);
	return status == 0;
}

void tls_carry(const struct tls *t, int fd)
{
	TEXT(address, 3 * ADDR_TEXT + 128);

	put_address(t->proxy, &address);
	/* -t: how long either side may still speak, in silence, once the other has ended. */
	const int rc = tool_start((const char *const[]){"socat", "-t", "3600", "-b", "65536", "FD:0,shut-down", address.at, NULL}, fd,
				  t->complaints);
	if (rc)
		log_line(LOG_ERROR, "cannot run 'socat': %s", strerror(-rc));
	close(fd);
}
