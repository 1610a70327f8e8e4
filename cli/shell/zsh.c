/* SPDX-License-Identifier: MIT */
/* zsh: the completion of zsh, a line for each option between the constant parts. */
#include <stdio.h>

#include "cli/shell/script.h"

/* What zsh does for a value. */
static const char *const actions[] = {
	[COMPLETE_NOTHING] = " ",
	[COMPLETE_FILE] = "_files",
	[COMPLETE_CHAIN] = "_socksify_names",
	[COMPLETE_RULE] = "_socksify_rules",
	[COMPLETE_KEY] = "_socksify_keys",
	[COMPLETE_HOST] = "_hosts",
	[COMPLETE_COMMAND] = "_command_names -e",
	[COMPLETE_SHELL] = "(bash zsh fish)",
};

static void print_option(const struct option *row)
{
	if (row->letter)
		printf(row->argument ? "\t{-%c+,--%s=}" : "\t{-%c,--%s}", row->letter, row->name);
	else
		printf("\t--%s%s", row->name, row->argument && row->verb == VERB_RUN ? "=" : "");
	fputs("'[", stdout);
	script_escaped(row->help, "[]:\\", "'\\''");
	putchar(']');
	if (row->argument) {
		fputs(option_may_lack_argument(row) ? "::" : ":", stdout);
		script_escaped(row->argument, "[]:\\", "'\\''");
		if (row->complete == COMPLETE_MODE)
			printf(":(%s)", script_modes());
		else
			printf(":%s", actions[row->complete]);
	}
	fputs("' \\\n", stdout);
}

void script_zsh(void)
{
	puts("#compdef socksify\n"
	     "# zsh completion of socksify, printed by socksify --completion zsh\n"
	     "_socksify_names() {\n"
	     "\tlocal -a names\n"
	     "\tnames=(${(f)\"$(${(Q)words[1]} ${opt_args[-f]:+-f} ${(Q)opt_args[-f]} --names 2>/dev/null)\"})\n"
	     "\tcompadd -a names\n"
	     "}\n"
	     "_socksify_rules() {\n"
	     "\tcompset -P '*=' && _socksify_names\n"
	     "}\n"
	     "_socksify_keys() {\n"
	     "\tcase $PREFIX in");
	script_words("\t%k=*) compset -P '*='; compadd %w ;;\n");
	puts("\t*=*) ;;\n"
	     "\t*) compadd -S= \\");
	script_keys("\t\t", " \\\n");
	puts("\t\t;;\n"
	     "\tesac\n"
	     "}\n"
	     "_socksify() {\n"
	     "\t_arguments -s -S \\");
	EACH_NAMED(row)
	print_option(row);
	puts("\t'(-)1:command:_command_names -e' '*::arguments:_normal'\n"
	     "}\n"
	     "_socksify \"$@\"");
}
