/* Grapheme clusters (UAX 29): what people take for one character. Pure; offsets are bytes. */
#ifndef INVONCE_TUI_TEXT_CLUSTERS_H
#define INVONCE_TUI_TEXT_CLUSTERS_H

#include <stddef.h>
#include <utf8proc.h>

/* The code point at `offset` and its length; a NUL of length 0 at the end. `text` may be NULL where
 * `length` is 0, here and below. */
utf8proc_int32_t clusters_code_point(const char *text, size_t length, size_t offset, size_t *bytes);

/* The boundaries behind and before `offset`, which is one. */
size_t clusters_next(const char *text, size_t length, size_t offset);
size_t clusters_previous(const char *text, size_t length, size_t offset);

/* The first boundary at or behind `offset`: a character put in may have joined its neighbours. */
size_t clusters_boundary_from(const char *text, size_t length, size_t offset);

#endif
