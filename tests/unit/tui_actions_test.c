/* The table of actions: every key has one meaning in a view, every action has words and two keys.
 */
#include "tui/form/actions.h"
#include "tui/terminal/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void no_key_means_two_things_in_a_view(void **state)
{
    (void)state;
    for (size_t i = 0; action_row(i); i++) {
        const struct action_info *info = action_row(i);
        for (enum view view = 0; view < VIEWS; view++) {
            if (!(info->views & (1u << view))) continue;
            for (size_t k = 0; k < ACTION_KEYS_MAX && info->keys[k]; k++) {
                assert_int_equal(action_of_key(info->keys[k], view, false), info->action);
            }
        }
    }
}

static void every_action_has_words_and_a_second_key(void **state)
{
    (void)state;
    for (size_t i = 0; action_row(i); i++) {
        const struct action_info *info = action_row(i);
        assert_true(strlen(info->help) > 0);
        assert_true(info->keys[0] && info->keys[1]);
        assert_int_not_equal(info->views, 0);
    }
}

/* While locked a form knows nothing but these; the press is counted. */
static void a_locked_form_hears_little(void **state)
{
    (void)state;
    for (size_t i = 0; action_row(i); i++) {
        const struct action_info *info = action_row(i);
        if (!(info->views & (1u << VIEW_FORM))) continue;
        enum action action = action_of_key(info->keys[0], VIEW_FORM, true);
        bool allowed = info->action == ACTION_SUBMIT || info->action == ACTION_HELP ||
                       info->action == ACTION_REDRAW || info->action == ACTION_SUSPEND ||
                       info->action == ACTION_QUIT || info->only_in_demo;
        assert_int_equal(action, allowed ? info->action : ACTION_NONE);
    }
}

static void enter_submits_in_the_form_only(void **state)
{
    (void)state;
    for (enum view view = 0; view < VIEWS; view++) {
        enum action wanted = view == VIEW_FORM ? ACTION_SUBMIT : ACTION_NONE;
        bool opens = view == VIEW_RECENT || view == VIEW_OUTBOX;
        enum action on_enter = opens ? ACTION_OPEN : wanted;
        if (view == VIEW_FIRST_STEPS) on_enter = ACTION_BACK;
        assert_int_equal(action_of_key(KEYS_ENTER, view, false), on_enter);
        assert_int_equal(action_of_key(KEYS_CTRL('S'), view, false), wanted);
    }
}

static void letters_are_typed_in_the_form(void **state)
{
    (void)state;
    for (uint32_t letter = 'A'; letter <= 'z'; letter++) {
        assert_int_equal(action_of_key(letter, VIEW_FORM, false), ACTION_NONE);
        assert_int_equal(action_of_key(letter, VIEW_RECENT, false), ACTION_NONE);
    }
    assert_int_equal(action_of_key('N', VIEW_RECORD, false), ACTION_NEW_INVOICE);
    assert_int_equal(action_of_key(KEYS_ALT | 'L', VIEW_FORM, false), ACTION_NEW_LINE);
    assert_int_equal(action_of_key(0, VIEW_FORM, false), ACTION_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_key_means_two_things_in_a_view),
        cmocka_unit_test(every_action_has_words_and_a_second_key),
        cmocka_unit_test(a_locked_form_hears_little),
        cmocka_unit_test(enter_submits_in_the_form_only),
        cmocka_unit_test(letters_are_typed_in_the_form),
    };
    return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
