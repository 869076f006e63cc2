/* Each key of the actions table in each state of the form where it is allowed does something, and
 * each key of an action the same. The rows are the program's own, so that a new one is tested by
 * being there. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/snapshot.h"
#include "tests/terminal/stage_keys.h"
#include "tests/terminal/stages.h"
#include "tui/terminal/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk desk;

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
    {ACTION_PRINT, ~0u, NULL, "given to the pager", false, true},
    {ACTION_WRITE, ~0u, NULL, "the page is in 2026-", false, true},
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
    stage_keys_press(desk.pty, key);
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
    stage_keys_press(desk.pty, key);
    assert_true(pty_wait_exit(desk.pty, &status));
    assert_null(pty_left_behind(desk.pty));
}

/* The press was one of those that the record tells of. */
static void expect_counted(uint32_t key)
{
    stage_keys_press(desk.pty, key);
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
        stage_keys_press_alone(desk.pty, key);
        look_for(desk.pty, effect.shows);
        return;
    }
    char *before = snapshot_take(desk.pty, stage, SNAPSHOT_ALL_BUT_THE_NEWS);
    stage_keys_press(desk.pty, key);
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
    else if (stage_keys_counts(key, stage))
        expect_counted(key);
    else
        expect_change(key, info, stage, shown);
}

/* An action's other keys do the same in each stage of a view: they are tried in the first. */
static size_t keys_tried(const struct stage *stage)
{
    size_t i = 0;
    while (stages_row(i)->view != stage->view || stages_row(i)->demo != stage->demo)
        i++;
    return stages_row(i) == stage ? ACTION_KEYS_MAX : 1;
}

static void expect_effects(const struct action_info *info, const struct stage *stage)
{
    char *shown = NULL;
    size_t tried = keys_tried(stage);
    for (size_t k = 0; k < tried && info->keys[k] != 0; k++) {
        if (!stage_keys_allows(info, stage)) continue;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGES_TEST(keys_do_something_where_they_are_allowed),
    };
    return cmocka_run_group_tests_name("actions' effects", tests, NULL, NULL);
}
