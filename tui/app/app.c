#include "tui/app/app.h"

#include "protocol/wire/clock.h"
#include "tui/app/app_state.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MAX_MS     60000 /* nothing depends on it */
#define DRAIN_BYTES_MAX (1024 * 1024)

/* What was typed before a view came up by itself was not meant for it. Presses were for the save
 * that has just ended; quitting alone is never mistaken for something else. */
static void drop(struct app *app, const struct keys_event *event)
{
    if (event->type == KEYS_PRESSED && event->trust != KEYS_AMONG_PASTE &&
        action_of_key(event->key, app_view(app), true) == ACTION_QUIT)
        app->entry.quit = true;
    if (event->type == KEYS_PASTED) app_paste_refuse(app);
    if (event->type == KEYS_PASTE_ENDED) app_paste_end(app);
    if (app->entry.seen == SUBMISSION_CREATED && app_is_submit(app, event))
        app->entry.late_presses++;
}

/* A view that a key has led to isn't painted yet: what was typed ahead can be for a text alone. */
static bool is_unseen(const struct app *app)
{
    enum view view = app_view(app);
    return view != app->painted && view != VIEW_FORM && view != VIEW_RECENT &&
           view != VIEW_FIRST_STEPS;
}

/* What has come until `now_ms`. */
static void take_events(struct app *app, int64_t now_ms)
{
    struct keys_event event;
    while (keys_next(&app->keys, now_ms, &event)) {
        if (app->entry.came_up || app->drop_next || is_unseen(app)) {
            drop(app, &event);
            app->drop_next = false;
        } else {
            app_take(app, &event, clock_monotonic_ms());
            app_follow(app);
        }
    }
}

/* Reads what the terminal has ready. Returns the number of bytes; 0: nothing. */
static size_t read_terminal(struct app *app, int64_t now_ms)
{
    struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&terminal, 1, 0) <= 0) return 0;
    size_t size;
    char *room = keys_room(&app->keys, &size);
    ssize_t length = read(STDIN_FILENO, room, size);
    if (length > 0) {
        keys_fed(&app->keys, (size_t)length, now_ms);
        if (app->hooks && app->hooks->plays) app->entry.quit = true; /* any key ends the play */
        return (size_t)length;
    }
    if (length < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
    app->entry.signal = SIGHUP; /* the terminal is gone */
    return 0;
}

/* Lets go of all that was typed before the view that is about to be painted. */
static void drain(struct app *app)
{
    struct keys_event event;
    int64_t now_ms = clock_monotonic_ms();
    size_t drained = 0;
    size_t length;
    if (app->paste.open) app_paste_refuse(app);
    while (drained < DRAIN_BYTES_MAX && (length = read_terminal(app, now_ms)) > 0) {
        drained += length;
        while (keys_next(&app->keys, now_ms, &event))
            drop(app, &event);
    }
    app->drop_next = keys_waiting(&app->keys);
}

static void paint(struct app *app, int64_t now_ms)
{
    if (app->entry.came_up || is_unseen(app)) drain(app);
    app->entry.came_up = false;
    app_paint(app, now_ms);
}

/* What has come about by itself: a view that wasn't shown is there. The first steps come and go
 * before anything is typed: no key is lost to them. */
static void take_news(struct app *app, enum view before)
{
    app_follow(app);
    enum view view = app_view(app);
    if (view == before) return;
    app->entry.dirty = true;
    if (view != VIEW_FIRST_STEPS && before != VIEW_FIRST_STEPS) app->entry.came_up = true;
}

/* Does what is due, one thing at most, so that what changed is shown before the next. True when
 * there may be more to do at once. */
