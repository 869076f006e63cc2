#include "tui/plain/plain.h"

#include "protocol/client/clock.h"
#include "tui/form/status.h"
#include "tui/plain/plain_state.h"
#include "tui/terminal/signals.h"
#include "tui/words/words.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define WAIT_MAX_MS   60000 /* nothing depends on it */
#define STILL_SECONDS 15    /* between two signs of life while it is being saved */
#define SETTLE_MS     5000  /* what is unsettled is waited for so long before the first question */

void plain_begin_saving(struct plain *plain)
{
    plain_input_hold();
    plain->told_attempt = app_submission(&plain->app).submission.attempts + 1;
    plain->told_second = 0;
    plain_say("%s", _("Saving..."));
}

/* What is typed meanwhile counts, and acts on nothing. */
static void drop_typed(struct plain *plain, int64_t now_ms)
{
    for (unsigned enters = plain_input_drop(&plain->input); enters > 0; enters--)
        app_act(&plain->app, ACTION_SUBMIT, now_ms);
}

static void tell_progress(struct plain *plain, int64_t now_ms)
{
    struct submitter_view view = app_submission(&plain->app);
    bool sending = view.submission.state == SUBMISSION_SENDING;
    char text[STATUS_SIZE];
    int64_t seconds = app_seconds_saving(&plain->app, now_ms);
    if (sending && view.submission.attempts > plain->told_attempt && status_attempt(&view, text)) {
        plain->told_attempt = view.submission.attempts;
        plain->told_second = seconds;
        plain_say("%s", text);
    } else if (seconds >= plain->told_second + STILL_SECONDS) {
        plain->told_second = seconds;
        plain_say(_("Still saving, %lld s"), (long long)seconds);
    }
}

static void tell_locked(struct plain *plain, int64_t now_ms)
{
    bool locked = app_journal_is_locked(&plain->app, now_ms);
    if (locked && !plain->told_locked) {
        if (plain->asked) plain_say("%s", "");
        plain_say("%s", status_locked());
        plain->asked = false;
    }
    plain->told_locked = locked;
}

static void tell_news(struct plain *plain)
{
    plain->app.came_up = false;
    plain->asked = false;
    plain_tell_view(plain);
}

/* A view has come up, or the form has opened, by itself: what was typed before was not meant for
 * it. */
static void take_news(struct plain *plain)
{
    struct app *app = &plain->app;
    if (app_is_saving(app)) {
        app->came_up = false;
        return;
    }
    unsigned late = plain_input_drop(&plain->input);
    if (app->seen == SUBMISSION_CREATED) app->late_presses += late;
    plain_input_let_go();
    tell_news(plain);
}

/* What was refused while nobody was looking waits until it is seen, elsewhere. */
static void tell_refused(struct plain *plain)
{
    size_t count = plain->app.waiting.refused;
    if (count > plain->told_refusals)
        plain_say(words_plural("%zu invoice from before was refused, and waits to be seen: invonce "
                               "outbox lists it.",
                               "%zu invoices from before were refused, and wait to be seen: "
                               "invonce outbox lists them.",
                               count),
                  count);
    plain->told_refusals = count;
}

/* What was found out meanwhile. True when there was something. */
static bool tell_notice(struct plain *plain)
{
    struct app *app = &plain->app;
    bool refused = app->identity.refused && !plain->told_refused;
    bool told = refused || app->resume.notice;
    plain->told_refused = app->identity.refused;
    if (refused) plain_say("%s", _("the server doesn't know your token: see --token"));
    if (app->resume.notice) plain_say("%s", app->resume.notice);
    tell_refused(plain);
    resume_tell(&app->resume, NULL);
    return told;
}

/* What is known of the customer by now goes into the question for the name; nothing changes behind
 * a question. */
static void take_customer(struct plain *plain, int64_t now_ms)
{
    struct app *app = &plain->app;
    struct customers *customers = &app->customers;
    bool asks_name = app_view(app) == VIEW_FORM && app->form.focus == FORM_NAME;
    if (customers->news && asks_name && !customers_follow(customers, &app->form, now_ms))
        app->failed = true;
    customers->news = false;
    query_stop(&customers->query);
}

static void ask(struct plain *plain, int64_t now_ms)
{
    bool submits = app_view(&plain->app) == VIEW_FORM && plain->app.form.focus == FORM_BUTTON;
    tell_notice(plain);
    if (submits) plain_input_forget(&plain->input); /* a text of several lines may say "y" */
    take_customer(plain, now_ms);
    if (app_view(&plain->app) == VIEW_FORM)
        plain_ask_field(plain);
    else
        plain_ask_choice(plain);
    plain->asked = true;
}

/* The name that the server knows stands in the question for it, if it comes soon. */
static bool waits_for_name(const struct plain *plain, int64_t now_ms)
{
    const struct app *app = &plain->app;
    const struct query *query = &app->customers.query;
    bool asking = query->path && (!query->asked || query->call);
    return asking && app_view(app) == VIEW_FORM && app->form.focus == FORM_NAME &&
           now_ms < plain->name_until_ms;
}

