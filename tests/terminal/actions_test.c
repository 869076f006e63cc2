/* Each key of the actions table in each state of the form where it isn't allowed does nothing at
 * all; and what any state has to bear. The rows are the program's own, so that a new one is tested
 * by being there. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"
#include "tests/terminal/snapshot.h"
#include "tests/terminal/stage_keys.h"
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

static bool is_text(uint32_t key)
{
    return key >= ' ' && key < KEYS_ENTER;
}

static bool takes_text(const struct stage *stage)
{
    return !stage->locked && !stage->unseen &&
           (stage->view == VIEW_FORM || stage->view == VIEW_RECENT);
}

/* --- nothing where it isn't allowed --- */

static void expect_nothing(uint32_t key, const struct stage *stage, const char *before)
{
    char name[KEYS_NAME_MAX];
    keys_name(key, name);
    stage_keys_press(desk.pty, key);
    if (!pty_wait_idle(desk.pty))
        look_fail(desk.pty, __FILE__, __LINE__, "%s: %s ended the program", stage->name, name);
    if (!snapshot_compares(desk.pty, &(struct snapshot_comparison){
                                         stage, SNAPSHOT_ALL_BUT_THE_CLOCK, before, true}))
        look_fail(desk.pty, __FILE__, __LINE__, "%s: %s changed the screen", stage->name, name);
}

static void expect_nothing_of_a_key(uint32_t key, const struct stage *stage, const char *before)
{
    if (stage_keys_allows(stage_keys_row(key, stage), stage) || stage_keys_counts(key, stage))
        return;
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
        if (stage_keys_row(strangers[i], stage) == NULL)
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
        STAGES_TEST(keys_do_nothing_where_they_are_not_allowed),
        STAGES_TEST(any_state_can_be_resized_and_closed),
    };
    return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
