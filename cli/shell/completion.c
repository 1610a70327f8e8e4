/* SPDX-License-Identifier: MIT */
/* completion: what is the same for each option is printed row by row, between the constant parts of each script. */
#include "cli/shell/completion.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/option_table.h"
#include "cli/say.h"
#include "conf/config.h"
#include "conf/load/key.h"
#include "core/base/env.h"

#define EACH_NAMED(row)  \
	EACH_OPTION(row) \
		if (row->name)

/* Print the text with a backslash, or in fish's and zsh's single quotes what stands for a quote, where it is needed. */
static void put_escaped(const char *text, const char *escape, const char *quote)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs(quote, stdout);
		else
			printf(strchr(escape, *text) ? "\\%c" : "%c", *text);
}

static void put_keys(const char *before, const char *after)
{
	for (int i = 0; key_at(i); i++)
		if (key_at(i)->section == SECTION_SOCKSIFY && !(key_at(i)->how & KEY_FILE))
			printf("%s%s%s", before, key_at(i)->name, after);
}

/* "-f|--config|...": the options of a kind. */
static void put_patterns(bool (*is)(const struct option *))
{
	const char *before = "";

	EACH_NAMED(row)
	{
		if (!is(row))
			continue;
		fputs(before, stdout);
		if (row->letter)
			printf("-%c|", row->letter);
		printf("--%s", row->name);
		before = "|";
	}
}

static bool takes_value(const struct option *row)
{
	return row->argument && row->verb != VERB_DOCTOR;
}

static enum complete wanted;

static bool is_wanted(const struct option *row)
{
	return row->complete == wanted && row->argument;
}

static void put_case(enum complete what, const char *action)
{
	fputs("\t\t", stdout);
	wanted = what;
	put_patterns(is_wanted);
	printf(") %s ;;\n", action);
}

static const char bash_begin[] =
	"# bash completion of socksify, printed by socksify --completion bash\n"
	"_socksify() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} i=1 given=()\n"
	"\tCOMPREPLY=()\n"
	"\twhile ((i < COMP_CWORD)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n"
	"\t\t-f|--config) given=(-f \"${COMP_WORDS[i + 1]}\"); ((i += 2)) ;;\n"
	"\t\t--|--doctor) ((i += 1)); break ;;\n\t\t";
static const char bash_middle[] =
	") ((i += 2)) ;;\n"
	"\t\t-*) ((i += 1)) ;;\n"
	"\t\t*) break ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tif ((i > COMP_CWORD)); then # the value of an option\n"
	"\t\tcase ${COMP_WORDS[COMP_CWORD - 1]} in\n";
static const char bash_options[] =
	"\t\tesac\n"
	"\telif ((i < COMP_CWORD)) && declare -F _command_offset >/dev/null; then\n"
	"\t\t_command_offset \"$i\"\n"
	"\telif ((i < COMP_CWORD)); then\n"
	"\t\tcompopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"\telif [[ $cur == -* && ${COMP_WORDS[COMP_CWORD - 1]} != -- ]]; then\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -W '";
static const char bash_end[] =
	"' -- \"$cur\")\n"
	"\telse\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -c -- \"$cur\")\n"
	"\tfi\n"
	"}\n"
	"complete -F _socksify socksify\n";

static void print_bash(void)
{
	fputs(bash_begin, stdout);
	put_patterns(takes_value);
	fputs(bash_middle, stdout);
	put_case(COMPLETE_FILE, "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")");
	put_case(COMPLETE_CHAIN,
		 "mapfile -t COMPREPLY < <(compgen -W \"$(\"${COMP_WORDS[0]}\" \"${given[@]}\" --names 2>/dev/null)\" -- \"$cur\")");
	put_case(COMPLETE_HOST, "mapfile -t COMPREPLY < <(compgen -A hostname -- \"$cur\")");
	put_case(COMPLETE_SHELL, "mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- \"$cur\")");
	put_case(COMPLETE_MODE, "mapfile -t COMPREPLY < <(compgen -W 'auto require off' -- \"$cur\")");
	fputs("\t\t-o|--set) compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W '", stdout);
	put_keys("", "= ");
	puts("' -- \"$cur\") ;;");
	fputs(bash_options, stdout);
	EACH_NAMED(row)
	printf("--%s ", row->name);
	fputs(bash_end, stdout);
}

