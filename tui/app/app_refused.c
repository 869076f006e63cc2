/* A refusal of an intent that nobody was looking at, opened from the outbox: shown, taken back into
 * the form, or done with. */
#include "tui/app/app_state.h"

#include "tui/form/status.h"
#include "tui/views/conflict.h"
#include "tui/views/refused.h"
#include <stdlib.h>

void app_open_refusal(struct app *app)
{
    if (!refusal_open(&app->refusal, &app->entry, waiting_selected(&app->entry.waiting))) return;
    app->aside = VIEW_REFUSED;
    app->scroll = 0;
}

void app_take_back(struct app *app, int64_t now_ms)
{
    if (!refusal_take_back(&app->refusal, &app->entry, now_ms)) return;
    app_follow(app);
    app->aside = VIEW_FORM;
    app->scroll = 0;
}

void app_view_refusing_original(struct app *app)
{
    struct refusal *refusal = &app->refusal;
    if (!refusal->has_original) return;
    app->aside = VIEW_STANDING;
    app->scroll = 0;
}

void app_paint_refusal(struct app *app)
{
    const struct refusal *refusal = &app->refusal;
    if (refusal->state == SUBMISSION_CONFLICT) {
        const struct record *original = refusal->has_original ? &refusal->original : NULL;
        char *same = status_same(refusal->resource, original, refusal->typed.json);
        conflict_paint(&(struct conflict_view){
            .resource = refusal->resource,
            .original = original,
            .typed = &refusal->typed.values,
            .sentence = status_conflict(refusal->resource, refusal->problem),
            .advice = same ? same : status_conflict_taken_back(refusal->resource, refusal->problem),
        });
        free(same);
        return;
    }
    char *sentence = refusal_sentence(refusal);
    refused_paint(&(struct refused_view){
        .resource = refusal->resource,
        .typed = &refusal->typed.values,
        .sentence = sentence ? sentence : "",
        .violations = &refusal->violations,
    });
    free(sentence);
}
