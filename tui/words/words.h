/* Words for people: in which language, and each text in it. */
#ifndef INVONCE_TUI_WORDS_H
#define INVONCE_TUI_WORDS_H

#include "protocol/wire/message.h"

#include <stdbool.h>
#include <stddef.h>

/* N_ marks what is translated where it is used. */
#define _(text)            words_in(text)
#define C_(context, text)  words_in(context "\004" text) /* one of several meanings */
#define NC_(context, text) (context "\004" text)

/* Characters are UTF-8 from here on, whatever the locale says: the screen and the contract are.
 * Call it first. */
void words_set_up(void);

/* The catalogue of that language ("en" needs none). False: no such language.
 * Where its catalogue is missing it is English all the same. */
bool words_speak(const char *language);
bool words_has(const char *language);

/* The language that the environment asks for (LANGUAGE, LC_ALL, LC_MESSAGES, LANG): one of ours. */
const char *words_of_environment(void);

/* The currency (ISO 4217) to offer where none is known, by the language spoken. */
const char *words_currency(void);

/* What is typed may be written as the language has it: a point between thousands (1.234), and the
 * day before the month (31/12). */
bool words_point_parts(void);
bool words_day_first(void);

/* When the environment's locale has another character set than UTF-8: its name, else NULL. */
const char *words_other_charset(void);

/* Looked up anew by each call: static, or part of the catalogue. */
const char *words_in(const char *text) __attribute__((format_arg(1)));
const char *words_plural(const char *one, const char *many, size_t count)
    __attribute__((format_arg(1), format_arg(2)));

/* A sentence that comes as finished English, from the server or from protocol: told in the language
 * where it is a message, or is what a message with printf's directives makes; what they held is
 * told too. Else it is what it was. The caller's to free; NULL: out of memory. */
char *words_retold(const char *sentence);

#endif
