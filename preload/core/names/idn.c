/* SPDX-License-Identifier: MIT */
/* idn: convert by libidn2, the library that libc loads for the same purpose. */
#include "core/names/idn.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/sys.h"

enum { IDN2_NONTRANSITIONAL = 8, IDN2_TRANSITIONAL = 4 };

static bool is_ascii(const char *s)
{
	while (*s && !(*s & 0x80))
		s++;
	return !*s;
}

typedef int converter(const char *, char **, int);

static converter *find(const char *name)
{
	void *const library = sys.dlopen("libidn2.so.0", RTLD_NOW);
	void *const symbol = library ? sys.dlsym(library, name) : NULL;
	converter *function;

	memcpy(&function, &symbol, sizeof(function));
	return function;
}

static int convert(const char *node, char **ascii)
{
	converter *const lookup = find("idn2_lookup_ul");

	if (!lookup)
		return -1;
	const int rc = lookup(node, ascii, IDN2_NONTRANSITIONAL);
	return rc ? lookup(node, ascii, IDN2_TRANSITIONAL) : 0;
}

int idn_encode(const char *node, char ascii[static ADDR_NAME_MAX + 1])
{
	char *converted = NULL;
	int rc = 0;

	if (!is_ascii(node) && convert(node, &converted))
		return EAI_IDN_ENCODE;
	const char *const from = converted ? converted : node;
	if (strlen(from) > ADDR_NAME_MAX)
		rc = EAI_NONAME;
	else
		memcpy(ascii, from, strlen(from) + 1);
	free(converted);
	return rc;
}

char *idn_decode(const char *ascii)
{
	converter *const to_unicode = find("idn2_to_unicode_lzlz");
	char *letters = NULL;

	return to_unicode && to_unicode(ascii, &letters, 0) == 0 ? letters : NULL;
}
