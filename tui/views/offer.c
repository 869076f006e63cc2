#include "tui/views/offer.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "tui/form/facts.h"
#include "tui/form/moment.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

#define VALUE_X 19

static int paint_fact(int y, const char *label, const char *value)
{
    if (!*value) return y;
    screen_put(y, 1, VALUE_X - 2, STYLE_FAINT, label);
    screen_put(y, VALUE_X, screen_columns() - VALUE_X - 1, STYLE_TEXT, value);
    return y + 1;
}

static int paint_draft(int y, const struct resource *resource, const struct json *draft)
{
    char count[24];
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        snprintf(count, sizeof count, "%zu", json_count(json_member(draft, field->name)));
        if (field->kind == FIELD_ROWS)
            y = paint_fact(y, _(field->label), count);
        else if (fact_stands_alone(field))
            y = paint_fact(y, _(field->label), fact_in(field, draft));
    }
    return y;
}

void offer_paint(const struct offer_view *view)
{
    int y = FRAME_TOP;
    int end = screen_columns();
    char problem[JSON_PROBLEM_MAX];
    char utc[CLOCK_TEXT_SIZE];
    char at[MOMENT_SIZE];
    screen_put(y, 1, end - 2, STYLE_STRONG, _("A draft was kept"));
    y += 2;
    y += frame_wrap(y, 1, end - 2, 3, STYLE_TEXT,
                    _("This was being typed when the form was left, and was not sent. You can go "
                      "on with it.")) +
         1;
    struct json *draft = json_read_object(view->body, strlen(view->body), problem);
    y = paint_draft(y, view->resource, draft);
    json_free(draft);
    clock_format(view->saved_ms, utc);
    moment_local(utc, at);
    paint_fact(y, _("Kept at"), at);
}
