/* The invoices that the server has, a page at a time: each with the number that opens it. */
#include "tui/plain/plain_state.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/form/align.h"
#include "tui/form/facts.h"
#include "tui/form/status.h"
#include "tui/words/words.h"

#include <stdlib.h>

#define PAGE 20

void plain_open_recent(struct plain *plain, int64_t now_ms)
{
    plain->first = 0;
    recent_open(&plain->recent, now_ms);
}

/* So many columns of blanks at least make the text that wide. */
static int blanks(int columns, const char *text)
{
    int left = columns - (int)text_width(text);
    return left > 0 ? left : 0;
}

struct columns {
    int number, name;
    struct align total;
};

static struct columns measure(const struct recent *recent, size_t first, size_t end)
{
    struct columns columns = {.number = snprintf(NULL, 0, "%zu", end)};
    char room[GROUPED_SIZE];
    for (size_t i = first; i < end; i++) {
        const struct json *record = recent->shown[i];
        const char *name = fact_at(recent->resource, fact_of_name(recent->resource), record);
        if ((int)text_width(name) > columns.name) columns.name = (int)text_width(name);
        align_measure(&columns.total, list_total_text(recent->resource, record, room));
    }
    for (size_t i = 0; i < recent->sums.count; i++)
        align_measure(&columns.total, list_sum_text(&recent->sums.sums[i], room));
    return columns;
}

/* "1,234.50 EUR", its point under the others', and its currency too. Owned by the caller; NULL: out
 * of memory. */
static char *amount_in(const struct columns *columns, const char *amount, const char *currency)
{
    char *text = NULL;
    int end = align_columns(&columns->total);
    int start = align_start(&columns->total, end, amount);
    int behind = end - start - (int)text_width(amount);
    int length = asprintf(&text, "%*s%s%*s %s", start, "", amount, behind, "", currency);
    return length < 0 ? NULL : text;
}

/* Whose it is comes last, as long as it may be. */
static void tell_row(const struct recent *recent, size_t at, const struct columns *columns)
{
    const struct resource *resource = recent->resource;
    const struct json *record = recent->shown[at];
    char room[GROUPED_SIZE];
    size_t email = fact_of_kind(resource, FIELD_EMAIL);
    const char *name = fact_at(resource, fact_of_name(resource), record);
    const char *whose = fact_at(resource, fact_beside(resource, email), record);
    char *merged = fact_merged(record);
    char *total = amount_in(columns, list_total_text(resource, record, room),
                            fact_at(resource, fact_of_kind(resource, FIELD_CURRENCY), record));
    plain_say("%*zu  %s%*s  %s  %s  %s", columns->number, at + 1, name, blanks(columns->name, name),
              "", fact_at(resource, fact_of_kind(resource, FIELD_DATE), record), total ? total : "",
              merged   ? merged
              : *whose ? whose
                       : fact_at(resource, email, record));
    free(total);
    free(merged);
}

static void tell_sums(const struct recent *recent, const struct columns *columns)
{
    char room[GROUPED_SIZE];
    plain_say(recent_has_more(recent) ? _("Sum of these %zu, more to come") : _("Sum of these %zu"),
              recent->sums.records);
    for (size_t i = 0; i < recent->sums.count; i++) {
        const struct list_sum *sum = &recent->sums.sums[i];
        char *amount = amount_in(columns, list_sum_text(sum, room), sum->currency);
        int indent = columns->number + 2 + columns->name + 2 + FACT_DATE_COLUMNS + 2;
        plain_say("%*s%s", indent, "", amount ? amount : "");
        free(amount);
    }
}

static void tell_nothing(const struct recent *recent)
{
    bool searching = recent_is_searching(recent);
    char *trouble = recent->trouble ? words_retold(recent->trouble) : NULL;
    plain_say("%s", recent_is_asking(recent) ? _("The server has not answered yet.")
                    : trouble
                        ? trouble
                        : fact_word(recent->resource, searching ? WORD_NOT_FOUND : WORD_NONE_YET));
    if (trouble) plain_say("%s", status_away());
    free(trouble);
}

void plain_tell_recent(struct plain *plain)
{
    const struct recent *recent = &plain->recent;
    size_t count = recent->shown_count;
    plain_say("%s, %s", fact_word(recent->resource, WORD_RECENT), recent_order_words(recent));
    if (count == 0) {
        tell_nothing(recent);
        return;
    }
    if (plain->first >= count) plain->first = (count - 1) / PAGE * PAGE;
    size_t end = plain->first + PAGE < count ? plain->first + PAGE : count;
    struct columns columns = measure(recent, plain->first, end);
    for (size_t i = plain->first; i < end; i++)
        tell_row(recent, i, &columns);
    tell_sums(recent, &columns);
}

/* The next page; the server is asked for what isn't there yet. */
void plain_go_on_recent(struct plain *plain, int64_t now_ms)
{
    struct recent *recent = &plain->recent;
    plain->first += PAGE;
    if (plain->first + PAGE >= recent->shown_count)
        recent_move(recent, true, recent->shown_count, now_ms);
    if (plain->first >= recent->shown_count && !recent_has_more(recent))
        plain_say("%s", _("That was the last page."));
}

void plain_search_recent(struct plain *plain, const char *text, int64_t now_ms)
{
    plain->first = 0;
    if (!recent_search(&plain->recent, text, now_ms)) plain->entry.failed = true;
}

void plain_pick_recent(struct plain *plain, size_t at)
{
    const struct recent *recent = &plain->recent;
    struct json *own = at < recent->shown_count ? json_copy(recent->shown[at]) : NULL;
    if (!own) {
        plain_say(_("There is no %zu in the list: answer with one of its numbers."), at + 1);
        return;
    }
    record_clear(&plain->past);
    bool believed = record_believe(&plain->past, recent->resource, own);
    plain->past.document.own = own;
    if (!believed) return;
    plain->aside = VIEW_PAST;
    plain->told_aside = false;
}
