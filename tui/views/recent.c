#include "tui/views/recent.h"

#include "protocol/wire/json.h"
#include "tui/form/align.h"
#include "tui/form/facts.h"
#include "tui/form/status.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEARCH_COLUMNS   40
#define NAME_X           3
#define NAME_COLUMNS     20
#define DATE_X           25
#define CUSTOMER_X       37
#define TOTAL_COLUMNS    24
#define CURRENCY_COLUMNS 3
#define SUM_ROWS_MAX     4

static void paint_search(struct text_field *search, int y)
{
    size_t cursor;
    int x = 1 + screen_put(y, 1, 20, STYLE_FOCUS, _("Search")) + 2;
    screen_fill(y, x, SEARCH_COLUMNS, STYLE_FAINT, '_');
    char *window = text_field_window(search, SEARCH_COLUMNS, &cursor);
    if (!window) return;
    screen_put(y, x, SEARCH_COLUMNS, STYLE_TEXT, window);
    screen_cursor(y, x + (int)cursor);
    free(window);
}

static const char *label_at(const struct resource *resource, size_t at)
{
    return at < resource->fields.count ? _(resource->fields.items[at].label) : "";
}

static void paint_header(const struct resource *resource, int y)
{
    int end = screen_columns();
    screen_put(y, NAME_X, NAME_COLUMNS, STYLE_FAINT, label_at(resource, fact_of_name(resource)));
    screen_put(y, DATE_X, CUSTOMER_X - DATE_X - 1, STYLE_FAINT,
               label_at(resource, fact_of_kind(resource, FIELD_DATE)));
    screen_put(y, CUSTOMER_X, end - CUSTOMER_X, STYLE_FAINT, _("Customer"));
    screen_put_right(y, end, TOTAL_COLUMNS, STYLE_FAINT,
                     label_at(resource, fact_of_total(resource)));
}

static size_t sum_rows(const struct recent_view *view)
{
    return view->sums->count < SUM_ROWS_MAX ? view->sums->count : SUM_ROWS_MAX;
}

static struct align measure_totals(const struct recent_view *view)
{
    struct align align = {0};
    char text[GROUPED_SIZE];
    for (size_t i = 0; i < view->count; i++)
        align_measure(&align, list_total_text(view->resource, view->records[i], text));
    for (size_t i = 0; i < sum_rows(view); i++)
        align_measure(&align, list_sum_text(&view->sums->sums[i], text));
    return align;
}

/* What is listed comes to, one row a currency, under the totals. */
static void paint_sums(const struct recent_view *view, const struct align *totals, int y)
{
    int end = screen_columns() - CURRENCY_COLUMNS - 1;
    char words[96], text[GROUPED_SIZE];
    snprintf(words, sizeof words,
             view->more ? _("Sum of these %zu, more to come") : _("Sum of these %zu"),
             view->sums->records);
    for (size_t i = 0; i < sum_rows(view); i++, y++) {
        const struct list_sum *sum = &view->sums->sums[i];
        const char *amount = list_sum_text(sum, text);
        int x = align_start(totals, end, amount);
        if (i == 0) screen_put(y, NAME_X, x - NAME_X - 1, STYLE_FAINT, words);
        screen_put(y, x, end - x, STYLE_STRONG, amount);
        screen_put(y, end + 1, CURRENCY_COLUMNS, STYLE_STRONG, sum->currency);
    }
}

/* By its name, where that one is in the list and has another than this. Owned; NULL: it isn't
 * merged. */
static char *merged_words(const struct recent_view *view, const struct json *record)
{
    const char *into = fact_merged_into(record), *name = into;
    size_t at = fact_of_name(view->resource);
    char *words = NULL;
    for (size_t i = 0; *into && i < view->count; i++) {
        const char *id = json_text(view->records[i], "id");
        if (id && strcmp(id, into) == 0) name = fact_at(view->resource, at, view->records[i]);
    }
    if (strcmp(name, fact_at(view->resource, at, record)) == 0) name = into;
    return *into && asprintf(&words, _("merged into %s"), name) >= 0 ? words : NULL;
}

static void paint_record(const struct recent_view *view, const struct json *record, bool selected,
                         const struct align *totals, int y)
{
    const struct resource *resource = view->resource;
    char *merged = merged_words(view, record);
    enum style style = selected ? STYLE_FOCUS : merged ? STYLE_FAINT : STYLE_TEXT;
    size_t email = fact_of_kind(resource, FIELD_EMAIL);
    const char *name = fact_at(resource, fact_beside(resource, email), record);
    int end = screen_columns() - CURRENCY_COLUMNS - 1;
    int columns = align_columns(totals) < TOTAL_COLUMNS ? align_columns(totals) : TOTAL_COLUMNS;
    char text[GROUPED_SIZE];
    const char *total = list_total_text(resource, record, text);
    int total_x = align_start(totals, end, total);
    if (total_x < end - columns) total_x = end - columns;
    if (selected) screen_put(y, 1, 1, style, ">");
    if (selected && view->chosen) screen_cursor(y, 1);
    screen_put(y, NAME_X, NAME_COLUMNS, style, fact_at(resource, fact_of_name(resource), record));
    screen_put(y, DATE_X, CUSTOMER_X - DATE_X - 1, style,
               fact_at(resource, fact_of_kind(resource, FIELD_DATE), record));
    screen_put(y, CUSTOMER_X, end - columns - CUSTOMER_X - 2, style,
               merged  ? merged
               : *name ? name
                       : fact_at(resource, email, record));
    free(merged);
    screen_put(y, total_x, end - total_x, style, total);
    screen_put(y, end + 1, CURRENCY_COLUMNS, style,
               fact_at(resource, fact_of_kind(resource, FIELD_CURRENCY), record));
}

static const char *nothing_because(const struct recent_view *view)
{
    if (view->asking) return _("Asking the server...");
    if (view->trouble) return _(view->trouble);
    return fact_word(view->resource,
                     text_field_is_blank(view->search) ? WORD_NONE_YET : WORD_NOT_FOUND);
}

void recent_paint(const struct recent_view *view)
{
    int y = FRAME_TOP;
    int end = screen_columns();
    size_t count = view->count;
    assert(count == 0 || view->selected < count);
    screen_put(y, 1, end - 2, STYLE_STRONG, fact_word(view->resource, WORD_RECENT));
    bool newest = view->more && text_field_is_blank(view->search);
    char said[160] = "";
    if (newest) snprintf(said, sizeof said, _("the newest %zu"), count);
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s", newest ? ", " : "",
             view->order);
    screen_put_right(y, end, end / 2, STYLE_FAINT, said);
    paint_search(view->search, y + 2);
    y += 4;
    if (count == 0) {
        y += frame_wrap(y, 1, end - 2, 3, STYLE_TEXT, nothing_because(view)) + 1;
        if (!view->asking && view->trouble) frame_wrap(y, 1, end - 2, 3, STYLE_TEXT, status_away());
        return;
    }
    struct align totals = measure_totals(view);
    paint_header(view->resource, y++);
    int sums_y = screen_rows() - FRAME_BOTTOM - (int)sum_rows(view);
    paint_sums(view, &totals, sums_y);
    size_t rows = (size_t)(sums_y - y);
    size_t first = view->selected >= rows ? view->selected - rows + 1 : 0;
    for (size_t i = first; i < count && i < first + rows; i++) {
        paint_record(view, view->records[i], i == view->selected, &totals, y++);
    }
}
