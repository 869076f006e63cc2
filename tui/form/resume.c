#include "tui/form/resume.h"

#include "protocol/wire/json.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>

#define LOOK_EVERY_MS  5000 /* another window may have left something */
#define READ_MS        5000 /* a notice stays this long, whatever is typed */
#define PAUSE_FIRST_MS 30000
#define PAUSE_LAST_MS  300000

/* Only adopted intents go through this submitter: there is nothing to compose. */
static struct json *compose_nothing(void *form)
{
    (void)form;
    return NULL;
}

bool resume_start(struct resume *resume, const struct resource *resource,
                  const struct submitter_context *context)
{
    *resume = (struct resume){.journal = context->journal, .pause_ms = PAUSE_FIRST_MS};
    resume->submitter = submitter_new(context, resource, compose_nothing, NULL);
    return resume->submitter != NULL;
}

void resume_stop(struct resume *resume)
{
    if (resume->submitter) submitter_free(resume->submitter);
    free(resume->notice);
    *resume = (struct resume){0};
}

void resume_look(struct resume *resume)
{
    resume->due_ms = 0;
    resume->pause_ms = PAUSE_FIRST_MS;
}

void resume_tell(struct resume *resume, char *news)
{
    free(resume->notice);
    resume->notice = news;
    resume->told_ms = INT64_MAX;
}

void resume_shown(struct resume *resume, int64_t now_ms)
{
    if (resume->notice && now_ms < resume->told_ms) resume->told_ms = now_ms;
}

const char *resume_key(const struct resume *resume)
{
    if (!resume->in_hand) return "";
    const struct intent *intent = submitter_view(resume->submitter).intent;
    return intent ? intent->key : "";
}

bool resume_is_sending(const struct resume *resume)
{
    return resume->in_hand &&
           !submission_has_ended(submitter_view(resume->submitter).submission.state);
}

void resume_forget_notice(struct resume *resume, int64_t now_ms)
{
    if (now_ms - READ_MS < resume->told_ms) return;
    free(resume->notice);
    resume->notice = NULL;
}

static void tell(struct resume *resume, const struct submitter_view *view)
{
    char *notice = NULL;
    const char *name = view->intent ? view->intent->name : "";
    const char *id = view->record ? json_text(view->record, "id") : NULL;
    int written = -1;
    switch (view->submission.state) {
    case SUBMISSION_CREATED:
        written = asprintf(&notice, _("%s from before is saved: %s"), name, id ? id : "");
        break;
    case SUBMISSION_CONFLICT:
        written =
            asprintf(&notice, _("%s from before was not created: its number was taken"), name);
        break;
    case SUBMISSION_REJECTED:
        written = asprintf(&notice, _("%s from before was refused: nothing was created"), name);
        break;
    case SUBMISSION_UNCONFIRMED:
        written = asprintf(&notice,
                           _("%s is still waiting for confirmation; it will be sent again"), name);
        break;
    case SUBMISSION_EDITING:
    case SUBMISSION_LOCKED:
    case SUBMISSION_RECORDING:
    case SUBMISSION_RECORDED:
    case SUBMISSION_SENDING:
    case SUBMISSION_STATES:
        return;
    }
    resume_tell(resume, written < 0 ? NULL : notice);
}

/* The intent in hand has ended and the journal knows: let it go, and look for the next. */
static void let_go(struct resume *resume, const struct submitter_view *view, int64_t now_ms)
{
    tell(resume, view);
    bool unconfirmed = view->submission.state == SUBMISSION_UNCONFIRMED;
    resume->due_ms = unconfirmed ? now_ms + resume->pause_ms : now_ms;
    if (unconfirmed && resume->pause_ms < PAUSE_LAST_MS) resume->pause_ms *= 2;
    if (!unconfirmed) resume->pause_ms = PAUSE_FIRST_MS;
    submitter_renew(resume->submitter);
    resume->in_hand = false;
}

static bool take_up(struct resume *resume, int64_t now_ms)
{
    struct intent *intent = NULL;
    unsigned attempts = 0;
    resume->due_ms = now_ms + LOOK_EVERY_MS;
    if (journal_adopt(resume->journal, &intent, &attempts) != JOURNAL_OK || !intent) return false;
    submitter_adopt(resume->submitter, intent, attempts, now_ms);
    resume->in_hand = true;
    return true;
}

bool resume_advance(struct resume *resume, bool may_adopt, int64_t now_ms)
{
    if (!resume->in_hand) {
        return may_adopt && now_ms >= resume->due_ms && take_up(resume, now_ms);
    }
    bool more = submitter_advance(resume->submitter, now_ms);
    struct submitter_view view = submitter_view(resume->submitter);
    bool told = submitter_due_ms(resume->submitter) == INT64_MAX;
    if (more || !submission_has_ended(view.submission.state) || !told) return more;
    let_go(resume, &view, now_ms);
    return true;
}

int64_t resume_due_ms(const struct resume *resume, bool may_adopt)
{
    if (resume->in_hand) return submitter_due_ms(resume->submitter);
    return may_adopt ? resume->due_ms : INT64_MAX;
}
