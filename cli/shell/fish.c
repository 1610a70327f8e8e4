/* SPDX-License-Identifier: MIT */
/* fish: the completion of fish, a command for each option. */
#include <stdio.h>

#include "cli/shell/script.h"

/* What fish does for a value. */
static const char *const actions[] = {
	[COMPLETE_NOTHING] = " -x",
	[COMPLETE_FILE] = " -r -F",
	[COMPLETE_CHAIN] = " -x -a '(__socksify_names)'",
	[COMPLETE_RULE] = " -x -a '(__socksify_rules)'",
	[COMPLETE_KEY] = " -x -a '(__socksify_keys)'",
	[COMPLETE_HOST] = " -x -a '(__fish_print_hostnames)'",
	[COMPLETE_COMMAND] = " -x -a '(__fish_complete_command)'",
	[COMPLETE_SHELL] = " -x -a 'bash zsh fish'",
};

static void print_option(const struct option *row)
{
	printf("complete -c socksify -l %s", row->name);
	if (row->letter)
		printf(" -s %c", row->letter);
	if (row->complete == COMPLETE_MODE)
		printf(" -x -a '%s'", script_modes());
	else if (row->argument)
		fputs(actions[row->complete], stdout);
	fputs(" -d '", stdout);
	script_escaped(row->help, "\\", "\\'");
	puts("'");
}

void script_fish(void)
{
	puts("# fish completion of socksify, printed by socksify --completion fish\n"
	     "function __socksify_names\n"
	     "\tset -l words (commandline -opc)\n"
	     "\tset -l at (contains -i -- -f $words; or contains -i -- --config $words)\n"
	     "\tset -l given\n"
	     "\tset -q at[1]; and set given -f $words[(math $at[1] + 1)]\n"
	     "\t$words[1] $given --names 2>/dev/null\n"
	     "end\n"
	     "function __socksify_rules\n"
	     "\tset -l rule (string match -r -- '^.*=' (commandline -ct | string unescape))\n"
	     "\tand printf '%s\\n' $rule(__socksify_names)\n"
	     "end\n"
	     "function __socksify_keys");
	script_keys("\techo ", "=\n");
	script_words("\tstring join \\n -- %k=(string split ' ' '%w')\n");
	puts("end\n"
	     "complete -c socksify -f");
	fputs("complete -c socksify -x -a '(__fish_complete_subcommand --", stdout);
	EACH_NAMED(row)
	{
		if (row->argument && row->letter)
			printf(" -%c", row->letter);
		if (row->argument)
			printf(" --%s", row->name);
	}
	puts(")'");
	EACH_NAMED(row)
	print_option(row);
}
