/* Text from outside: is it UTF-8, how long, how wide, what is it when compared, is it safe to show.
 */
#ifndef INVONCE_WIRE_TEXT_H
#define INVONCE_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* RFC 3629: no overlong forms, surrogates or code points past U+10FFFF. */
bool text_is_utf8(const char *bytes, size_t length);

/* Code points in valid UTF-8. */
size_t text_length(const char *text);

enum text_lines { TEXT_ONE_LINE, TEXT_MANY_LINES };

/* True when a control character (general category Cc) is in it; LF and CR pass with
 * TEXT_MANY_LINES. */
bool text_has_control(const char *text, enum text_lines lines);

/* True when a White_Space character is in it. */
bool text_has_white_space(const char *text);

/* True when nothing is left of it after text_fold: white space or invisible characters alone. */
bool text_is_blank(const char *text);

/* What two texts are compared by (RULES.md section 2): NFKC_Casefold (UAX 44), then every dash one
 * '-', then White_Space trimmed and each run of it one U+0020. Owned by the caller (free); NULL
 * when out of memory. */
char *text_fold(const char *text);

/* The same for an e-mail address: dashes stay, and the domain is in its ASCII form (IDNA 2008, as
 * UTS 46 maps it), where it has one. */
char *text_fold_email(const char *text);

/* Columns that it takes on a terminal; combining characters take none, East Asian wide ones two. */
size_t text_width(const char *text);

/* The text as it may be shown: every control, escape, bidirectional override, line separator and
 * invalid byte becomes U+FFFD, with TEXT_MANY_LINES LF stays (CR LF and CR become LF).
 * Owned by the caller (free); NULL when out of memory. */
char *text_safe(const char *bytes, size_t length, enum text_lines lines);

#define TEXT_EXCERPT_MAX  40 /* characters */
#define TEXT_EXCERPT_SIZE (4 * TEXT_EXCERPT_MAX + 4)

/* The beginning of the text, made safe as by text_safe, to be named in a sentence; an ellipsis
 * after it when there is more. */
void text_excerpt(const char *text, char out[TEXT_EXCERPT_SIZE]);

#endif
