#include "tui/app.h"

#include "protocol/client/clock.h"
#include "tui/app_state.h"
#include "tui/terminal/screen.h"
#include "tui/terminal/signals.h"
#include "tui/words.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SEQUENCE_MS     25    /* a terminal sends the rest of a key's bytes within this */
#define WAIT_MAX_MS     60000 /* nothing depends on it */
#define STEPS_TO_LEAVE  8
#define DRAIN_BYTES_MAX (1024 * 1024)
#define EXIT_FAILED     1
#define EXIT_OPEN       5
#define EXIT_SIGNAL     128

/* What was typed before a view came up by itself was not meant for it. Presses were for the save
 * that has just ended; quitting alone is never mistaken for something else. */
static void drop(struct app *app, const struct keys_event *event)
{
    if (event->type == KEYS_PRESSED &&
        action_of_key(event->key, app_view(app), true) == ACTION_QUIT)
        app->quit = true;
    if (app->seen == SUBMISSION_CREATED && app_is_submit(app, event)) app->late_presses++;
}

static void take_events(struct app *app, bool silence)
{
    struct keys_event event;
    while (keys_next(&app->keys, silence, &event)) {
        if (app->came_up || app->drop_next) {
            drop(app, &event);
            app->drop_next = false;
        } else {
            app_take(app, &event, clock_monotonic_ms());
            app_follow(app);
        }
    }
}

/* Reads what the terminal has ready. Returns the number of bytes; 0: nothing. */
static size_t read_terminal(struct app *app)
{
    struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&terminal, 1, 0) <= 0) return 0;
    size_t size;
    char *room = keys_room(&app->keys, &size);
    ssize_t length = read(STDIN_FILENO, room, size);
    if (length > 0) {
        keys_fed(&app->keys, (size_t)length);
        return (size_t)length;
    }
    if (length < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
    app->signal = SIGHUP; /* the terminal is gone */
    return 0;
}

/* Lets go of all that was typed before the view that is about to be painted. */
static void drain(struct app *app)
{
    struct keys_event event;
    size_t drained = 0;
    size_t length;
    while (drained < DRAIN_BYTES_MAX && (length = read_terminal(app)) > 0) {
        drained += length;
        while (keys_next(&app->keys, false, &event))
            drop(app, &event);
    }
    app->drop_next = keys_waiting(&app->keys);
}

static void paint(struct app *app, int64_t now_ms)
{
    if (app->came_up) drain(app);
    app->came_up = false;
    app_paint(app, now_ms);
}

/* Brings the form in line with what the network, the journal or the check have brought about. */
static void follow_news(struct app *app)
{
    enum view view = app_view(app);
    bool locked = app->seen_locked;
    if (!app_follow(app)) return;
    app->came_up = app->came_up || app_view(app) != view || (locked && !app_is_locked(app));
}

static bool is_saving(const struct app *app)
{
    return app_view(app) == VIEW_FORM && app_is_locked(app);
}

static int64_t seconds_saving(const struct app *app, int64_t now_ms)
{
    return (now_ms - app_submission(app).submission.pressed_ms) / 1000;
}

/* Whose the token is, is asked before anything old is sent with it: it may be another tenant's now.
 */
static bool may_adopt(const struct app *app)
{
    return app->identity.asked && !app_is_locked(app);
}

/* Does what is due, one thing at most, so that what changed is painted before the next. True when
 * there may be more to do at once. */