/* What zsh does for a value. */
static const char *const zsh_actions[] = {
	[COMPLETE_NOTHING] = " ",
	[COMPLETE_FILE] = "_files",
	[COMPLETE_CHAIN] = "_socksify_names",
	[COMPLETE_KEY] = "_socksify_keys",
	[COMPLETE_HOST] = "_hosts",
	[COMPLETE_COMMAND] = "_command_names -e",
	[COMPLETE_SHELL] = "(bash zsh fish)",
	[COMPLETE_MODE] = "(auto require off)",
};

static void print_zsh_option(const struct option *row)
{
	if (row->letter)
		printf(row->argument ? "\t{-%c+,--%s=}" : "\t{-%c,--%s}", row->letter, row->name);
	else
		printf("\t--%s%s", row->name, row->argument && row->verb == VERB_RUN ? "=" : "");
	fputs("'[", stdout);
	put_escaped(row->help, "[]:\\", "'\\''");
	putchar(']');
	if (row->argument) {
		fputs(option_may_lack_argument(row) ? "::" : ":", stdout);
		put_escaped(row->argument, "[]:\\", "'\\''");
		printf(":%s", zsh_actions[row->complete]);
	}
	fputs("' \\\n", stdout);
}

static void print_zsh(void)
{
	puts("#compdef socksify\n"
	     "# zsh completion of socksify, printed by socksify --completion zsh\n"
	     "_socksify_names() {\n"
	     "\tlocal -a names\n"
	     "\tnames=(${(f)\"$(${(Q)words[1]} ${opt_args[-f]:+-f} ${(Q)opt_args[-f]} --names 2>/dev/null)\"})\n"
	     "\tcompadd -a names\n"
	     "}\n"
	     "_socksify_keys() {\n"
	     "\tcompadd -S= \\");
	put_keys("\t", " \\\n");
	puts("\n}\n"
	     "_socksify() {\n"
	     "\t_arguments -s -S \\");
	EACH_NAMED(row)
	print_zsh_option(row);
	puts("\t'(-)1:command:_command_names -e' '*::arguments:_normal'\n"
	     "}\n"
	     "_socksify \"$@\"");
}

/* What fish does for a value. */
static const char *const fish_actions[] = {
	[COMPLETE_NOTHING] = " -x",
	[COMPLETE_FILE] = " -r -F",
	[COMPLETE_CHAIN] = " -x -a '(__socksify_names)'",
	[COMPLETE_KEY] = " -x -a '(__socksify_keys)'",
	[COMPLETE_HOST] = " -x -a '(__fish_print_hostnames)'",
	[COMPLETE_COMMAND] = " -x -a '(__fish_complete_command)'",
	[COMPLETE_SHELL] = " -x -a 'bash zsh fish'",
	[COMPLETE_MODE] = " -x -a 'auto require off'",
};

static void print_fish_option(const struct option *row)
{
	printf("complete -c socksify -l %s", row->name);
	if (row->letter)
		printf(" -s %c", row->letter);
	if (row->argument)
		fputs(fish_actions[row->complete], stdout);
	fputs(" -d '", stdout);
	put_escaped(row->help, "\\", "\\'");
	puts("'");
}

static void print_fish(void)
{
	puts("# fish completion of socksify, printed by socksify --completion fish\n"
	     "function __socksify_names\n"
	     "\tset -l words (commandline -opc)\n"
	     "\tset -l at (contains -i -- -f $words; or contains -i -- --config $words)\n"
	     "\tset -l given\n"
	     "\tset -q at[1]; and set given -f $words[(math $at[1] + 1)]\n"
	     "\t$words[1] $given --names 2>/dev/null\n"
	     "end\n"
	     "function __socksify_keys");
	put_keys("\techo ", "=\n");
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
	print_fish_option(row);
}

bool completion_print(const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		print_bash();
	else if (strcmp(shell, "zsh") == 0)
		print_zsh();
	else if (strcmp(shell, "fish") == 0)
		print_fish();
	else
		say("there is no completion for '%s': bash, zsh and fish were meant", shell);
	return strcmp(shell, "bash") == 0 || strcmp(shell, "zsh") == 0 || strcmp(shell, "fish") == 0;
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
