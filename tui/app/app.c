#include "tui/app/app.h"

#include "protocol/client/clock.h"
#include "protocol/wire/text.h"
#include "tui/app/app_state.h"
#include "tui/plain/plain.h"
#include "tui/terminal/screen.h"
#include "tui/terminal/signals.h"
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
        app->quit = true;
    if (event->type == KEYS_PASTED) app_paste_refuse(app);
    if (event->type == KEYS_PASTE_ENDED) app_paste_end(app);
    if (app->seen == SUBMISSION_CREATED && app_is_submit(app, event)) app->late_presses++;
}

/* A view that a key has led to isn't painted yet: what was typed ahead can be for a text alone. */
static bool is_unseen(const struct app *app)
{
    enum view view = app_view(app);
    return view != app->painted && view != VIEW_FORM && view != VIEW_RECENT;
}

/* What has come until `now_ms`. */
static void take_events(struct app *app, int64_t now_ms)
{
    struct keys_event event;
    while (keys_next(&app->keys, now_ms, &event)) {
        if (app->came_up || app->drop_next || is_unseen(app)) {
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
        if (app_demo_is_playing(app)) app->quit = true; /* any key ends the play */
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
    if (app->came_up || is_unseen(app)) drain(app);
    app->came_up = false;
    app_paint(app, now_ms);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int wait_ms(const struct app *app, int64_t now_ms)
{
    if (app->dirty) return 0;
    int64_t due = earlier(now_ms + WAIT_MAX_MS, app_due_ms(app, now_ms));
    due = earlier(due, keys_due_ms(&app->keys));
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
    if (!app_wait(app, descriptors, readable, 2, timeout_ms)) return;
    if (readable[1]) take_signals(app);
}

static void run(struct app *app)
{
    while (!app->quit && !app->signal && !app->failed) {
        int64_t now_ms = clock_monotonic_ms(); /* before it is looked whether there is more */
        read_terminal(app, now_ms);
        take_events(app, now_ms);
        if (app_demo_press(app, now_ms)) take_events(app, now_ms);
        now_ms = clock_monotonic_ms();
        if (app_is_saving(app) && app_seconds_saving(app, now_ms) != app->painted_second) {
            app->painted_second = app_seconds_saving(app, now_ms);
            app->dirty = true;
        }
        if (app_follow_day(app)) app->dirty = true;
        if (app->dirty) paint(app, now_ms);
        bool more = app_advance(app, now_ms);
        if (app->quit || app->signal) break;
        wait_for_news(app, more ? 0 : wait_ms(app, clock_monotonic_ms()));
    }
}

static bool open_form(struct app *app, char sentence[JOURNAL_SENTENCE_MAX])
{
    if (!app_fill_form(app, sentence)) return false;
    if (signals_catch(screen_restore)) return screen_open(sentence);
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("there are no file descriptors left"));
    return false;
}

/* A terminal that can do no more can still be asked line by line. */
static int run_without_screen(const struct app_options *options)
{
    struct app_options plain = *options;
    const char *name = getenv("TERM");
    char *safe = name ? text_safe(name, strlen(name), TEXT_ONE_LINE) : NULL;
    printf(
        _("The terminal \"%.60s\" (TERM) is not known here or cannot show the form: going on line "
          "by line, as with --plain.\n"),
        safe ? safe : "");
    free(safe);
    plain.plain = true;
    return plain_run(&plain);
}

int app_run(const struct app_options *options)
{
    if (options->plain) return plain_run(options);
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !screen_is_able())
        return run_without_screen(options);
    struct app app = {.options = options, .dirty = true};
    keys_start(&app.keys, getenv("ESCDELAY"));
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    bool started = app_demo_new(&app) && open_form(&app, sentence);
    if (started) {
        paint(&app, clock_monotonic_ms());
        started = app_connect_parts(&app, sentence);
    }
    if (started) run(&app);
    app_finish(&app);
    screen_close();
    signals_release();
    return app_leave(&app, sentence);
}
