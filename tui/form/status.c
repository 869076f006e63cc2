#include "tui/form/status.h"

#include "protocol/wire/problem.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/words/day.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOCKED_SHOW_MS 1000 /* what is locked for less is nobody's concern */

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

/* The one that is under way, or comes next. */
static unsigned attempt_of(const struct submission *submission)
{
    return submission->attempts + (submission->state == SUBMISSION_SENDING ? 0 : 1);
}

/* Owned by the caller; NULL: out of memory. */
static char *why_of(const struct submitter_view *view)
{
    return words_retold(*view->why ? view->why : N_("no answer"));
}

const char *status_locked(void)
{
    return _("another program has the journal locked: end it, or wait");
}

void status_saving(const struct submitter_view *view, int64_t now_ms, int columns,
                   char text[STATUS_SIZE])
{
    const struct submission *submission = &view->submission;
    long seconds = (long)((now_ms - submission->pressed_ms) / 1000);
    unsigned attempt = attempt_of(submission);
    seconds = seconds < 0 ? 0 : seconds;
    if (view->locked_ms != 0 && now_ms >= view->locked_ms + LOCKED_SHOW_MS) {
        snprintf(text, STATUS_SIZE, _("%ld s  %s"), seconds, status_locked());
        return;
    }
    if (attempt < 2) {
        snprintf(text, STATUS_SIZE, _("%ld s"), seconds);
        return;
    }
    char *told = why_of(view);
    const char *why = told ? told : view->why;
    snprintf(text, STATUS_SIZE, _("%ld s  %s, trying again with the same key, attempt %u"), seconds,
             why, attempt);
    if ((int)text_width(text) > columns) /* which attempt matters more than the middle */
        snprintf(text, STATUS_SIZE, _("%ld s  attempt %u, same key: %s"), seconds, attempt, why);
    free(told);
}

bool status_attempt(const struct submitter_view *view, char text[STATUS_SIZE])
{
    unsigned attempt = attempt_of(&view->submission);
    if (attempt < 2) return false;
    char *why = why_of(view);
    snprintf(text, STATUS_SIZE, _("%s, trying again with the same key, attempt %u"),
             why ? why : view->why, attempt);
    free(why);
    return true;
}

/* What has better words than the server's own; NULL: nothing. */
static const char *own_words(const struct resource *kind, enum problem_type type)
{
    if (type == PROBLEM_NOT_FOUND) return fact_word(kind, WORD_NO_PLACE);
    if (type == PROBLEM_PAYLOAD_TOO_LARGE) return fact_word(kind, WORD_TOO_LARGE);
    if (type != PROBLEM_UNAUTHORIZED) return NULL;
    return _("The server doesn't accept your token. Nothing was created. Quit, give the right one "
             "(--token, INVONCE_TOKEN or config.ini), and go on with the draft: what you typed is "
             "kept in it.");
}

static const char *refusal_of(const struct resource *kind, const struct json *document)
{
    struct problem problem;
    if (!document || !problem_read(document, &problem)) return NULL;
    const char *own = own_words(kind, problem.type);
    if (own) return own;
    return *problem.detail ? problem.detail : NULL;
}

char *status_refusal(const struct resource *kind, const struct submitter_view *view)
{
    const char *sentence = refusal_of(kind, view->problem);
    if (!sentence && *view->why) sentence = view->why;
    if (sentence) return words_retold(sentence);
    return strdup(_("It was refused. Nothing was created."));
}

const char *status_created(const struct submitter_view *view, unsigned late_presses)
{
    if (view->submission.ignored_presses + late_presses == 0) return NULL;
    return fact_word(view->intent->kind, WORD_IGNORED);
}

char *status_unconfirmed(const struct submitter_view *view)
{
    return fact_sentence(view->intent->kind,
                         view->submission.may_exist ? WORD_MAY_EXIST : WORD_NOT_SENT,
                         view->intent->name);
}

const char *status_unconfirmed_advice(size_t index)
{
    static const char *const advice[] = {
        N_("The safe thing is to let it be sent again. Every attempt carries the same key, so "
           "however often it is sent, one record comes of it at most."),
        N_("Kept in the outbox it is sent again in the background and at the next start, and you "
           "are told what became of it. Please don't enter it under another number."),
    };
    return index < sizeof advice / sizeof advice[0] ? _(advice[index]) : NULL;
}

const char *status_away(void)
{
    return _("If the server stays away: see that it runs, that the network is there, and that the "
             "address is its own; invonce config shows where that was given.");
}

/* The rule whose values are taken; where that can't be told, the one that a person meets. */
static const struct unique_rule *rule_of(const struct resource *kind, const struct json *document)
{
    struct problem problem;
    const struct unique_rule *rule = NULL;
    if (document && problem_read(document, &problem)) rule = unique_rule_of(kind, problem.slug);
    return rule ? rule : &kind->unique[0];
}

const char *status_conflict(const struct resource *kind, const struct json *problem)
{
    return _(rule_of(kind, problem)->taken);
}

const char *status_conflict_advice(const struct resource *kind, const struct json *problem)
{
    return _(rule_of(kind, problem)->advice);
}

char *status_same(const struct resource *kind, const struct record *original,
                  const struct json *typed)
{
    char day[WORDS_DAY_SIZE], *sentence = NULL;
    if (!original || !typed || !resource_is_of(kind, original->document.json, typed)) return NULL;
    words_day(original->created_at, day);
    char *dated = fact_sentence(kind, WORD_SAME, day);
    const char *gap = dated ? strstr(dated, "%s") : NULL;
    if (gap && asprintf(&sentence, "%.*s%s%s", (int)(gap - dated), dated, original->created_by,
                        gap + strlen("%s")) < 0)
        sentence = NULL;
    free(dated);
    return sentence;
}

const char *status_conflict_taken_back(const struct resource *kind, const struct json *problem)
{
    const struct unique_rule *rule = rule_of(kind, problem);
    return _(rule->advice_later ? rule->advice_later : rule->advice);
}
