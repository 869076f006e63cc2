#include "tui/command/manual.h"

#include "protocol/wire/text.h"
#include "tui/words/words.h"

#include <string.h>

#define COLUMNS        80
#define INDENT         7
#define ITEM_INDENT    14
#define TERM_WIDTH_MAX (ITEM_INDENT - INDENT - 1) /* a longer one has a line of its own */
#define WORD_MAX       128 /* bytes; a longer one isn't broken, but counted short */

static int columns_of(const char *word, size_t length)
{
    char copy[WORD_MAX];
    if (length >= sizeof copy) length = sizeof copy - 1;
    memcpy(copy, word, length);
    copy[length] = '\0';
    return (int)text_width(copy);
}

/* From column `at` on, further lines at `indent`. */
static void wrap(FILE *out, int at, int indent, const char *text)
{
    bool first = at == indent;
    while (*text) {
        size_t length = strcspn(text, " \n");
        int width = columns_of(text, length);
        if (!first && at + 1 + width > COLUMNS) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
            first = true;
        }
        fprintf(out, "%s%.*s", first ? "" : " ", (int)length, text);
        at += width + (first ? 0 : 1);
        first = false;
        text += length;
        if (*text == '\n') {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
            first = true;
        }
        if (*text) text++;
    }
    fputc('\n', out);
}

static void put_item(FILE *out, const char *term, const char *text)
{
    int width = (int)text_width(term);
    fprintf(out, "%*s%s", INDENT, "", term);
    if (width > TERM_WIDTH_MAX)
        fprintf(out, "\n%*s", ITEM_INDENT, "");
    else
        fprintf(out, "%*s", ITEM_INDENT - INDENT - width, "");
    wrap(out, ITEM_INDENT, ITEM_INDENT, text);
}

void manual_put(FILE *out, enum manual_kind kind, const char *term, const char *text)
{
    switch (kind) {
    case MANUAL_TITLE:
        fprintf(out, "%s\n", text);
        break;
    case MANUAL_HEADING:
        fprintf(out, "\n%s\n", text);
        break;
    case MANUAL_USAGE:
        fprintf(out, "%*s%s\n", INDENT, "", text);
        break;
    case MANUAL_PARAGRAPH:
        fprintf(out, "%*s", INDENT, "");
        wrap(out, INDENT, INDENT, text);
        break;
    case MANUAL_ITEM:
        put_item(out, term, text);
        break;
    }
}

void manual_print(FILE *out, const struct manual_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool again =
            i > 0 && entries[i].kind == MANUAL_PARAGRAPH && entries[i - 1].kind == MANUAL_PARAGRAPH;
        if (again) fputc('\n', out);
        manual_put(out, entries[i].kind, entries[i].term ? _(entries[i].term) : NULL,
                   _(entries[i].text));
    }
}