/* Asks, and takes the answer if there is one. True when there may be another. */
static bool converse(struct plain *plain, int64_t now_ms)
{
    struct app *app = &plain->app;
    if (!plain->asked && waits_for_name(plain, now_ms)) return false;
    if (!plain->asked) ask(plain, now_ms);
    char *answer = plain_input_next(&plain->input);
    if (!answer) {
        app->quit = plain->input.ended;
        if (app->quit) plain_say("%s", "");
        return false;
    }
    plain->asked = false;
    if (!isatty(STDIN_FILENO)) plain_prompt("\n"); /* no answer was echoed, with its line's end */
    if (app_view(app) == VIEW_FORM)
        plain_answer_field(plain, answer, now_ms);
    else
        plain_answer_choice(plain, answer, now_ms);
    app_follow(app);
    return true;
}

static void suspend(struct plain *plain)
{
    plain_input_let_go();
    signals_stop();
    if (app_is_saving(&plain->app)) plain_input_hold();
    plain->asked = false;
}

/* Ctrl-C is how one leaves, at a terminal. */
static void take_signals(struct plain *plain)
{
    for (int number = signals_next(); number; number = signals_next()) {
        if (number == SIGTSTP) {
            suspend(plain);
        } else if (number == SIGINT && isatty(STDIN_FILENO)) {
            plain->app.quit = true;
            plain_say("%s", "");
        } else if (number != SIGCONT && number != SIGWINCH) {
            plain->app.signal = number;
        }
    }
}

static void wait_for_news(struct plain *plain, int timeout_ms)
{
    const int descriptors[] = {signals_descriptor(), STDIN_FILENO};
    bool readable[2] = {false, false};
    bool listens = !plain->input.ended && (plain->asked || app_is_saving(&plain->app));
    if (!app_wait(&plain->app, descriptors, readable, listens ? 2 : 1, timeout_ms)) return;
    take_signals(plain);
    if (readable[1] && !app_is_saving(&plain->app)) plain_input_read(&plain->input);
}

static bool goes_on(const struct plain *plain)
{
    return !plain->app.quit && !plain->app.signal && !plain->app.failed;
}

static int wait_ms(const struct plain *plain, int64_t now_ms)
{
    int64_t due = app_due_ms(&plain->app, now_ms);
    if (due > now_ms + WAIT_MAX_MS) due = now_ms + WAIT_MAX_MS;
    if (waits_for_name(plain, now_ms) && due > plain->name_until_ms) due = plain->name_until_ms;
    return due > now_ms ? (int)(due - now_ms) : 0;
}

static void run(struct plain *plain)
{
    struct app *app = &plain->app;
    while (goes_on(plain)) {
        int64_t now_ms = clock_monotonic_ms();
        bool more = false;
        if (app->came_up) take_news(plain);
        tell_locked(plain, now_ms);
        if (app_is_saving(app)) {
            drop_typed(plain, now_ms);
            tell_progress(plain, now_ms);
        } else {
            more = converse(plain, now_ms);
        }
        if (!goes_on(plain)) break;
        more = app_advance(app, now_ms) || more;
        wait_for_news(plain, more ? 0 : wait_ms(plain, clock_monotonic_ms()));
        if (ferror(stdout)) app->signal = SIGHUP; /* nobody hears */
    }
}

static size_t waits(const struct app *app)
{
    return app->waiting.count - app->waiting.refused;
}

/* What an earlier run left unsettled is seen to first, as far as that is quickly done. */
static void settle_what_waits(struct plain *plain)
{
    struct app *app = &plain->app;
    int64_t until_ms = clock_monotonic_ms() + SETTLE_MS;
    waiting_look(&app->waiting, "", clock_monotonic_ms());
    if (waits(app) == 0) return;
    plain_say(
        words_plural("%zu invoice from before isn't settled: it is being sent again, with the "
                     "same key.",
                     "%zu invoices from before aren't settled: they are being sent again, each "
                     "with its own key.",
                     waits(app)),
        waits(app));
    while (goes_on(plain) && waits(app) > 0 && clock_monotonic_ms() < until_ms) {
        bool more = app_advance(app, clock_monotonic_ms());
        if (tell_notice(plain)) waiting_look(&app->waiting, "", clock_monotonic_ms());
        int wait = wait_ms(plain, clock_monotonic_ms());
        wait_for_news(plain, more ? 0 : wait < 100 ? wait : 100);
    }
    if (!app->options->prefill && form_is_blank(&app->form)) app_follow_last(app);
}

static void greet(const struct app *app)
{
    plain_say("Invonce  %s", app->options->server);
    plain_say("%s", _("Each field is asked for in a line of its own. Enter keeps what stands in "
                      "brackets, - empties it. Ctrl-D leaves, and keeps what you typed."));
}

static bool open_parts(struct plain *plain, char sentence[JOURNAL_SENTENCE_MAX])
{
    if (!app_fill_form(&plain->app, sentence)) return false;
    if (signals_catch(plain_input_restore)) return app_connect_parts(&plain->app, sentence);
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("there are no file descriptors left"));
    return false;
}

int plain_run(const struct app_options *options)
{
    struct plain plain = {.app = {.options = options}};
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    if (open_parts(&plain, sentence)) {
        greet(&plain.app);
        settle_what_waits(&plain);
        /* A pipe has its answers from the start; at a terminal they would be for another question.
         */
        if (plain.app.came_up && !isatty(STDIN_FILENO)) tell_news(&plain);
        run(&plain);
    }
    app_finish(&plain.app);
    plain_input_let_go();
    signals_release();
    if (plain.app.draft.kept && plain.app.draft.due_ms == INT64_MAX)
        plain_say("%s", _("What you typed is kept as a draft, and offered at the next start."));
    return app_leave(&plain.app, sentence);
}
