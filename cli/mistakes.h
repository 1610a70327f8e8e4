/* SPDX-License-Identifier: MIT */
/* mistakes: tell the user what is wrong with a configuration, in the words that the user typed. */
#ifndef CLI_MISTAKES_H
#define CLI_MISTAKES_H

/* Remember that `source` (a variable, a path), to which a problem may refer, was typed as `flag` ("-x"). Both are copied. */
void mistakes_typed(const char *source, const char *flag);

/* Returns what the source was typed as; the source itself if it was not. */
const char *mistakes_source(const char *source);

/* Say each of the newline-terminated lines that config_read() wrote, which are written to: in the order of each file, at most 20 of them. */
void mistakes_say(char *lines);

#endif
