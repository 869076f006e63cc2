#include "tui/demo/app_demo.h"

#include "protocol/client/clock.h"
#include "tui/terminal/screen.h"
#include "tui/views/audit.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool app_demo_new(struct app *app)
{
    if (!app->options->demo) return true;
    app->demo = calloc(1, sizeof *app->demo);
    app->failed = !app->demo;
    if (app->demo) audit_start(&app->demo->audit, clock_wall_ms());
    return app->demo;
}

void app_demo_connect(struct app *app)
{
    struct app_demo *demo = app->demo;
    audit_feed_start(&demo->feed, app->context.courier, &demo->audit);
    fault_switch_start(&demo->faults, app->context.courier);
    player_start(&demo->player, app->options->demo->play_pace, clock_monotonic_ms());
}

void app_demo_free(struct app *app)
{
    if (!app->demo) return;
    audit_feed_stop(&app->demo->feed);
    fault_switch_stop(&app->demo->faults);
    free(app->demo);
    app->demo = NULL;
}

bool app_demo_advance(struct app *app, int64_t now_ms)
{
    struct app_demo *demo = app->demo;
    if (!demo) return false;
    audit_feed_advance(&demo->feed, now_ms);
    bool news = demo->feed.news || demo->faults.news;
    demo->feed.news = demo->faults.news = false;
    return news;
}

int64_t app_demo_due_ms(const struct app *app)
{
    const struct app_demo *demo = app->demo;
    if (!demo) return INT64_MAX;
    if (demo->feed.news || demo->faults.news) return 0;
    int64_t key = player_due_ms(&demo->player);
    int64_t stream = demo->feed.call ? INT64_MAX : demo->feed.due_ms;
    return key < stream ? key : stream;
}

/* --- the play --- */

bool app_demo_is_playing(const struct app *app)
{
    return app->options->demo && app->options->demo->play_pace > 0;
}

bool app_demo_press(struct app *app, int64_t now_ms)
{
    if (!app->demo) return false;
    struct player *player = &app->demo->player;
    char key[PLAYER_KEY_SIZE];
    size_t step = player->step, room;
    size_t length = player_next(player, app_submission(app).submission.state,
                                app_demo_columns(app) > 0, now_ms, key);
    if (player->over) app->quit = true;
    if (player->step != step) app->dirty = true;
    char *to = keys_room(&app->keys, &room);
    if (length == 0 || length > room) return false;
    memcpy(to, key, length);
    keys_fed(&app->keys, length, now_ms);
    return true;
}

void app_demo_paint_caption(const struct app *app)
{
    if (!app_demo_is_playing(app)) return;
    char words[APP_DEMO_WORDS_SIZE];
    screen_area(0, screen_columns(), false);
    snprintf(words, sizeof words, " %s ", player_caption(&app->demo->player));
    screen_put(1, 0, screen_columns(), STYLE_FOCUS, words);
}

/* --- the audit --- */

int app_demo_columns(const struct app *app)
{
    int columns = screen_columns();
    if (!app->demo || columns < AUDIT_BESIDE_FROM || app_view(app) == VIEW_AUDIT) return 0;
    int room = columns - AUDIT_FORM_COLUMNS - AUDIT_BORDER_COLUMNS;
    return room < AUDIT_COLUMNS_MAX ? room : AUDIT_COLUMNS_MAX;
}

/* What this form's submission was pressed; one that was taken up from the journal wasn't. */
static void count_presses(struct app *app)
{
    struct submitter_view view = app_submission(app);
    unsigned presses = 1 + view.submission.ignored_presses;
    if (view.submission.state == SUBMISSION_CREATED) presses += app->late_presses;
    if (view.intent) audit_pressed(&app->demo->audit, view.intent->key, presses);
}

static struct audit_view audit_to_show(struct app *app, char words[FAULT_SWITCH_WORDS_SIZE])
{
    count_presses(app);
    fault_switch_words(&app->demo->faults, words);
    return (struct audit_view){
        .audit = &app->demo->audit,
        .faults = words,
        .bug = app->options->demo->bug,
        .lost = app->demo->feed.lost,
    };
}

void app_demo_paint_beside(struct app *app)
{
    char words[FAULT_SWITCH_WORDS_SIZE];
    struct audit_view view = audit_to_show(app, words);
    audit_paint_beside(&view);
}

void app_demo_paint_audit(struct app *app)
{
    char words[FAULT_SWITCH_WORDS_SIZE];
    struct audit_view view = audit_to_show(app, words);
    audit_paint(&view, &app->scroll);
}

void app_demo_words(const struct app *app, char words[APP_DEMO_WORDS_SIZE])
{
    words[0] = '\0';
    if (!app->demo || app_demo_columns(app) > 0 || app_view(app) == VIEW_AUDIT) return;
    char faults[FAULT_SWITCH_WORDS_SIZE];
    const char *bug = app->options->demo->bug;
    fault_switch_words(&app->demo->faults, faults);
    snprintf(words, APP_DEMO_WORDS_SIZE, "%s%s%s  %s", bug ? "--bug " : "", bug ? bug : "",
             bug ? "  F9" : _("F9 audit"), faults);
}

/* --- the faults --- */

static void turn(struct app *app, enum fault_choice choice)
{
    if (app->demo) fault_switch_turn(&app->demo->faults, choice);
}

void app_demo_lose_reply(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    turn(app, FAULT_LOSE_REPLY);
}

void app_demo_delay(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    turn(app, FAULT_DELAY);
}

void app_demo_fail(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    turn(app, FAULT_STATUS);
}

void app_demo_heal(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    if (app->demo) fault_switch_clear(&app->demo->faults);
}
