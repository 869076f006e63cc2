/* The story that plays by itself: every key of it, in its time; and the names of planted mistakes.
 */
#include "tui/demo/mistake.h"
#include "tui/demo/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct told {
    char keys[4096];
    int64_t ms;
};

/* Plays to the end, with a form that saves at once: created, but a number's second time. */
static struct told play(int pace, bool beside)
{
    struct told told = {0};
    struct player player;
    enum submission_state state = SUBMISSION_EDITING;
    int64_t now = 0;
    player_start(&player, pace, now);
    while (!player.over) {
        char key[PLAYER_KEY_SIZE];
        assert_true(player_due_ms(&player) >= now);
        now = player_due_ms(&player);
        size_t length = player_next(&player, state, beside, now, key);
        strncat(told.keys, key, length);
        assert_true(strlen(player_caption(&player)) > 0);
        if (length == 1 && *key == 'n') state = SUBMISSION_EDITING;
        if (length == 1 && *key == 'e') state = SUBMISSION_EDITING;
        if (length == 1 && *key == '\r')
            state = strstr(player_caption(&player), "once more") ? SUBMISSION_CONFLICT
                                                                 : SUBMISSION_CREATED;
        assert_true(now < INT64_C(600000));
    }
    told.ms = now;
    return told;
}

static void every_key_is_pressed(void **state)
{
    (void)state;
    struct told told = play(1, true);
    assert_non_null(strstr(told.keys, "2026-0042"));
    assert_non_null(strstr(told.keys, "\r\r\r\r\r"));
    assert_non_null(strstr(told.keys, "2026-0043"));
    assert_non_null(strstr(told.keys, "2026-0044"));
    assert_null(strstr(told.keys, "\033[20~"));
    assert_non_null(strstr(play(1, false).keys, "\033[20~")); /* F9, to look at the audit */
}

/* Slow enough to be read, and quicker when asked. */
static void it_keeps_its_pace(void **state)
{
    (void)state;
    int64_t usual = play(1, true).ms, quick = play(10, true).ms;
    assert_in_range(usual, 30000, 120000);
    assert_true(quick * 8 < usual);
}

static void another_end_ends_the_story(void **state)
{
    (void)state;
    struct player player;
    char key[PLAYER_KEY_SIZE];
    player_start(&player, 1, 0);
    int64_t now = 0;
    for (int i = 0; i < 100000 && !player.over; i++, now = player_due_ms(&player))
        player_next(&player, SUBMISSION_UNCONFIRMED, true, now, key);
    assert_true(player.over);
    assert_string_equal(player_caption(&player),
                        "1 of 3: the server is slow, and Enter is pressed five times");
}

static void without_a_pace_nothing_is_played(void **state)
{
    (void)state;
    struct player player;
    char key[PLAYER_KEY_SIZE];
    player_start(&player, 0, 0);
    assert_int_equal(player_due_ms(&player), INT64_MAX);
    assert_int_equal(player_next(&player, SUBMISSION_EDITING, true, 1000000, key), 0);
}

static void mistakes_have_names(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "no-lock ",
                                        "nolock",
                                        "unlock-after",
                                        "unlock-after=",
                                        "unlock-after=2",
                                        "unlock-after=0s",
                                        "unlock-after=-1s",
                                        "unlock-after= 1s",
                                        "unlock-after=2sx",
                                        "unlock-after=99999999999999999999s",
                                        "unlock-after=9999999s"};
    struct mistake mistake;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(mistake_read(wrong[i], &mistake));
    assert_true(mistake_read("no-lock", &mistake));
    assert_int_equal(mistake.kind, MISTAKE_NO_LOCK);
    assert_true(mistake_read("new-key-per-retry", &mistake));
    assert_int_equal(mistake.kind, MISTAKE_NEW_KEY_PER_RETRY);
    assert_true(mistake_read("unlock-after=2s", &mistake));
    assert_int_equal(mistake.kind, MISTAKE_UNLOCK_AFTER);
    assert_int_equal(mistake.after_ms, 2000);
    assert_true(mistake_read("unlock-after=300ms", &mistake));
    assert_int_equal(mistake.after_ms, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_pressed),
        cmocka_unit_test(it_keeps_its_pace),
        cmocka_unit_test(another_end_ends_the_story),
        cmocka_unit_test(without_a_pace_nothing_is_played),
        cmocka_unit_test(mistakes_have_names),
    };
    return cmocka_run_group_tests_name("player", tests, NULL, NULL);
}
