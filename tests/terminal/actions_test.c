/* Each key of the actions table in each state of the form: where it is allowed it does something,
 * and each key of an action the same; where it isn't, nothing at all. The rows are the program's
 * own, so that a new one is tested by being there. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/key_bytes.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"
#include "tests/terminal/snapshot.h"
#include "tests/terminal/stages.h"
#include "tui/terminal/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk desk;

static int open_desk(void **state)
{
    (void)state;
    stages_open_desk(&desk);
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    return desk_close(&desk) ? 0 : -1;
}

/* --- what is written down --- */

/* The journal and the server's audit, in short. The caller's to free. */
static char *books(const struct stage *stage)
{
    char *path = support_format("%s/state/invonce/%s", desk.home,
                                stage->demo ? "demo-journal.db" : "journal.db");
    struct json *journal =
        rows_read(path,
                  "SELECT (SELECT count(*) FROM intents) intents,"
                  " (SELECT count(*) FROM intents WHERE settled_ms IS NULL) open,"
                  " (SELECT count(*) FROM attempts) attempts,"
                  " (SELECT group_concat(body) FROM drafts) drafts",
                  NULL);
    char *written = json_write(journal);
    char *store = stage->demo ? support_format("%s/data/invonce/demo.db", desk.home)
                              : support_format("%s", desk.mock.store);
    long long audit = rows_number(store, "SELECT count(*) FROM audit");
    free(store);
    char *all = support_format("%s, %lld attempts in the audit", written, audit);
    free(written);
    json_free(journal);
    free(path);
    return all;
}

/* --- the table --- */

static const struct action_info *row_for(uint32_t key, const struct stage *stage)
{
    for (size_t i = 0; action_row(i) != NULL; i++) {
        const struct action_info *info = action_row(i);
        if ((info->views & 1u << stage->view) == 0) continue;
        for (size_t k = 0; k < ACTION_KEYS_MAX; k++)
            if (info->keys[k] == key) return info;
    }
    return NULL;
}

/* What works where it can't be seen: leaving, suspending, drawing. */
static bool is_blind(enum action action)
{
    return action == ACTION_QUIT || action == ACTION_SUSPEND || action == ACTION_REDRAW;
}

static bool is_allowed(const struct action_info *info, const struct stage *stage)
{
    if (info == NULL || (info->only_in_demo && !stage->demo)) return false;
    /* The lock is the form's: help can be read through while it holds. */
    if (stage->locked && !info->while_locked && stage->view != VIEW_HELP) return false;
    return !stage->unseen || is_blind(info->action) ||
           (stage->locked && info->action == ACTION_SUBMIT);
}

/* A press is counted wherever the form is locked. */
static bool is_counted(uint32_t key, const struct stage *stage)
{
    const struct stage form = {.view = VIEW_FORM};
    const struct action_info *info = row_for(key, &form);
    return stage->locked && info != NULL && info->action == ACTION_SUBMIT;
}

static bool is_text(uint32_t key)
{
    return key >= ' ' && key < KEYS_ENTER;
}

static bool takes_text(const struct stage *stage)
{
    return !stage->locked && !stage->unseen &&
           (stage->view == VIEW_FORM || stage->view == VIEW_RECENT);
}

/* ESC is the key Escape at once when another sequence follows: one that no action has. */
#define NO_KEY "\x1b[33~"

static void press_alone(uint32_t key)
{
    char bytes[KEY_BYTES_MAX];
    char name[KEYS_NAME_MAX];
    size_t length = key_bytes(key, bytes);
    keys_name(key, name);
    if (length == 0) fail_msg("no terminal can send %s", name);
    pty_send(desk.pty, bytes, length);
}

static void press(uint32_t key)
{
    press_alone(key);
    pty_send(desk.pty, NO_KEY, sizeof NO_KEY - 1);
}

/* --- nothing where it isn't allowed --- */

