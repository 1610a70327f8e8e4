/* SPDX-License-Identifier: MIT */
/* import: tell whose configuration a file is, by the first word that only one of the tools has. */
#include "cli/import/import.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/import/importers.h"

enum { MOST = 4 * 1024 * 1024 };

static const struct tool {
	const char *kind;
	const char *words;  /* that begin a line, each between blanks */
	const char *name;   /* that is in the file's name; decides where no word does */
	const char *places; /* where the tool looks: $VARIABLE or a path, ~/ at home */
	struct syntax syntax;
	importer *read;
} tools[] = {
	{"proxychains.conf",
	 " [proxylist] strict_chain dynamic_chain random_chain round_robin_chain chain_len proxy_dns proxy_dns_old proxy_dns_daemon"
	 " remote_dns_subnet tcp_read_time_out tcp_connect_time_out localnet dnat quiet_mode ",
	 "proxychains",
	 "$PROXYCHAINS_CONF_FILE ./proxychains.conf ~/.proxychains/proxychains.conf /etc/proxychains.conf /etc/proxychains4.conf",
	 {.marks = "", .whole_comment = true},
	 import_proxychains},
	{"torsocks.conf",
	 " toraddress torport onionaddrrange socks5username socks5password allowinbound allowoutboundlocalhost isolatepid enableipv6 ",
	 "torsocks",
	 "$TORSOCKS_CONF_FILE /etc/tor/torsocks.conf",
	 {.marks = "", .whole_comment = true},
	 import_torsocks},
	{"tsocks.conf",
	 " server server_type server_port default_user default_pass local reaches path fallback ",
	 "tsocks",
	 "$TSOCKS_CONF_FILE ~/.tsocks.conf /etc/tsocks.conf",
	 {.marks = "{}="},
	 import_tsocks},
	{"socks.conf of Dante",
	 " route resolveprotocol: logoutput: debug: errorlog: timeout.connect: ",
	 "dante",
	 "$SOCKS_CONF /etc/socks.conf /etc/dante.conf",
	 {.marks = "{}="},
	 import_dante},
	{"redsocks.conf",
	 " base redsocks redudp dnstc ",
	 "redsocks",
	 "/etc/redsocks.conf",
	 {.marks = "{}=;", .c_comment = true, .quotes = true},
	 import_redsocks},
	{"ssh_config", " host match dynamicforward ", "ssh", "", {.marks = "=", .whole_comment = true, .quotes = true}, import_ssh},
};

enum { TOOLS = sizeof(tools) / sizeof(*tools) };

/* Cut off the mark by which some editors of other systems begin a file. */
static void drop_byte_order_mark(char *text)
{
	static const char mark[] = "\xef\xbb\xbf";
	const size_t n = sizeof(mark) - 1;

	if (strncmp(text, mark, n) == 0)
		memmove(text, text + n, strlen(text + n) + 1);
}

/* Returns the whole file, or NULL with errno. */
static char *slurp(const char *file)
{
	FILE *const from = fopen(file, "re");
	char *text = NULL;
	struct stat st;

	if (!from)
		return NULL;
	if (fstat(fileno(from), &st) == 0 && S_ISDIR(st.st_mode))
		errno = EISDIR;
	else if ((text = calloc(1, MOST + 1)))
		text[fread(text, 1, MOST, from)] = '\0';
	fclose(from);
	if (text)
		drop_byte_order_mark(text);
	return text;
}

static const struct tool *tool_of_word(const char *word, size_t n)
{
	TEXT(marked, 64);

	text_add(&marked, " %.*s ", (int)n, word);
	for (const struct tool *t = tools; n && !marked.cut && t < tools + TOOLS; t++)
		if (strcasestr(t->words, marked.at))
			return t;
	return NULL;
}

