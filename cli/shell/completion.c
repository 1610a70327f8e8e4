/* SPDX-License-Identifier: MIT */
/* completion: the script of a shell, and the names that it asks for. */
#include "cli/shell/completion.h"

#include <string.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/shell/script.h"
#include "conf/config.h"
#include "core/base/env.h"

static const struct {
	const char *shell;
	void (*print)(void);
} scripts[] = {{"bash", script_bash}, {"zsh", script_zsh}, {"fish", script_fish}};

bool completion_print(const char *shell)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		if (strcmp(shell, scripts[i].shell) == 0) {
			scripts[i].print();
			return true;
		}
	say("there is no completion for '%s': bash, zsh and fish were meant", shell);
	return false;
}

void completion_names(void)
{
	TEXT(problems, 1024);
	struct config c;

	env_capture(environ);
	if (!config_read(&c, (struct arena){0}, &problems))
		return;
	for (const struct chain *chain = c.chains; chain; chain = chain->handle.next)
		print_line("%s", chain->name);
	for (const struct proxy *p = c.proxies; p; p = p->next)
		if (p->name)
			print_line("%s", p->name);
	print_line("direct");
	print_line("block");
	config_free(&c);
}