static void expect_nothing(uint32_t key, const struct stage *stage, const char *before)
{
    char name[KEYS_NAME_MAX];
    keys_name(key, name);
    press(key);
    if (!pty_wait_idle(desk.pty))
        look_fail(desk.pty, __FILE__, __LINE__, "%s: %s ended the program", stage->name, name);
    if (!snapshot_compares(desk.pty, &(struct snapshot_comparison){
                                         stage, SNAPSHOT_ALL_BUT_THE_CLOCK, before, true}))
        look_fail(desk.pty, __FILE__, __LINE__, "%s: %s changed the screen", stage->name, name);
}

static void expect_nothing_of_a_key(uint32_t key, const struct stage *stage, const char *before)
{
    if (is_allowed(row_for(key, stage), stage) || is_counted(key, stage)) return;
    if (is_text(key) && takes_text(stage)) return;
    expect_nothing(key, stage, before);
    if (key >= 'a' && key <= 'z') expect_nothing(key - 'a' + 'A', stage, before);
}

/* Keys that stand in no row. */
static const uint32_t strangers[] = {KEYS_F(5),
                                     KEYS_F(6),
                                     KEYS_F(7),
                                     KEYS_F(8),
                                     KEYS_F(9),
                                     KEYS_F(11),
                                     KEYS_CTRL('O'),
                                     KEYS_CTRL('R'),
                                     KEYS_CTRL('V'),
                                     KEYS_CTRL(']'),
                                     KEYS_CTRL('\\'),
                                     'q',
                                     'y',
                                     ' ',
                                     '1',
                                     KEYS_ALT | 'q',
                                     KEYS_ALT | '1'};

static void expect_nothing_of_the_rest(const struct stage *stage, const char *before)
{
    for (size_t i = 0; action_row(i) != NULL; i++)
        for (size_t k = 0; k < ACTION_KEYS_MAX && action_row(i)->keys[k] != 0; k++)
            expect_nothing_of_a_key(action_row(i)->keys[k], stage, before);
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        if (row_for(strangers[i], stage) == NULL)
            expect_nothing_of_a_key(strangers[i], stage, before);
}

static void keys_do_nothing_where_they_are_not_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; stages_row(i) != NULL; i++) {
        const struct stage *stage = stages_row(i);
        stages_clean_home(&desk);
        stage->open(&desk);
        if (stage->settle != NULL) stage->settle(&desk);
        assert_true(pty_wait_idle(desk.pty));
        char *before = snapshot_take(desk.pty, stage, SNAPSHOT_ALL_BUT_THE_CLOCK);
        char *books_before = books(stage);
        expect_nothing_of_the_rest(stage, before);
        char *books_now = books(stage);
        assert_string_equal(books_now, books_before);
        if (stage->back != NULL) {
            keys_press(desk.pty, stage->back);
            look_for(desk.pty, stage->behind);
        }
        desk_let_go_server(&desk);
        if (stage->locked && !stage->unseen && stage->view == VIEW_FORM) {
            look_status(desk.pty, "Created"); /* and no key was taken for a press */
            assert_false(screen_shows(desk.pty, "we ignored"));
        }
        free(before);
        free(books_before);
        free(books_now);
    }
}

/* --- something where it is --- */

/* What an action needs before it can be seen, and what is to be seen then, where that isn't just
 * another picture. */
static void type_part_of_an_email(void)
{
    for (int i = 0; i < STAGES_FIELDS_TO_EMAIL; i++)
        keys_press(desk.pty, "<S-Tab>");
    keys_press(desk.pty, "<C-a><C-k>" STAGES_PART);
    look_row(desk.pty, STAGES_CUSTOMER, "North Wind Trading");
}

static void undo_a_change(void)
{
    keys_press(desk.pty, "<C-_>");
    assert_true(pty_wait_idle(desk.pty));
}

static void ask_for_it(void)
{
    keys_press(desk.pty, "d");
    look_row(desk.pty, "Editing", "D again throws the draft away");
}

