#include "tui/terminal/text_clusters.h"

utf8proc_int32_t clusters_code_point(const char *text, size_t length, size_t offset, size_t *bytes)
{
    utf8proc_int32_t code_point = 0;
    *bytes = 0;
    if (offset >= length) return 0;
    utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)text + offset,
                                              (utf8proc_ssize_t)(length - offset), &code_point);
    *bytes = taken > 0 ? (size_t)taken : 1;
    return taken > 0 ? code_point : 0xFFFD;
}

size_t clusters_next(const char *text, size_t length, size_t offset)
{
    utf8proc_int32_t state = 0;
    size_t bytes;
    utf8proc_int32_t previous = clusters_code_point(text, length, offset, &bytes);
    offset += bytes;
    while (offset < length) {
        utf8proc_int32_t next = clusters_code_point(text, length, offset, &bytes);
        if (utf8proc_grapheme_break_stateful(previous, next, &state)) break;
        previous = next;
        offset += bytes;
    }
    return offset;
}

/* Boundaries can only be told from the start of the text. */
size_t clusters_previous(const char *text, size_t length, size_t offset)
{
    size_t boundary = 0;
    for (;;) {
        size_t next = clusters_next(text, length, boundary);
        if (next >= offset || next == boundary) return boundary;
        boundary = next;
    }
}

size_t clusters_boundary_from(const char *text, size_t length, size_t offset)
{
    size_t boundary = 0;
    while (boundary < offset && boundary < length)
        boundary = clusters_next(text, length, boundary);
    return boundary;
}
