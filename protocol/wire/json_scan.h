/* JSON texts judged byte by byte before anything reads them: RFC 8259's grammar within RFC 7493's
 * bounds. What this lets through, any reader that follows RFC 8259 reads alike. */
#ifndef INVONCE_WIRE_JSON_SCAN_H
#define INVONCE_WIRE_JSON_SCAN_H

#include <stddef.h>

#define JSON_DEPTH_MAX 16

/* NULL when the bytes are one JSON value and nothing beside it: UTF-8 without a byte order mark, no
 * member of an object twice (escapes undone), no U+0000 and no unpaired surrogate in a text, no
 * number past a double's range, nested JSON_DEPTH_MAX levels at most. Else a sentence without its
 * full stop, untranslated, and in *at the offset of what it speaks of. */
const char *json_scan(const char *bytes, size_t length, size_t *at);

#endif
