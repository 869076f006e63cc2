#include "protocol/wire/csv_cell.h"

#include "protocol/wire/decimal.h"

#include <csv.h>
#include <string.h>

const char *const CSV_OTHER_MEMBERS[CSV_OTHER_COUNT] = {"id",          "created_at",  "created_by",
                                                        "merged_into", "merged_from", "status"};

void csv_put_cell(struct buffer *text, const char *cell, size_t length)
{
    size_t room = 2 * length + 2;
    if (buffer_reserve(text, room)) {
        text->length += csv_write(text->bytes + text->length, room, cell, length);
    }
}

/* What a spreadsheet takes for a formula's beginning, behind marks or none; some take the
 * full-width ones, too. */
static bool is_formula(const char *cell)
{
    static const char *const WIDE[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    cell += strspn(cell, "'");
    bool is_wide = false;
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++)
        is_wide = is_wide || strncmp(cell, WIDE[i], strlen(WIDE[i])) == 0;
    return is_wide || (*cell != '\0' && strchr("=+-@\t\r\n", *cell) != NULL);
}

const char *csv_unmarked(const char *cell)
{
    return cell[0] == '\'' && is_formula(cell) ? cell + 1 : cell;
}

void csv_put_value(struct buffer *text, const char *value, bool decimal_comma)
{
    struct decimal decimal;
    struct buffer cell = {0};
    bool is_decimal = decimal_parse(value, &decimal) == DECIMAL_OK;
    if (!is_decimal && is_formula(value)) buffer_text(&cell, "'");
    buffer_text(&cell, value);
    char *point =
        is_decimal && decimal_comma && cell.bytes ? memchr(cell.bytes, '.', cell.length) : NULL;
    if (point != NULL) *point = ',';
    if (!cell.failed) csv_put_cell(text, cell.bytes != NULL ? cell.bytes : "", cell.length);
    text->failed = text->failed || cell.failed;
    buffer_clear(&cell);
}

bool csv_with_point(const char *typed, char *text)
{
    size_t since = 0; /* digits behind the last point */
    bool points = false, comma = false;
    for (const char *at = typed; *at != '\0'; at++) {
        if (*at == '.' || *at == ',') {
            if (comma || (points && since != 3)) return false;
            comma = *at == ',';
            points = points || !comma;
            since = 0;
            if (comma) *text++ = '.';
        } else {
            since++;
            *text++ = *at;
        }
    }
    *text = '\0';
    return comma || !points;
}