static void set_a_fault(void)
{
    keys_press(desk.pty, "<F5>");
    look_gone(desk.pty, "faults: none");
}

static void go_to_the_top(void)
{
    keys_press(desk.pty, "<PageUp><PageUp><PageUp><PageUp>");
    assert_true(pty_wait_idle(desk.pty));
}

static const struct effect {
    enum action action;
    unsigned views;
    void (*prepare)(void);
    const char *shows;
    bool varies; /* it goes on changing, and never twice in the same way */
    bool says;   /* that it can't be, and nothing else */
} effects[] = {
    {ACTION_SUBMIT, 1u << VIEW_FORM, NULL, "Invoice created", false},
    {ACTION_NEW_INVOICE, ~0u, NULL, "[ Create invoice ]", false},
    {ACTION_AGAIN, 1u << VIEW_RECORD, NULL, "[ Create invoice ]", false},
    {ACTION_CREDIT, 1u << VIEW_RECORD, NULL, "[ Create invoice ]", false},
    {ACTION_AGAIN, ~0u, NULL, "the form holds another invoice", false, true},
    {ACTION_CREDIT, ~0u, NULL, "the form holds another invoice", false, true},
    {ACTION_EDIT, ~0u, NULL, "[ Create invoice ]", false},
    {ACTION_SHOW_ORIGINAL, ~0u, NULL, "The original invoice", false},
    {ACTION_TRY_NOW, ~0u, NULL, "Invoice created", false},
    {ACTION_KEEP, ~0u, NULL, "[ Create invoice ]", false},
    {ACTION_COMPLETE, ~0u, type_part_of_an_email, STAGES_CUSTOMER, false},
    {ACTION_RECENT, ~0u, NULL, "> 2026-", false},
    {ACTION_OPEN, 1u << VIEW_RECENT, NULL, "inv_", false},
    {ACTION_SORT, ~0u, NULL, "by date", false},
    {ACTION_PRINT, ~0u, NULL, "given to the pager", false},
    {ACTION_OPEN, 1u << VIEW_OUTBOX, go_to_the_top, "Not created", false},
    {ACTION_TAKE_BACK, ~0u, NULL, "[ Create invoice ]", false},
    {ACTION_SEEN, ~0u, NULL, "Everything is settled", false},
    {ACTION_OUTBOX, ~0u, NULL, "Outbox", false},
    {ACTION_RESUME, ~0u, go_to_the_top, "Attempts", true},
    {ACTION_RECOVER, ~0u, NULL, "2026-0904", false},
    {ACTION_REDO, ~0u, undo_a_change, NULL, false},
    {ACTION_DISCARD, ~0u, ask_for_it, "[ Create invoice ]", false},
    {ACTION_LATER, ~0u, NULL, "[ Create invoice ]", false},
    {ACTION_HELP, ~0u, NULL, "Keys", false},
    {ACTION_LOSE_REPLY, ~0u, NULL, "lose the 1st reply", false},
    {ACTION_DELAY, ~0u, NULL, "faults: delay", false},
    {ACTION_FAIL, ~0u, NULL, "faults: answer 503", false},
    {ACTION_HEAL, ~0u, set_a_fault, "faults: none", false},
};

static struct effect effect_of(const struct action_info *info, const struct stage *stage)
{
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (effects[i].action == info->action && (effects[i].views & 1u << stage->view) != 0)
            return effects[i];
    return (struct effect){.action = info->action};
}

static size_t occurrences(size_t from, const char *bytes)
{
    size_t length, count = 0;
    const char *raw = pty_raw(desk.pty, &length);
    for (const char *at = raw + from; (at = strstr(at, bytes)) != NULL; at++)
        count++;
    return count;
}

struct written {
    size_t from;
    const char *bytes;
};

static bool has_written(struct pty *pty, const void *context)
{
    (void)pty;
    const struct written *written = context;
    return occurrences(written->from, written->bytes) > 0;
}

#define CLEAR   "\x1b[H\x1b[2J"
#define GIVE_UP "\x1b[?1049l"

