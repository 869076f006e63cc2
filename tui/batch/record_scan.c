#include "tui/batch/record_scan.h"

#include <string.h>

static char around(const struct record_scan *scan)
{
    return scan->depth > 0 ? scan->open[scan->depth - 1] : '\0';
}

/* In an object a value stands behind a colon, in a list behind its bracket or a comma. */
static bool may_begin(const struct record_scan *scan)
{
    switch (around(scan)) {
    case '\0':
        return true;
    case '{':
        return scan->last == ':';
    default:
        return scan->last == '[' || scan->last == ',';
    }
}

static enum record_scan_end open(struct record_scan *scan, char bracket)
{
    if (!may_begin(scan) || scan->depth == RECORD_SCAN_DEPTH_MAX) return RECORD_SCAN_BROKEN;
    scan->open[scan->depth++] = bracket;
    return RECORD_SCAN_OPEN;
}

static enum record_scan_end close(struct record_scan *scan, char bracket)
{
    if (around(scan) != bracket) return RECORD_SCAN_BROKEN;
    return --scan->depth == 0 ? RECORD_SCAN_CLOSED : RECORD_SCAN_OPEN;
}

static enum record_scan_end in_string(struct record_scan *scan, char byte)
{
    if (byte == '\n') return RECORD_SCAN_BROKEN;
    if (scan->escaped || byte == '\\') {
        scan->escaped = !scan->escaped;
        return RECORD_SCAN_OPEN;
    }
    scan->in_string = byte != '"';
    return scan->in_string || scan->depth > 0 ? RECORD_SCAN_OPEN : RECORD_SCAN_CLOSED;
}

static enum record_scan_end outside(struct record_scan *scan, char byte)
{
    enum record_scan_end end = RECORD_SCAN_OPEN;
    if (byte == '{' || byte == '[') end = open(scan, byte);
    if (byte == '}') end = close(scan, '{');
    if (byte == ']') end = close(scan, '[');
    scan->in_string = byte == '"';
    if (strchr(" \t\r\n", byte) == NULL || byte == '\0') scan->last = byte;
    return end;
}

enum record_scan_end record_scan(struct record_scan *scan, const char *bytes, size_t length,
                                 size_t *used)
{
    enum record_scan_end end = RECORD_SCAN_OPEN;
    *used = 0;
    while (end == RECORD_SCAN_OPEN && *used < length) {
        char byte = bytes[(*used)++];
        end = scan->in_string ? in_string(scan, byte) : outside(scan, byte);
    }
    return end;
}
