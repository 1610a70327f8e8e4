/* SPDX-License-Identifier: MIT */
/* remote: the master of the login does it; the user's own goes on without us, and is told to listen no more. */
#include "cli/expose/remote.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/hops/hops.h"
#include "cli/hops/master.h"
#include "cli/say.h"

static const int ends[] = {SIGHUP, SIGINT, SIGTERM};

/* From here on such a signal waits to be read. */
static int catch (void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Returns the signal that came; 0 if the master has gone, which says nothing else. */
static int wait_for(int master, int signals)
{
	struct pollfd both[] = {{.fd = signals, .events = POLLIN}, {.fd = master, .events = POLLIN}};
	struct signalfd_siginfo s;

	while (poll(both, 2, -1) < 0)
		;
	return both[0].revents && read(signals, &s, sizeof(s)) == sizeof(s) ? (int)s.ssi_signo : 0;
}

/* End by it, as whoever sent it expects. */
static void end_by(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void announce(const struct ssh *s, uint16_t port, const struct addr *to)
{
	char text[ADDR_TEXT];

	print_line("%s:%u leads to %s, for all who come; from other machines if GatewayPorts of its sshd allows it", s->host, port,
		   addr_string(to, text));
	fflush(stdout);
}

static void serve(const struct ssh *s, int master, uint16_t port, const struct addr *to)
{
	const int signals = catch ();
	uint16_t at = port;

	if (!master_listen(master, &at, to)) {
		say("'%s' does not listen%s: its sshd forbids it%s", s->host, port ? " at that port" : "",
		    port ? ", or the port is taken" : "");
		return;
	}
	announce(s, at, to);
	const int number = wait_for(master, signals);
	if (!number) {
		say("%s: ssh is not there any more", s->host);
		return;
	}
	master_listen_no_more(master, port, to);
	end_by(number);
}

int remote_forward(const struct proxy *p, uint16_t port, const struct addr *to)
{
	const struct ssh *const s = hops_login(p);
	const int master = s ? master_join(s->control) : -1;

	if (master < 0)
		say("cannot join the login of ssh, which another launcher may have");
	else
		serve(s, master, port, to);
	return STATUS_FAILED;
}