/* The same picture again, drawn from nothing: after the terminal was given back, if `left`. */
static void expect_redrawn(uint32_t key, const struct stage *stage, bool left)
{
    size_t from;
    pty_raw(desk.pty, &from);
    char *before = snapshot_take(desk.pty, stage, SNAPSHOT_ALL_BUT_THE_NEWS);
    press(key);
    assert_true(pty_wait(desk.pty, has_written, &(struct written){from, CLEAR}));
    assert_true(
        pty_wait(desk.pty, snapshot_compares,
                 &(struct snapshot_comparison){stage, SNAPSHOT_ALL_BUT_THE_NEWS, before, true}));
    assert_int_equal(occurrences(from, GIVE_UP) > 0, left);
    free(before);
}

static void expect_end(uint32_t key)
{
    int status;
    press(key);
    assert_true(pty_wait_exit(desk.pty, &status));
    assert_null(pty_left_behind(desk.pty));
}

/* The press was one of those that the record tells of. */
static void expect_counted(uint32_t key)
{
    press(key);
    assert_true(pty_wait_idle(desk.pty));
    int rows, cols;
    pty_size(desk.pty, &rows, &cols);
    if (rows < 24) pty_resize(desk.pty, 24, 80);
    desk_let_go_server(&desk);
    look_status(desk.pty, "Created");
    look_sentence(desk.pty, "we ignored the duplicate submission and kept your first request.");
}

/* Another picture: the one that the action's first key made, if `*shown` has it. */
static void expect_change(uint32_t key, const struct action_info *info, const struct stage *stage,
                          char **shown)
{
    struct effect effect = effect_of(info, stage);
    char name[KEYS_NAME_MAX];
    keys_name(key, name);
    if (effect.prepare != NULL) effect.prepare();
    if (effect.says) {
        press_alone(key); /* what is said lasts to the next key */
        look_for(desk.pty, effect.shows);
        return;
    }
    char *before = snapshot_take(desk.pty, stage, SNAPSHOT_ALL_BUT_THE_NEWS);
    press(key);
    const struct snapshot_comparison change = {stage, SNAPSHOT_ALL_BUT_THE_NEWS, before, false};
    bool changed = pty_wait(desk.pty, snapshot_compares, &change);
    /* A picture that is just being drawn again is no change. */
    if (!changed || !pty_wait_idle(desk.pty) ||
        (!effect.varies && !snapshot_compares(desk.pty, &change)))
        look_fail(desk.pty, __FILE__, __LINE__, "%s: %s did nothing", stage->name, name);
    free(before);
    bool refused = strcmp(stage->name, "rejected") == 0 && info->action == ACTION_SUBMIT;
    if (effect.shows != NULL && !refused) look_for(desk.pty, effect.shows);
    if (stage->view == VIEW_RECENT) look_gone(desk.pty, "Asking the server");
    assert_true(pty_wait_idle(desk.pty));
    if (effect.varies) return;
    if (*shown == NULL)
        *shown = snapshot_take(desk.pty, stage, SNAPSHOT_ALL_BUT_WHAT_IS_NEW);
    else if (!pty_wait(
                 desk.pty, snapshot_compares,
                 &(struct snapshot_comparison){stage, SNAPSHOT_ALL_BUT_WHAT_IS_NEW, *shown, true}))
        look_fail(desk.pty, __FILE__, __LINE__, "%s: %s didn't do the same as the first key:\n%s",
                  stage->name, name, *shown);
}

static void expect_effect(uint32_t key, const struct action_info *info, const struct stage *stage,
                          char **shown)
{
    if (info->action == ACTION_QUIT)
        expect_end(key);
    else if (info->action == ACTION_REDRAW || info->action == ACTION_SUSPEND)
        expect_redrawn(key, stage, info->action == ACTION_SUSPEND);
    else if (is_counted(key, stage))
        expect_counted(key);
    else
        expect_change(key, info, stage, shown);
}

