#include "tui/views/conflict.h"

#include "protocol/wire/decimal.h"
#include "tui/views/frame.h"
#include "tui/views/moment.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_X       1
#define ORIGINAL_X    19
#define SENTENCE_ROWS 3
#define ID_COLUMNS    24
#define TEXT_SIZE     128

/* The rows of the comparison, most of them one member of both. */
static const struct {
    const char *label;
    size_t member; /* in struct invoice */
} rows[] = {
    {N_("Number"), offsetof(struct invoice, number)},
    {N_("Issue date"), offsetof(struct invoice, issue_date)},
    {N_("Due date"), offsetof(struct invoice, due_date)},
    {N_("Customer e-mail"), offsetof(struct invoice, customer_email)},
    {N_("Customer name"), offsetof(struct invoice, customer_name)},
    {N_("Notes"), offsetof(struct invoice, notes)},
};

static const char *member_of(const struct invoice *invoice, size_t offset)
{
    const char *text = *(const char *const *)(const void *)((const char *)invoice + offset);
    return text ? text : "";
}

/* One row; a mark between the two where they differ. */
static void paint_pair(int y, const char *label, const char *original, const char *typed)
{
    int end = screen_columns();
    int half = (end - ORIGINAL_X) / 2;
    bool differs = strcmp(original, typed) != 0;
    screen_put(y, LABEL_X, ORIGINAL_X - LABEL_X - 1, STYLE_FAINT, label);
    screen_put(y, ORIGINAL_X, half - 3, STYLE_TEXT, original);
    if (differs) screen_put(y, ORIGINAL_X + half - 2, 1, STYLE_STRONG, "\u2260");
    screen_put(y, ORIGINAL_X + half, end - ORIGINAL_X - half, differs ? STYLE_STRONG : STYLE_TEXT,
               typed);
}

/* What the lines come to: "2 lines, 323.71 EUR". */
static void describe_sum(const struct invoice *invoice, char text[TEXT_SIZE])
{
    struct invoice_totals totals;
    char gross[DECIMAL_TEXT_MAX] = "";
    if (invoice_totals(invoice, &totals)) decimal_format(totals.gross, totals.minor_digits, gross);
    snprintf(text, TEXT_SIZE,
             words_plural("%zu line, %s %.8s", "%zu lines, %s %.8s", invoice->line_count),
             invoice->line_count, gross, invoice->currency ? invoice->currency : "");
}

static int paint_comparison(const struct conflict_view *view, int y)
{
    const struct invoice *original = &view->original->document.invoice;
    char there[TEXT_SIZE];
    char here[TEXT_SIZE];
    int half = (screen_columns() - ORIGINAL_X) / 2;
    screen_put(y, ORIGINAL_X, half - 1, STYLE_FAINT, _("The original, kept"));
    screen_put(y++, ORIGINAL_X + half, half, STYLE_FAINT, _("What you typed, not created"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        paint_pair(y++, _(rows[i].label), member_of(original, rows[i].member),
                   member_of(view->typed, rows[i].member));
    }
    describe_sum(original, there);
    describe_sum(view->typed, here);
    paint_pair(y++, _("Total"), there, here);
    return y;
}

static void paint_origin(const struct invoice_record *original, int y)
{
    char at[MOMENT_SIZE];
    char *text = NULL;
    moment_local(original->created_at, at);
    if (asprintf(&text, _("The original was created by %s, %s."),
                 original->created_by ? original->created_by : "", at) < 0)
        return;
    screen_put(y, LABEL_X, screen_columns() - 2, STYLE_TEXT, text);
    free(text);
}

void conflict_paint(const struct conflict_view *view)
{
    int end = screen_columns();
    int y = FRAME_TOP;
    screen_put(y, 1, end - ID_COLUMNS - 1, STYLE_STRONG, _("Not created"));
    if (view->original && view->original->id)
        screen_put_right(y, end, ID_COLUMNS, STYLE_STRONG, view->original->id);
    y += 2;
    y += frame_wrap(y, 1, end - 2, SENTENCE_ROWS, STYLE_TEXT, view->sentence) + 1;
    if (view->original) {
        y = paint_comparison(view, y) + 1;
        paint_origin(view->original, y);
        y += 2;
    }
    frame_wrap(y, 1, end - 2, SENTENCE_ROWS, STYLE_TEXT,
               _("Nothing that you typed is lost: go back, and change the number if this is "
                 "another invoice."));
}
