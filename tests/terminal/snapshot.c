#include "tests/terminal/snapshot.h"

#include "tests/support/support.h"
#include "tests/terminal/dialect.h"
#include "tests/terminal/screen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void cut_status(char *text, bool to_its_word)
{
    char *space = strchr(text + strspn(text, " "), ' ');
    if (to_its_word && space != NULL) *space = '\0';
}

static void mask(char *text)
{
    for (; *text != '\0'; text++)
        if (isxdigit((unsigned char)*text)) *text = '#';
}

char *snapshot_take(struct pty *pty, const struct stage *stage, enum snapshot_detail detail)
{
    struct support_buffer all = {0};
    int rows, cols, row, col;
    pty_size(pty, &rows, &cols);
    for (int i = 0; i < rows; i++) {
        char *text = screen_row(pty, i);
        char *looks = screen_looks(pty, i);
        bool is_status = i == rows - 2;
        if (is_status) cut_status(text, stage->saving || detail != SNAPSHOT_ALL_BUT_THE_CLOCK);
        if (detail == SNAPSHOT_ALL_BUT_WHAT_IS_NEW) mask(text);
        support_append(&all, text, strlen(text));
        support_append(&all, "\n", 1);
        if (!is_status) support_append(&all, looks, strlen(looks));
        support_append(&all, "\n", 1);
        free(text);
        free(looks);
    }
    pty_cursor(pty, &row, &col);
    /* Where a hidden one stands, nobody sees. */
    if (dialect_mode(pty_dialect(pty), DIALECT_CURSOR_SHOWN) == DIALECT_OFF) row = col = -1;
    char *cursor = support_format("cursor %d %d\n", row, col);
    support_append(&all, cursor, strlen(cursor));
    free(cursor);
    return all.bytes;
}

bool snapshot_compares(struct pty *pty, const void *context)
{
    const struct snapshot_comparison *comparison = context;
    char *now = snapshot_take(pty, comparison->stage, comparison->detail);
    bool same = strcmp(now, comparison->before) == 0;
    free(now);
    return same == comparison->same;
}