static bool advance(struct app *app, int64_t now_ms)
{
    const struct app_hooks *hooks = app->hooks;
    enum view before = app_view(app);
    int64_t look_ms = app->entry.waiting.due_ms;
    bool more = entry_advance(&app->entry, now_ms);
    take_news(app, before);
    if (more) return true;
    if (app->entry.waiting.due_ms != look_ms && app->aside == VIEW_OUTBOX) app->entry.dirty = true;
    recent_advance(&app->recent, now_ms);
    if (app->recent.news) app->entry.dirty = true;
    app->recent.news = false;
    if (hooks && hooks->advance(hooks->self, now_ms)) app->entry.dirty = true;
    return false;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int wait_ms(const struct app *app, int64_t now_ms)
{
    if (app->entry.dirty) return 0;
    int64_t due = earlier(now_ms + WAIT_MAX_MS, entry_due_ms(&app->entry));
    due = earlier(due, app->recent.news ? 0 : recent_due_ms(&app->recent));
    due = earlier(due, keys_due_ms(&app->keys));
    if (app->hooks) due = earlier(due, app->hooks->due_ms(app->hooks->self));
    if (app_is_saving(app)) due = earlier(due, entry_next_second_ms(&app->entry, now_ms));
    return due > now_ms ? (int)(due - now_ms) : 0;
}

static void take_signals(struct app *app)
{
    for (int number = entry_signal(); number; number = entry_signal()) {
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
            app->entry.signal = number;
            return;
        }
        app->entry.dirty = true;
    }
}

/* Waits for the terminal, the network, a signal or the time. */
static void wait_for_news(struct app *app, int timeout_ms)
{
    bool signalled = false, typed = false;
    enum view before = app_view(app);
    if (!entry_wait(&app->entry, &signalled, &typed, timeout_ms)) return;
    take_news(app, before);
    if (signalled) take_signals(app);
}

/* What is pressed by itself. */
static bool press(struct app *app, int64_t now_ms)
{
    return app->hooks && app->hooks->press(app->hooks->self, app, now_ms);
}

static void run(struct app *app)
{
    while (!app->entry.quit && !app->entry.signal && !app->entry.failed) {
        int64_t now_ms = clock_monotonic_ms(); /* before it is looked whether there is more */
        read_terminal(app, now_ms);
        take_events(app, now_ms);
        if (press(app, now_ms)) take_events(app, now_ms);
        now_ms = clock_monotonic_ms();
        if (app_is_saving(app) &&
            entry_seconds_saving(&app->entry, now_ms) != app->painted_second) {
            app->painted_second = entry_seconds_saving(&app->entry, now_ms);
            app->entry.dirty = true;
        }
        if (entry_follow_day(&app->entry)) app->entry.dirty = true;
        if (app->entry.dirty) paint(app, now_ms);
        bool more = advance(app, now_ms);
        if (app->entry.quit || app->entry.signal) break;
        wait_for_news(app, more ? 0 : wait_ms(app, clock_monotonic_ms()));
    }
}

static bool open_form(struct app *app, char sentence[JOURNAL_SENTENCE_MAX])
{
    bool opened = entry_open(&app->entry, screen_restore, sentence) && screen_open(sentence);
    app_follow(app);
    return opened;
}

static bool connect_parts(struct app *app, char sentence[JOURNAL_SENTENCE_MAX])
{
    if (!entry_connect(&app->entry, sentence)) return false;
    recent_start(&app->recent, app->entry.options->resource, app->entry.context.courier);
    if (app->hooks) app->hooks->connect(app->hooks->self, app);
    return true;
}

static void finish(struct app *app)
{
    entry_finish_sent(&app->entry);
    app_paste_end(app); /* as far as it came */
    entry_finish_typed(&app->entry);
}

static void close_parts(struct app *app)
{
    recent_stop(&app->recent);
    if (app->hooks) app->hooks->stop(app->hooks->self);
    record_clear(&app->past);
    refusal_forget(&app->refusal);
    history_clear(&app->searched);
}

int app_run(const struct entry_options *options, const struct app_hooks *hooks)
{
    struct app app = {.entry = {.options = options, .dirty = true}, .hooks = hooks};
    keys_start(&app.keys, getenv("ESCDELAY"));
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    bool started = open_form(&app, sentence);
    if (started) {
        paint(&app, clock_monotonic_ms());
        started = connect_parts(&app, sentence);
    }
    if (started) run(&app);
    finish(&app);
    screen_close();
    close_parts(&app);
    return entry_leave(&app.entry, sentence);
}
