/* SPDX-License-Identifier: MIT */
/* read_proxy: the keys of [proxy NAME]. */
#include <string.h>
#include <utlist.h>

#include "conf/load/loader.h"
#include "core/base/ascii.h"

static bool set_once(struct reading *r, char to[PROXY_CREDENTIAL_MAX + 1], const char *text, const char *what)
{
	const size_t n = strlen(text);

	if (to[0])
		text_add(r->problem, "a second %s", what);
	else if (n > PROXY_CREDENTIAL_MAX)
		text_add(r->problem, "the %s is longer than %d bytes", what, PROXY_CREDENTIAL_MAX);
	else
		memcpy(to, text, n + 1);
	return !r->problem->len;
}

static void check_secrecy(struct reading *r)
{
	if (r->file && r->file->exposed)
		problems_add(&r->loader->problems, r->where, "others can read this password; 'chmod 600 %s' hides it", r->file->path);
}

bool read_url(struct reading *r, const char *text, int word)
{
	struct proxy *const p = r->into, url;

	(void)word;
	if (!proxy_read(&url, text, r->problem))
		return false;
	p->kind = url.kind;
	p->scheme = url.scheme;
	p->addr = url.addr;
	if (url.password[0])
		check_secrecy(r);
	return (!url.username[0] || set_once(r, p->username, url.username, "user name")) &&
	       (!url.password[0] || set_once(r, p->password, url.password, "password"));
}

bool read_username(struct reading *r, const char *text, int word)
{
	struct proxy *const p = r->into;

	(void)word;
	return set_once(r, p->username, text, "user name");
}

bool read_password(struct reading *r, const char *text, int word)
{
	struct proxy *const p = r->into;

	(void)word;
	check_secrecy(r);
	return set_once(r, p->password, text, "password");
}

bool read_password_file(struct reading *r, const char *text, int word)
{
	struct arena *const scratch = &r->loader->scratch;
	const char *const path = file_path(scratch, text, r->file ? r->file->path : NULL);
	struct proxy *const p = r->into;
	struct file file;

	(void)word;
	if (!path) {
		text_add(r->problem, "password_file '%s': HOME is not set", text);
		return false;
	}
	const int rc = problems_heed(&r->loader->problems, file_read(&file, &r->loader->files, path));
	if (rc) {
		text_add(r->problem, "cannot read password_file '%s': %s", path, file_error(rc));
		return false;
	}
	if (file.exposed) {
		text_add(r->problem, "others can read password_file '%s'; 'chmod 600 %s' hides it", path, path);
		return false;
	}
	size_t n = strcspn(file.at, "\n");
	if (n && file.at[n - 1] == '\r')
		n--;
	if (!n || memchr(file.at, '\0', n)) {
		text_add(r->problem, "no password on the first line of password_file '%s'", path);
		return false;
	}
	file.at[n] = '\0';
	return set_once(r, p->password, file.at, "password");
}

bool read_pipeline(struct reading *r, const char *text, int word)
{
	struct proxy *const p = r->into;

	(void)text;
	p->pipeline = (enum pipeline)word;
	return true;
}

bool read_fast_open(struct reading *r, const char *text, int word)
{
	struct proxy *const p = r->into;

	(void)text;
	p->fast_open = word;
	return true;
}

bool read_password_command(struct reading *r, const char *text, int word)
{
	struct proxy *const p = r->into;

	(void)word;
	p->password_command = loader_copy(r->loader, text, strlen(text));
	return p->password_command;
}

/* Only the launcher runs the command; programs find in its file what that printed. */
static void take_password(struct loader *l, struct proxy *p, struct text *problem)
{
	if (p->password_command && p->password[0])
		text_add(problem, "a password and a password_command");
	else if (p->password_command && !p->username[0])
		text_add(problem, "a password_command without a user name");
	else if (p->password_command)
		p->lacks_password = !loader_find_password(l, p);
}

static bool judge(struct loader *l, struct proxy *p, struct text *problem)
{
	take_password(l, p, problem);
	return !problem->len && (p->lacks_password || proxy_check(p, problem));
}

static void add_proxy(struct loader *l, const struct section *s)
{
	struct proxy *const p = loader_take(l, sizeof(*p));
	char label[SECTION_LABEL];
	TEXT(problem, 256);

	if (!p)
		return;
	p->name = s->name;
	const unsigned before = l->problems.count;
	loader_read_section(l, s, p);
	/* Judge only a section that was read without mistakes. */
	if (before == l->problems.count && !judge(l, p, &problem))
		problems_add(&l->problems, (struct where){s->file->path, s->line}, "%s: %s", section_label(s, label), problem.at);
	struct chain *const single_hop = loader_chain(l, s->name, (const struct proxy *const[]){p}, 1);
	if (!single_hop)
		return;
	DL_APPEND(l->c->proxies, p);
	loader_add_chain(l, &l->c->single, single_hop);
}

void loader_read_proxies(struct loader *l)
{
	for (const struct section *s = l->merged.sections.of[SECTION_PROXY]; s; s = s->handle.next)
		add_proxy(l, s);
}
