/* Where a JSON value ends that begins somewhere in a text, by its brackets and quotes alone: what
 * is in between is read by others. Pure. */
#ifndef INVONCE_TUI_RECORD_SCAN_H
#define INVONCE_TUI_RECORD_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#define RECORD_SCAN_DEPTH_MAX 64

/* All zeros stands before the value. */
struct record_scan {
    char open[RECORD_SCAN_DEPTH_MAX]; /* the brackets that are open */
    size_t depth;
    bool in_string, escaped;
    char last; /* outside of strings, blanks aside; a string's is its quote */
};

enum record_scan_end {
    RECORD_SCAN_OPEN,   /* it goes on behind these bytes */
    RECORD_SCAN_CLOSED, /* it is whole */
    RECORD_SCAN_BROKEN, /* it can't go on like that: a line's end in a string, a bracket that closes
                           another one, or opens where no value can be */
};

/* Some bytes more, from its first bracket or quote on. *used: how many were looked at, the last one
 * of the value included. */
enum record_scan_end record_scan(struct record_scan *scan, const char *bytes, size_t length,
                                 size_t *used);

#endif