static bool advance(struct app *app, int64_t now_ms)
{
    if (submitter_advance(app->submitter, now_ms)) {
        follow_news(app);
        app->dirty = true;
        return true;
    }
    if (resume_advance(&app->resume, may_adopt(app), now_ms)) {
        app->dirty = true;
        return true;
    }
    query_advance(&app->customers.query, now_ms);
    if (app->customers.news && !app_is_locked(app)) {
        if (!customers_follow(&app->customers, &app->form, now_ms)) app->failed = true;
        app->dirty = true;
    }
    if (app_advance_aside(app, now_ms)) app->dirty = true;
    if (draft_advance(&app->draft, &app->form, now_ms)) app->dirty = true;
    identity_advance(&app->identity, now_ms);
    return false;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int wait_ms(const struct app *app, int64_t now_ms)
{
    if (app->dirty) return 0;
    int64_t due = now_ms + WAIT_MAX_MS;
    due = earlier(due, submitter_due_ms(app->submitter));
    due = earlier(due, resume_due_ms(&app->resume, may_adopt(app)));
    due = earlier(due, app->identity.due_ms);
    due = earlier(due, app_aside_due_ms(app));
    due = earlier(due, app->draft.due_ms);
    due = earlier(due, query_due_ms(&app->customers.query));
    if (keys_waiting(&app->keys)) due = earlier(due, now_ms + SEQUENCE_MS);
    if (is_saving(app)) {
        int64_t pressed = app_submission(app).submission.pressed_ms;
        due = earlier(due, pressed + (seconds_saving(app, now_ms) + 1) * 1000);
    }
    return due > now_ms ? (int)(due - now_ms) : 0;
}

static void take_signals(struct app *app)
{
    for (int number = signals_next(); number; number = signals_next()) {
        switch (number) {
        case SIGWINCH:
            screen_resized();
            break;
        case SIGTSTP:
            app_suspend(app);
            break;
        case SIGCONT:
            screen_return();
            break;
        default:
            app->signal = number;
            return;
        }
        app->dirty = true;
    }
}

/* Waits for the terminal, the network, a signal or the time. */
static void wait_for_news(struct app *app, int timeout_ms)
{
    const int descriptors[] = {STDIN_FILENO, signals_descriptor()};
    bool readable[2] = {false, false};
    bool waiting = keys_waiting(&app->keys);
    bool known = app->identity.account || app->identity.refused;
    if (!courier_poll(app->context.courier, descriptors, readable, 2, timeout_ms)) {
        app->failed = true;
        return;
    }
    if ((app->identity.account || app->identity.refused) != known) {
        if (app->identity.tenant) journal_identify(app->context.journal, app->identity.tenant);
        app->dirty = true;
    }
    follow_news(app);
    take_signals(app);
    if (waiting && !readable[0] && timeout_ms >= SEQUENCE_MS) take_events(app, true);
}

static void run(struct app *app)
{
    while (!app->quit && !app->signal && !app->failed) {
        if (read_terminal(app) > 0) take_events(app, false);
        int64_t now_ms = clock_monotonic_ms();
        if (is_saving(app) && seconds_saving(app, now_ms) != app->painted_second) {
            app->painted_second = seconds_saving(app, now_ms);
            app->dirty = true;
        }
        if (app->dirty) paint(app, now_ms);
        bool more = advance(app, now_ms);
        if (app->quit || app->signal) break;
        wait_for_news(app, more ? 0 : wait_ms(app, clock_monotonic_ms()));
    }
}

static bool fail(char *sentence, size_t size, const char *format)
{
    snprintf(sentence, size, "%s", format);
    return false;
}

/* The numbers go on; a draft that an earlier run left behind is offered, or taken up. Not over what
 * is filled in already. */
static void begin_where_left(struct app *app)
{
    draft_start(&app->draft, app->context.journal);
    if (app->options->prefill) return;
    app_follow_last(app);
    app->dirty = true;
    draft_look(&app->draft);
    if (!app->draft.offer.body) return;
    if (app->options->recover && !draft_recover(&app->draft, &app->form)) app->failed = true;
    app->came_up = app->dirty = true;
}

/* What the first picture doesn't wait for. */
static bool connect_parts(struct app *app, char sentence[JOURNAL_SENTENCE_MAX])
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
    app->context.courier = courier_new(&courier, sentence);
    if (!app->context.courier) return false;
    app->context.journal = journal_open(options->journal_path, &account, sentence);
    if (!app->context.journal) return false;
    if (options->history_ms > 0) journal_prune(app->context.journal, options->history_ms);
    app->submitter = submitter_new(&app->context, &invoice_intent, form_compose, &app->form);
    if (!app->submitter || !resume_start(&app->resume, &app->context))
        return fail(sentence, JOURNAL_SENTENCE_MAX, _("there is not enough memory"));
    identity_start(&app->identity, app->context.courier);
    recent_start(&app->recent, app->context.courier);
    waiting_start(&app->waiting, app->context.journal);
    customers_start(&app->customers, app->context.courier);
    begin_where_left(app);
    return true;
}

static bool open_form(struct app *app, char sentence[JOURNAL_SENTENCE_MAX])
{
    app_start_clean(app);
    if (!app->failed && app->options->prefill)
        app->failed = !form_prefill(&app->form, app->options->prefill);
    if (app->failed) return fail(sentence, JOURNAL_SENTENCE_MAX, _("there is not enough memory"));
    if (!signals_catch(screen_restore))
        return fail(sentence, JOURNAL_SENTENCE_MAX, _("there are no file descriptors left"));
    return screen_open(sentence);
}

/* An intent that was pressed is brought into the journal, one that has ended is settled there. */
static void finish_writing(struct app *app)
{
    for (int step = 0; app->submitter && step < STEPS_TO_LEAVE; step++) {
        enum submission_state state = app_submission(app).submission.state;
        int64_t now_ms = clock_monotonic_ms();
        if (state == SUBMISSION_RECORDED || state == SUBMISSION_SENDING) return;
        if (submitter_due_ms(app->submitter) > now_ms) return;
        if (!submitter_advance(app->submitter, now_ms)) return;
    }
}

/* Says what stays behind. True when something does. */
static bool say_goodbye(const struct app *app)
{
    struct submitter_view view = app_submission(app);
    bool recorded = view.submission.state == SUBMISSION_RECORDED ||
                    view.submission.state == SUBMISSION_SENDING ||
                    view.submission.state == SUBMISSION_UNCONFIRMED;
    if (!recorded || !view.intent) return false;
    printf(_("%s is in the journal (key %s): it will be sent again, with the same key, at the next "
             "start.\n"),
           view.intent->name, view.intent->key);
    fflush(stdout);
    return true;
}

static void close_parts(struct app *app)
{
    resume_stop(&app->resume);
    if (app->submitter) submitter_free(app->submitter);
    identity_stop(&app->identity);
    recent_stop(&app->recent);
    waiting_stop(&app->waiting);
    draft_stop(&app->draft);
    customers_stop(&app->customers);
    invoice_record_clear(&app->past);
    if (app->context.journal) journal_close(app->context.journal);
    if (app->context.courier) courier_free(app->context.courier);
    invoice_record_clear(&app->record);
    invoice_document_clear(&app->typed);
    form_clear(&app->form);
    free(app->last_number);
}

int app_run(const struct app_options *options)
{
    struct app app = {.options = options, .dirty = true};
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    bool started = open_form(&app, sentence);
    if (started) {
        paint(&app, clock_monotonic_ms());
        started = connect_parts(&app, sentence);
    }
    if (started) run(&app);
    finish_writing(&app);
    draft_finish(&app.draft, &app.form);
    screen_close();
    signals_release();
    bool open = say_goodbye(&app);
    if (started && app.failed)
        fail(sentence, sizeof sentence, _("the network library or the memory failed"));
    if (*sentence) fprintf(stderr, "invonce: %s\n", sentence);
    close_parts(&app);
    if (!started || app.failed) return EXIT_FAILED;
    if (app.signal) return EXIT_SIGNAL + app.signal;
    return open ? EXIT_OPEN : 0;
}
