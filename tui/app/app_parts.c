#include "tui/app/app_state.h"

#include "protocol/client/clock.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>

#define STEPS_TO_LEAVE 8
#define EXIT_FAILED    1
#define EXIT_OPEN      5
#define EXIT_SIGNAL    128

static bool no_memory(char sentence[JOURNAL_SENTENCE_MAX])
{
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("there is not enough memory"));
    return false;
}

bool app_fill_form(struct app *app, char sentence[JOURNAL_SENTENCE_MAX])
{
    app_start_clean(app);
    if (!app->failed && app->options->prefill)
        app->failed = !form_prefill(&app->form, app->options->prefill);
    return !app->failed || no_memory(sentence);
}

bool app_connect_parts(struct app *app, char sentence[JOURNAL_SENTENCE_MAX])
{
    const struct app_options *options = app->options;
    const struct journal_account account = {
        .server = options->journal_server ? options->journal_server : options->server,
        .token = options->token,
    };
    const struct courier_options courier = {
        .server = options->server,
        .token = options->token,
        .connect_timeout_ms = options->connect_timeout_ms,
        .attempt_timeout_ms = options->attempt_timeout_ms,
        .ca_file = options->ca_file,
        .insecure = options->insecure,
    };
    app->context.retry = options->retry;
    app->context.asks_whose = true;
    app->context.courier = courier_new(&courier, sentence);
    if (!app->context.courier) return false;
    app->context.journal = journal_open(options->journal_path, &account, sentence);
    if (!app->context.journal) return false;
    app->submitter = submitter_new(&app->context, &invoice_intent, form_compose, &app->form);
    if (!app->submitter || !resume_start(&app->resume, &app->context)) return no_memory(sentence);
    identity_start(&app->identity, app->context.courier);
    recent_start(&app->recent, app->context.courier);
    waiting_start(&app->waiting, app->context.journal);
    customers_start(&app->customers, app->context.courier);
    if (app->demo) app_demo_connect(app);
    draft_start(&app->draft, app->context.journal);
    app_advance_journal(app, clock_monotonic_ms());
    return true;
}

/* Brings the form in line with what the network, the journal or the check have brought about. */
static void follow_news(struct app *app)
{
    enum view view = app_view(app);
    bool locked = app->seen_locked;
    if (!app_follow(app)) return;
    app->came_up = app->came_up || app_view(app) != view || (locked && !app_is_locked(app));
}

/* Whose the token is, is asked before anything old is sent with it: it may be another tenant's now.
 */
static bool may_adopt(const struct app *app)
{
    return app->identity.asked && !app_is_locked(app);
}

