/* SPDX-License-Identifier: MIT */
/* passwords: encode what would end a field, and compare what is encoded. */
#include "conf/load/passwords.h"

#include <string.h>

#include "conf/load/loader.h"
#include "conf/url.h"
#include "core/base/env.h"
#include "core/base/scratch.h"

static void add_encoded(struct text *t, const char *s)
{
	for (; *s; s++)
		text_add(t, (unsigned char)*s <= ' ' || *s == '%' || *s == 0x7f ? "%%%02x" : "%c", (unsigned char)*s);
}

/* Append "[NAME]\t", or the URL without its password. */
static void add_key(struct text *t, const struct proxy *p)
{
	SCRATCH_TEXT(key, PROXY_TEXT);

	if (p->name)
		text_add(&key, "[%s]", p->name);
	else
		proxy_text(p, &key);
	add_encoded(t, key.at);
	text_add(t, "\t");
}

void passwords_add(struct text *t, const struct proxy *p, const char *password)
{
	add_key(t, p);
	add_encoded(t, password);
	text_add(t, "\n");
}

bool passwords_is_for(const char *line, const struct proxy *p)
{
	SCRATCH_TEXT(key, PASSWORDS_LINE);

	add_key(&key, p);
	return !key.cut && strncmp(line, key.at, key.len) == 0;
}

static const char *next(const char *line)
{
	const char *const end = strchr(line, '\n');

	return end ? end + 1 : "";
}

bool passwords_find(const char *lines, const struct proxy *p, char password[static PROXY_CREDENTIAL_MAX + 1])
{
	TEXT(problem, 64);

	while (*lines && !passwords_is_for(lines, p))
		lines = next(lines);
	const char *const at = strchr(lines, '\t');
	const struct url_part encoded = {.at = at ? at + 1 : NULL, .n = at ? strcspn(at + 1, "\n") : 0};
	return at && url_decode(&encoded, password, PROXY_CREDENTIAL_MAX + 1, "password", &problem);
}

bool loader_find_password(struct loader *l, struct proxy *p)
{
	const char *const path = env_get(PASSWORDS_VARIABLE);
	struct file file;

	if (!path)
		return false;
	const int rc = problems_heed(&l->problems, file_read(&file, &l->files, path));
	if (rc)
		problems_add(&l->problems, (struct where){PASSWORDS_VARIABLE, 0}, "cannot read '%s': %s", path, file_error(rc));
	return rc == 0 && !file.exposed && passwords_find(file.at, p, p->password);
}
