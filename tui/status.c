#include "tui/status.h"

#include "protocol/wire/problem.h"
#include "protocol/wire/text.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_words[SUBMISSION_STATES] = {
    [SUBMISSION_EDITING] = N_("Editing"),         [SUBMISSION_LOCKED] = N_("Saving"),
    [SUBMISSION_RECORDING] = N_("Saving"),        [SUBMISSION_RECORDED] = N_("Saving"),
    [SUBMISSION_SENDING] = N_("Saving"),          [SUBMISSION_CREATED] = N_("Created"),
    [SUBMISSION_CONFLICT] = N_("Conflict"),       [SUBMISSION_REJECTED] = N_("Rejected"),
    [SUBMISSION_UNCONFIRMED] = N_("Unconfirmed"),
};

const char *status_word(enum submission_state state)
{
    return _(state_words[state]);
}

void status_saving(const struct submitter_view *view, int64_t now_ms, int columns,
                   char text[STATUS_SIZE])
{
    const struct submission *submission = &view->submission;
    long seconds = (long)((now_ms - submission->pressed_ms) / 1000);
    bool sending = submission->state == SUBMISSION_SENDING;
    unsigned attempt = submission->attempts + (sending ? 0 : 1);
    seconds = seconds < 0 ? 0 : seconds;
    if (attempt < 2) {
        snprintf(text, STATUS_SIZE, _("%ld s"), seconds);
        return;
    }
    char *told = words_retold(*view->why ? view->why : N_("no answer"));
    const char *why = told ? told : view->why;
    snprintf(text, STATUS_SIZE, _("%ld s  %s, trying again with the same key, attempt %u"), seconds,
             why, attempt);
    if ((int)text_width(text) > columns) /* which attempt matters more than the middle */
        snprintf(text, STATUS_SIZE, _("%ld s  attempt %u, same key: %s"), seconds, attempt, why);
    free(told);
}

/* Refusals that have better words than the server's own. */
static const struct {
    enum problem_type type;
    const char *sentence;
} refusals[] = {
    {PROBLEM_UNAUTHORIZED,
     N_("The server doesn't accept your token. Nothing was created. Quit, give the right one "
        "(--token, INVONCE_TOKEN or config.ini), and enter it again.")},
    {PROBLEM_NOT_FOUND,
     N_("The server has no place for invoices: is the address in --server the right one? Nothing "
        "was created.")},
    {PROBLEM_PAYLOAD_TOO_LARGE,
     N_("The invoice is too large for the server. Nothing was created.")},
};

static const char *refusal_of(const json_t *document)
{
    struct problem problem;
    if (!document || !problem_read(document, &problem)) return NULL;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i].type == problem.type) return _(refusals[i].sentence);
    }
    return *problem.detail ? problem.detail : NULL;
}

char *status_refusal(const struct submitter_view *view)
{
    const char *sentence = refusal_of(view->problem);
    if (!sentence && *view->why) sentence = view->why;
    if (sentence) return words_retold(sentence);
    return strdup(_("It was refused. Nothing was created."));
}