bool app_advance(struct app *app, int64_t now_ms)
{
    app_note_lock(app, now_ms);
    if (app_advance_journal(app, now_ms)) {
        app->dirty = true;
        return true;
    }
    if (app_mistake_advance(app, now_ms)) {
        follow_news(app);
        app->dirty = true;
        return true;
    }
    if (submitter_advance(app->submitter, now_ms)) {
        follow_news(app);
        app->dirty = true;
        return true;
    }
    if (resume_advance(&app->resume, may_adopt(app), now_ms)) {
        if (!app->resume.in_hand) app_follow_settled(app);
        if (!app->resume.in_hand) app->waiting.due_ms = now_ms;
        app->dirty = true;
        return true;
    }
    query_advance(&app->customers.query, now_ms);
    if (app->customers.news && !app_is_locked(app)) {
        if (!customers_follow(&app->customers, &app->form, now_ms)) app->failed = true;
        app->dirty = true;
    }
    if (app_advance_aside(app, now_ms)) app->dirty = true;
    if (now_ms >= app->judge_ms && !app_is_locked(app) && app_judge_number(app, now_ms))
        app->dirty = true;
    if (draft_advance(&app->draft, &app->form, now_ms)) {
        app->dirty = true;
        app_see_refused(app, false);
    }
    if (app_demo_advance(app, now_ms)) app->dirty = true;
    identity_advance(&app->identity, now_ms);
    return false;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t app_due_ms(const struct app *app, int64_t now_ms)
{
    int64_t due = submitter_due_ms(app->submitter);
    due = earlier(due, resume_due_ms(&app->resume, may_adopt(app)));
    due = earlier(due, app->identity.due_ms);
    due = earlier(due, app_aside_due_ms(app));
    due = earlier(due, app->draft.due_ms);
    due = earlier(due, app->journal_ms);
    if (!app_is_locked(app)) due = earlier(due, app->judge_ms);
    due = earlier(due, query_due_ms(&app->customers.query));
    due = earlier(due, app_demo_due_ms(app));
    due = earlier(due, app_mistake_due_ms(app));
    if (!app_is_saving(app)) return due;
    int64_t pressed = app_submission(app).submission.pressed_ms;
    return earlier(due, pressed + (app_seconds_saving(app, now_ms) + 1) * 1000);
}

bool app_wait(struct app *app, const int *descriptors, bool *readable, size_t count, int timeout_ms)
{
    bool known = app->identity.account || app->identity.refused;
    if (!courier_poll(app->context.courier, descriptors, readable, count, timeout_ms)) {
        app->failed = true;
        return false;
    }
    if ((app->identity.account || app->identity.refused) != known) {
        app_identify(app);
        app->dirty = true;
    }
    follow_news(app);
    return true;
}

void app_finish(struct app *app)
{
    /* An intent that was pressed is brought into the journal, one that has ended is settled. */
    for (int step = 0; app->submitter && step < STEPS_TO_LEAVE; step++) {
        enum submission_state state = app_submission(app).submission.state;
        int64_t now_ms = clock_monotonic_ms();
        if (state == SUBMISSION_RECORDED || state == SUBMISSION_SENDING) break;
        if (submitter_due_ms(app->submitter) > now_ms) break;
        if (!submitter_advance(app->submitter, now_ms)) break;
    }
    app_paste_end(app); /* as far as it came */
    draft_finish(&app->draft, &app->form);
    if (app->context.journal) app_see_refused(app, !app->came_up);
}

/* Says what stays behind. True when something does. */
static bool say_goodbye(const struct app *app)
{
    struct submitter_view view = app_submission(app);
    bool recorded = view.submission.state == SUBMISSION_RECORDED ||
                    view.submission.state == SUBMISSION_SENDING ||
                    view.submission.state == SUBMISSION_UNCONFIRMED;
    bool kept = !app->options->demo || !app->options->demo->forgets;
    if (!recorded || !view.intent || !kept) return false;
    printf(_("%s is in the journal (key %s): it will be sent again, with the same key, at the next "
             "start.\n"),
           view.intent->name, view.intent->key);
    fflush(stdout);
    return true;
}

/* True when something typed could be kept nowhere: it is on the terminal then. */
static bool hand_back(const struct app *app)
{
    bool pressed = app_submission(app).submission.state == SUBMISSION_RECORDING;
    char *typed = draft_lost(&app->draft, &app->form, pressed);
    if (!typed) return false;
    char *why = words_retold(journal_sentence(app->context.journal));
    printf(_("What you typed could not be kept, and was not sent. %s Here it is; in a file, "
             "--prefill takes it back:\n%s\n"),
           why ? why : "", typed);
    fflush(stdout);
    free(why);
    free(typed);
    return true;
}

static void close_parts(struct app *app)
{
    resume_stop(&app->resume);
    if (app->submitter) submitter_free(app->submitter);
    app_mistake_stop(app);
    app_demo_free(app);
    identity_stop(&app->identity);
    recent_stop(&app->recent);
    waiting_stop(&app->waiting);
    draft_stop(&app->draft);
    customers_stop(&app->customers);
    record_clear(&app->past);
    app_forget_refusal(app);
    if (app->context.journal) journal_close(app->context.journal);
    if (app->context.courier) courier_free(app->context.courier);
    record_clear(&app->record);
    document_clear(&app->typed);
    form_clear(&app->form);
    history_clear(&app->history);
    history_clear(&app->searched);
    free(app->last_number);
}

int app_leave(struct app *app, const char *sentence)
{
    bool open = say_goodbye(app);
    bool lost = hand_back(app);
    if (!*sentence) sentence = app->broken;
    if (!*sentence && app->failed) sentence = _("the network library or the memory failed");
    char *told = words_retold(sentence);
    if (*sentence) fprintf(stderr, "invonce: %s\n", told ? told : sentence);
    free(told);
    close_parts(app);
    if (*sentence || lost) return EXIT_FAILED;
    if (app->signal) return EXIT_SIGNAL + app->signal;
    return open ? EXIT_OPEN : 0;
}
