/* SPDX-License-Identifier: MIT */
/* bash: the completion of bash, between the constant parts a line for each kind of value. */
#include "cli/shell/script.h"

#include <stdio.h>

/* "-f|--config|...": the options of a kind. */
static void put_patterns(bool (*is)(const struct option *, enum complete), enum complete what)
{
	const char *before = "";

	EACH_NAMED(row)
	{
		if (!is(row, what))
			continue;
		fputs(before, stdout);
		if (row->letter)
			printf("-%c|", row->letter);
		printf("--%s", row->name);
		before = "|";
	}
}

static bool takes_value(const struct option *row, enum complete what)
{
	(void)what;
	return row->argument && row->verb != VERB_DOCTOR;
}

static bool is_wanted(const struct option *row, enum complete what)
{
	return row->complete == what && row->argument;
}

static void put_case(enum complete what, const char *action)
{
	fputs("\t\t", stdout);
	put_patterns(is_wanted, what);
	printf(") %s ;;\n", action);
}

/* bash takes words apart at each '=' and ':', so they are put together again; `at` says which of its words each began with.
 * Inside quotes it does not, and then what comes before the value is a part of what it replaces. */
static const char begin[] =
	"# bash completion of socksify, printed by socksify --completion bash\n"
	"_socksify_reply() { mapfile -t COMPREPLY < <(compgen -P \"$prefix\" \"$@\" -- \"$value\"); }\n"
	"_socksify_files() { compopt -o filenames; _socksify_reply -f; }\n"
	"_socksify_names() { _socksify_reply -W \"$(\"${COMP_WORDS[0]}\" \"${given[@]}\" --names 2>/dev/null)\"; }\n"
	"_socksify_set() {\n"
	"\tcase $word in\n";
static const char keys[] =
	"\t*=*) ;;\n"
	"\t*) compopt -o nospace; _socksify_reply -W '";
static const char middle[] =
	"' ;;\n"
	"\tesac\n"
	"}\n"
	"_socksify() {\n"
	"\tlocal words=() at=() given=() rest=$COMP_LINE prefix='' value=${COMP_WORDS[COMP_CWORD]} option='' word i\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"\t\tif ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then\n"
	"\t\t\twords+=(\"${COMP_WORDS[i]}\") at+=(\"$i\")\n"
	"\t\telse\n"
	"\t\t\twords[-1]+=${COMP_WORDS[i]}\n"
	"\t\tfi\n"
	"\t\trest=${rest#\"${rest%%[![:blank:]]*}\"}\n"
	"\t\trest=${rest#\"${COMP_WORDS[i]}\"}\n"
	"\tdone\n"
	"\tword=${words[-1]#[\\'\\\"]}\n"
	"\tlocal last=$((${#words[@]} - 1))\n"
	"\tif [[ $value == *=* ]]; then\n"
	"\t\t[[ $value == = ]] || prefix=${value%=*}=\n"
	"\t\tprefix=${prefix#[\\'\\\"]} value=${value##*=}\n"
	"\tfi\n"
	"\ti=1\n"
	"\twhile ((i < last)); do\n"
	"\t\tcase ${words[i]} in\n"
	"\t\t-f|--config) given=(-f \"${words[i + 1]/#\\~\\//$HOME/}\"); ((i += 2)) ;;\n"
	"\t\t--config=*) given=(-f \"${words[i]#*=}\"); ((i += 1)) ;;\n"
	"\t\t--|--doctor) ((i += 1)); break ;;\n\t\t";
static const char values[] =
	") ((i += 2)) ;;\n"
	"\t\t-*) ((i += 1)) ;;\n"
	"\t\t*) break ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tif ((i > last)); then\n"
	"\t\toption=${words[last - 1]}\n"
	"\telif ((i == last)) && [[ $word == --*=* ]]; then\n"
	"\t\toption=${word%%=*} word=${word#*=}\n"
	"\tfi\n"
	"\tif [[ $option ]]; then\n"
	"\t\tcase $option in\n";
static const char options[] =
	"\t\tesac\n"
	"\telif ((i < last)) && declare -F _command_offset >/dev/null; then\n"
	"\t\t_command_offset \"${at[i]}\"\n"
	"\telif ((i < last)); then\n"
	"\t\t_socksify_files\n"
	"\telif [[ $word == -* && ${words[last - 1]} != -- ]]; then\n"
	"\t\t_socksify_reply -W '";
static const char end[] =
	"'\n"
	"\telse\n"
	"\t\t_socksify_reply -c\n"
	"\tfi\n"
	"}\n"
	"complete -F _socksify socksify\n";

void script_bash(void)
{
	fputs(begin, stdout);
	script_words("\t%k=*) _socksify_reply -W '%w' ;;\n");
	fputs(keys, stdout);
	script_keys("", "= ");
	fputs(middle, stdout);
	put_patterns(takes_value, COMPLETE_NOTHING);
	fputs(values, stdout);
	put_case(COMPLETE_FILE, "_socksify_files");
	put_case(COMPLETE_CHAIN, "_socksify_names");
	put_case(COMPLETE_RULE, "[[ $word != *=* ]] || _socksify_names");
	put_case(COMPLETE_KEY, "_socksify_set");
	put_case(COMPLETE_HOST, "_socksify_reply -A hostname");
	put_case(COMPLETE_SHELL, "_socksify_reply -W 'bash zsh fish'");
	fputs("\t\t--guard) _socksify_reply -W '", stdout);
	printf("%s' ;;\n", script_modes());
	fputs(options, stdout);
	EACH_NAMED(row)
	printf("--%s ", row->name);
	fputs(end, stdout);
}
