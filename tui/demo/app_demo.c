#include "tui/demo/app_demo.h"

#include "protocol/wire/clock.h"
#include "tui/app/app_state.h"
#include "tui/demo/audit_view.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

static void start(void *self, struct app *app)
{
    struct app_demo *demo = self;
    struct courier *courier = app->entry.context.courier;
    audit_feed_start(&demo->feed, courier, &demo->audit);
    fault_switch_start(&demo->faults, courier);
    player_start(&demo->player, demo->play_pace, clock_monotonic_ms());
}

static void stop(void *self)
{
    struct app_demo *demo = self;
    audit_feed_stop(&demo->feed);
    fault_switch_stop(&demo->faults);
}

static bool advance(void *self, int64_t now_ms)
{
    struct app_demo *demo = self;
    audit_feed_advance(&demo->feed, now_ms);
    bool news = demo->feed.news || demo->faults.news;
    demo->feed.news = demo->faults.news = false;
    return news;
}

static int64_t due_ms(void *self)
{
    const struct app_demo *demo = self;
    if (demo->feed.news || demo->faults.news) return 0;
    int64_t key = player_due_ms(&demo->player);
    int64_t stream = demo->feed.call ? INT64_MAX : demo->feed.due_ms;
    return key < stream ? key : stream;
}

/* Columns that the audit takes beside the form now; 0: none. */
static int columns(void *self, const struct app *app)
{
    (void)self;
    int columns = screen_columns();
    if (columns < AUDIT_BESIDE_FROM || app_view(app) == VIEW_AUDIT) return 0;
    int room = columns - AUDIT_FORM_COLUMNS - AUDIT_BORDER_COLUMNS;
    return room < AUDIT_COLUMNS_MAX ? room : AUDIT_COLUMNS_MAX;
}

/* --- the play --- */

static bool press(void *self, struct app *app, int64_t now_ms)
{
    struct app_demo *demo = self;
    struct player *player = &demo->player;
    char key[PLAYER_KEY_SIZE];
    size_t step = player->step, room;
    size_t length = player_next(player, entry_submission(&app->entry).submission.state,
                                columns(demo, app) > 0, now_ms, key);
    if (player->over) app->entry.quit = true;
    if (player->step != step) app->entry.dirty = true;
    char *to = keys_room(&app->keys, &room);
    if (length == 0 || length > room) return false;
    memcpy(to, key, length);
    keys_fed(&app->keys, length, now_ms);
    return true;
}

/* Over the top line's rule: what the story says. */
static void paint_caption(void *self)
{
    const struct app_demo *demo = self;
    if (!demo->hooks.plays) return;
    char words[APP_WORDS_SIZE];
    screen_area(0, screen_columns(), false);
    snprintf(words, sizeof words, " %s ", player_caption(&demo->player));
    screen_put(1, 0, screen_columns(), STYLE_FOCUS, words);
}

/* --- the audit --- */

/* What this form's submission was pressed; one that was taken up from the journal wasn't. */
static void count_presses(struct app_demo *demo, const struct entry *entry)
{
    struct submitter_view view = entry_submission(entry);
    unsigned presses = 1 + view.submission.ignored_presses;
    if (view.submission.state == SUBMISSION_CREATED) presses += entry->late_presses;
    if (view.intent) audit_pressed(&demo->audit, view.intent->key, presses);
}

static struct audit_view audit_to_show(struct app_demo *demo, const struct app *app,
                                       char words[FAULT_SWITCH_WORDS_SIZE])
{
    count_presses(demo, &app->entry);
    fault_switch_words(&demo->faults, words);
    return (struct audit_view){
        .audit = &demo->audit,
        .faults = words,
        .bug = demo->bug,
        .lost = demo->feed.lost,
    };
}

static void paint_beside(void *self, struct app *app)
{
    char words[FAULT_SWITCH_WORDS_SIZE];
    struct audit_view view = audit_to_show(self, app, words);
    audit_paint_beside(&view);
}

static void paint_audit(void *self, struct app *app)
{
    char words[FAULT_SWITCH_WORDS_SIZE];
    struct audit_view view = audit_to_show(self, app, words);
    audit_paint(&view, &app->scroll);
}

static void put_words(void *self, const struct app *app, char words[APP_WORDS_SIZE])
{
    const struct app_demo *demo = self;
    words[0] = '\0';
    if (columns(self, app) > 0 || app_view(app) == VIEW_AUDIT) return;
    char faults[FAULT_SWITCH_WORDS_SIZE];
    const char *bug = demo->bug;
    fault_switch_words(&demo->faults, faults);
    snprintf(words, APP_WORDS_SIZE, "%s%s%s  %s", bug ? "--bug " : "", bug ? bug : "",
             bug ? "  F9" : _("F9 audit"), faults);
}

/* --- the faults --- */

static bool act(void *self, enum action action)
{
    struct app_demo *demo = self;
    if (action == ACTION_LOSE_REPLY)
        fault_switch_turn(&demo->faults, FAULT_LOSE_REPLY);
    else if (action == ACTION_DELAY)
        fault_switch_turn(&demo->faults, FAULT_DELAY);
    else if (action == ACTION_FAIL)
        fault_switch_turn(&demo->faults, FAULT_STATUS);
    else if (action == ACTION_HEAL)
        fault_switch_clear(&demo->faults);
    else
        return false;
    return true;
}

void app_demo_start(struct app_demo *demo, const char *bug, int play_pace)
{
    *demo = (struct app_demo){
        .hooks = {.self = demo,
                  .plays = play_pace > 0,
                  .connect = start,
                  .stop = stop,
                  .advance = advance,
                  .due_ms = due_ms,
                  .press = press,
                  .act = act,
                  .columns = columns,
                  .paint_beside = paint_beside,
                  .paint_view = paint_audit,
                  .paint_over = paint_caption,
                  .words = put_words},
        .bug = bug,
        .play_pace = play_pace,
    };
    audit_start(&demo->audit, clock_now_ms());
}