/* Returns whose text it is, going by what it says; NULL if that is anybody's, or socksify's own. */
static const struct tool *tool_of_text(const char *text)
{
	const struct tool *tool = NULL;

	for (size_t n; *text && !tool; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		const char *const word = text + strspn(text, " \t");
		if (strncasecmp(word, "[socksify]", 10) == 0 || strncasecmp(word, "[proxy ", 7) == 0)
			return NULL;
		tool = tool_of_word(word, strcspn(word, " \t\r\n={"));
	}
	return tool;
}

/* True if it is of Dante's server, which has the same words and others. */
static bool is_of_server(const char *text)
{
	static const char words[] =
		" internal: external: clientmethod: socksmethod: user.privileged: user.unprivileged: user.notprivileged: client socks ";

	for (size_t n; *text; text += n + (text[n] == '\n')) {
		TEXT(marked, 64);
		n = strcspn(text, "\n");
		const char *const word = text + strspn(text, " \t");
		text_add(&marked, " %.*s ", (int)strcspn(word, " \t\r\n"), word);
		if (marked.len > 2 && !marked.cut && strcasestr(words, marked.at))
			return true;
	}
	return false;
}

static const struct tool *tool_of_name(const char *file)
{
	for (const struct tool *t = tools; t < tools + TOOLS; t++)
		if (strcasestr(file, t->name))
			return t;
	return NULL;
}

const char *import_kind(const char *file)
{
	char *const text = slurp(file);
	const struct tool *const tool = text ? tool_of_text(text) : NULL;

	free(text);
	return tool ? tool->kind : NULL;
}

static bool read_with(const struct tool *tool, char *text, const char *file, FILE *to)
{
	struct lines lines = lines_of(text, &tool->syntax);
	struct draft d;

	const bool begun = draft_begin(&d);
	if (begun) {
		tool->read(&d, &lines);
		draft_write(&d, to, file, tool->kind);
	}
	draft_end(&d);
	return begun;
}

static bool import_from(const char *file, FILE *to, struct text *problem)
{
	char *const text = slurp(file);
	const struct tool *tool;

	if (!text) {
		text_add(problem, "cannot read '%s': %s", file, strerror(errno));
		return false;
	}
	if (!(tool = tool_of_text(text)))
		tool = tool_of_name(file);
	if (!tool)
		text_add(problem, "'%s' is no configuration of proxychains, torsocks, tsocks, Dante, redsocks or ssh", file);
	else if (tool->read == import_dante && is_of_server(text))
		text_add(problem, "'%s' is for Dante's server, danted; what programs go by stands in /etc/socks.conf or /etc/dante.conf",
			 file);
	else if (!read_with(tool, text, file, to))
		text_add(problem, "out of memory");
	free(text);
	return !problem->len;
}

/* Write the path that a place ("$SOCKS_CONF", "~/.tsocks.conf") stands for. */
static bool place_path(const char *place, size_t n, struct text *path)
{
	TEXT(name, 64);

	if (place[0] == '$') {
		text_add(&name, "%.*s", (int)n - 1, place + 1);
		const char *const value = getenv(name.at);
		if (value)
			text_add(path, "%s", value);
	} else if (place[0] == '~' && getenv("HOME")) {
		text_add(path, "%s%.*s", getenv("HOME"), (int)n - 1, place + 1);
	} else if (place[0] != '~') {
		text_add(path, "%.*s", (int)n, place);
	}
	return path->len && !path->cut;
}

static bool is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* Find the first file that one of the tools would read. */
static bool find(struct text *path)
{
	for (const struct tool *t = tools; t < tools + TOOLS; t++)
		for (const char *place = t->places; *place; place += strspn(place, " ")) {
			const size_t n = strcspn(place, " ");
			path->len = 0;
			path->at[0] = '\0';
			if (place_path(place, n, path) && is_there(path->at))
				return true;
			place += n;
		}
	return false;
}

bool import(const char *file, FILE *to, struct text *problem)
{
	TEXT(path, PATH_MAX);

	if (file || find(&path))
		return import_from(file ? file : path.at, to, problem);
	text_add(problem, "proxychains, torsocks, tsocks, Dante and redsocks have no configuration here: --import FILE");
	return false;
}