static void expect_effects(const struct action_info *info, const struct stage *stage)
{
    char *shown = NULL;
    for (size_t k = 0; k < ACTION_KEYS_MAX && info->keys[k] != 0; k++) {
        if (!is_allowed(info, stage)) continue;
        stage->open(&desk);
        assert_true(pty_wait_idle(desk.pty));
        expect_effect(info->keys[k], info, stage, &shown);
        desk_let_go_server(&desk);
    }
    free(shown);
}

/* The form is the same in the demonstration: only what it has more is tried there. */
static bool is_for(const struct action_info *info, const struct stage *stage)
{
    bool known = stage->demo && stage->view == VIEW_FORM && !info->only_in_demo;
    return (info->views & 1u << stage->view) != 0 && !known;
}

static void keys_do_something_where_they_are_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; stages_row(i) != NULL; i++) {
        stages_clean_home(&desk);
        for (size_t row = 0; action_row(row) != NULL; row++)
            if (is_for(action_row(row), stages_row(i)))
                expect_effects(action_row(row), stages_row(i));
    }
}

/* --- what may come in any state --- */

/* Nothing is scrolled in it, so that the same size shows the same again. */
static bool stands_still(const struct stage *stage)
{
    return stage->saving || stage->view == VIEW_CONFLICT || stage->view == VIEW_REFUSED ||
           stage->view == VIEW_UNCONFIRMED || stage->view == VIEW_OFFER;
}

static void resize_there_and_back(const struct stage *stage)
{
    static const int sizes[][2] = {{43, 132}, {10, 30}, {1, 1}, {60, 300}};
    int rows, cols;
    pty_size(desk.pty, &rows, &cols);
    char *before = snapshot_take(desk.pty, stage, SNAPSHOT_ALL_BUT_THE_NEWS);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pty_resize(desk.pty, sizes[i][0], sizes[i][1]);
        assert_true(pty_wait_idle(desk.pty));
    }
    pty_resize(desk.pty, rows, cols);
    assert_true(pty_wait_idle(desk.pty));
    bool help = stage->view == VIEW_HELP;
    if (stands_still(stage) && !help &&
        !pty_wait(desk.pty, snapshot_compares,
                  &(struct snapshot_comparison){stage, SNAPSHOT_ALL_BUT_THE_NEWS, before, true}))
        look_fail(desk.pty, __FILE__, __LINE__, "%s isn't as it was:\n%s", stage->name, before);
    free(before);
}

static bool session_is_empty(void *pty)
{
    return pty_processes(pty) == 0;
}

/* Whatever it is at: it lives through any size, and ends when its terminal goes away. */
static void any_state_can_be_resized_and_closed(void **state)
{
    (void)state;
    for (size_t i = 0; stages_row(i) != NULL; i++) {
        stages_clean_home(&desk);
        stages_row(i)->open(&desk);
        assert_true(pty_wait_idle(desk.pty));
        resize_there_and_back(stages_row(i));
        pty_hang_up(desk.pty);
        int status;
        if (!pty_wait_exit(desk.pty, &status))
            fail_msg("%s: it lives on without its terminal", stages_row(i)->name);
        assert_true(support_wait_until(session_is_empty, desk.pty, PATIENCE_MS));
        desk_let_go_server(&desk);
    }
}

static void every_view_is_on_stage(void **state)
{
    (void)state;
    for (enum view view = 0; view < VIEWS; view++) {
        bool staged = false;
        for (size_t i = 0; stages_row(i) != NULL; i++)
            staged = staged || stages_row(i)->view == view;
        if (!staged) fail_msg("stages.c doesn't know the way to view %d", (int)view);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_is_on_stage),
        cmocka_unit_test_setup_teardown(keys_do_nothing_where_they_are_not_allowed, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(any_state_can_be_resized_and_closed, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(keys_do_something_where_they_are_allowed, open_desk,
                                        close_desk),
    };
    return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
