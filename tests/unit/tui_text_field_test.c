/* The text field: what it takes, how the cursor moves in it, which part of it is shown. */
#include "tui/terminal/text_field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define COFFEE       "\u5496\u5561" /* two wide characters */
#define E_ACUTE      "e\u0301"      /* one cluster of two code points */

static struct text_field make(enum text_field_kind kind, const char *text)
{
    struct text_field field = {.kind = kind, .characters_max = 100};
    assert_int_equal(text_field_set(&field, text), TEXT_FIELD_OK);
    return field;
}

/* The window, with a bar where the cursor stands. */
static void expect_window(struct text_field *field, size_t columns, const char *shown,
                          size_t cursor)
{
    size_t column;
    char *window = text_field_window(field, columns, &column);
    assert_non_null(window);
    assert_string_equal(window, shown);
    assert_int_equal(column, cursor);
    free(window);
}

static void takes_what_its_kind_allows(void **state)
{
    (void)state;
    static const struct {
        enum text_field_kind kind;
        const char *typed, *kept;
    } table[] = {
        {TEXT_FIELD_WORDS, "plain", "plain"},
        {TEXT_FIELD_WORDS, "a\tb\nc\r\nd\re", "a b c d e"},
        {TEXT_FIELD_WORDS, "\r\n a \n\r\n\t b c\n", " a  b c"},
        {TEXT_FIELD_WORDS, "2026-0042\r", "2026-0042"},
        {TEXT_FIELD_WORDS, "\n\t\r\n", ""},
        {TEXT_FIELD_NOTES, "\na\n", "\na\n"},
        {TEXT_FIELD_NOTES, "a\tb\nc\r\nd\re", "a b\nc\nd\ne"},
        {TEXT_FIELD_CODE, " 1 200.50\t\u00a0\n", "1200.50"},
        {TEXT_FIELD_CAPITALS, "e uR", "EUR"},
        {TEXT_FIELD_WORDS,
         "a\x1b[31m\x01\x7f\xc2\x9b"
         "b",
         "a[31mb"},
        {TEXT_FIELD_WORDS, "a\xff\xc3(\xed\xa0\x80z", "a(z"},
        {TEXT_FIELD_WORDS, COFFEE " Caf" E_ACUTE, COFFEE " Caf" E_ACUTE},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        struct text_field field = make(table[i].kind, table[i].typed);
        assert_string_equal(text_field_text(&field), table[i].kept);
        assert_int_equal(field.length, strlen(table[i].kept));
        assert_int_equal(field.cursor, field.length);
        text_field_clear(&field);
    }
}

static void leaves_out_what_is_too_much(void **state)
{
    (void)state;
    struct text_field field = {.characters_max = 3};
    assert_int_equal(text_field_insert(&field, COFFEE "xy", 8), TEXT_FIELD_FULL);
    assert_string_equal(text_field_text(&field), COFFEE "x");
    assert_int_equal(text_field_insert(&field, "z", 1), TEXT_FIELD_FULL);
    assert_string_equal(text_field_text(&field), COFFEE "x");
    text_field_clear(&field);
    assert_string_equal(text_field_text(&field), "");
    assert_int_equal(field.characters_max, 3);
}

static void moves_by_clusters(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "a" E_ACUTE COFFEE);
    static const size_t stops[] = {7, 4, 1, 0, 0};
    for (size_t i = 0; i < COUNT(stops); i++) {
        text_field_left(&field);
        assert_int_equal(field.cursor, stops[i]);
    }
    text_field_right(&field);
    text_field_right(&field);
    assert_int_equal(field.cursor, 4);
    text_field_delete_back(&field);
    assert_string_equal(text_field_text(&field), "a" COFFEE);
    text_field_delete(&field);
    assert_string_equal(text_field_text(&field), "a\u5561");
    text_field_end(&field);
    text_field_right(&field);
    text_field_delete(&field);
    assert_string_equal(text_field_text(&field), "a\u5561");
    text_field_clear(&field);
}

/* A flag is two code points, and they pair up from the start of the text. */
static void keeps_flags_whole(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "\U0001F1E7\U0001F1F7\U0001F1E9\U0001F1EA");
    text_field_left(&field);
    assert_int_equal(field.cursor, 8);
    text_field_delete_back(&field);
    assert_string_equal(text_field_text(&field), "\U0001F1E9\U0001F1EA");
    assert_int_equal(field.cursor, 0);
    text_field_clear(&field);
}

/* Typed in the middle, a combining character joins what stands before it. */
static void a_combining_character_joins(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "ex");
    text_field_home(&field);
    text_field_right(&field);
    assert_int_equal(text_field_insert(&field, "\u0301", 2), TEXT_FIELD_OK);
    assert_int_equal(field.cursor, 3);
    text_field_left(&field);
    assert_int_equal(field.cursor, 0);
    text_field_clear(&field);
}

static void moves_and_removes_by_words(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "ap@northwind.example  two");
    static const size_t stops[] = {22, 13, 3, 0, 0};
    for (size_t i = 0; i < COUNT(stops); i++) {
        text_field_word_left(&field);
        assert_int_equal(field.cursor, stops[i]);
    }
    static const size_t ends[] = {2, 12, 20, 25, 25};
    for (size_t i = 0; i < COUNT(ends); i++) {
        text_field_word_right(&field);
        assert_int_equal(field.cursor, ends[i]);
    }
    text_field_kill_word(&field);
    assert_string_equal(text_field_text(&field), "ap@northwind.example  ");
    text_field_kill_word(&field);
    assert_string_equal(text_field_text(&field), "");
    text_field_kill_word(&field);
    text_field_clear(&field);
}

static void removes_to_both_ends(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "one two");
    for (int i = 0; i < 3; i++)
        text_field_left(&field);
    text_field_kill_to_start(&field);
    assert_string_equal(text_field_text(&field), "two");
    assert_int_equal(field.cursor, 0);
    text_field_right(&field);
    text_field_kill_to_end(&field);
    assert_string_equal(text_field_text(&field), "t");
    text_field_clear(&field);
}

static void shows_the_part_with_the_cursor(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "0123456789");
    expect_window(&field, 10, "0123456789", 10); /* it stands behind the last */
    text_field_left(&field);
    expect_window(&field, 10, "0123456789", 9);
    text_field_end(&field);
    expect_window(&field, 4, "6789", 4);
    text_field_home(&field);
    expect_window(&field, 4, "0123", 0);
    for (int i = 0; i < 5; i++)
        text_field_right(&field);
    expect_window(&field, 4, "2345", 3);
    text_field_kill_to_end(&field);
    expect_window(&field, 4, "1234", 4);
    text_field_clear(&field);
}

static void shows_wide_characters_whole(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "a" COFFEE "b");
    text_field_home(&field);
    expect_window(&field, 4, "a\u5496", 0);
    text_field_end(&field);
    expect_window(&field, 4, "\u5561b", 3);
    text_field_clear(&field);
}

/* What would turn the line round, or break it, is shown as something that doesn't. */
static void shows_nothing_that_acts(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_NOTES, "a\u202e\nb");
    expect_window(&field, 10, "a\uFFFD\u21b5b", 4);
    text_field_clear(&field);
}

static void a_click_puts_the_cursor_there(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "a" COFFEE "b");
    static const size_t at[] = {0, 1, 1, 4, 4, 7, 8, 8};
    for (size_t column = 0; column < COUNT(at); column++) {
        text_field_point(&field, column);
        assert_int_equal(field.cursor, at[column]);
    }
    text_field_clear(&field);
}

static void a_change_forgives(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_WORDS, "a");
    text_field_complain(&field, "required", "It is required.");
    text_field_left(&field);
    assert_string_equal(field.complaint, "It is required.");
    text_field_delete(&field);
    assert_null(field.complaint);
    assert_null(field.complaint_code);
    text_field_clear(&field);
}

static void blank_is_white_space_only(void **state)
{
    (void)state;
    struct text_field field = make(TEXT_FIELD_NOTES, " \u3000\n");
    assert_true(text_field_is_blank(&field));
    text_field_insert(&field, "x", 1);
    assert_false(text_field_is_blank(&field));
    text_field_clear(&field);
    assert_true(text_field_is_blank(&field));
}

/* Random edits: the cursor is always between two clusters, the text always UTF-8 within bounds. */
static void holds_under_random_edits(void **state)
{
    (void)state;
    static void (*const edits[])(struct text_field *) = {
        text_field_left,        text_field_right,  text_field_word_left,
        text_field_word_right,  text_field_home,   text_field_end,
        text_field_delete_back, text_field_delete, text_field_kill_word,
    };
    static const char *const pieces[] = {"a",          " ",      "\u0301", "\u5496",
                                         "\U0001F1E7", "\u200d", "\xff"};
    struct text_field field = {.characters_max = 40};
    unsigned random = 1;
    for (int i = 0; i < 20000; i++) {
        random = random * 1103515245u + 12345u;
        unsigned pick = (random >> 16) % (COUNT(edits) + 3 * COUNT(pieces));
        if (pick < COUNT(edits)) {
            edits[pick](&field);
        } else {
            const char *piece = pieces[pick % COUNT(pieces)];
            text_field_insert(&field, piece, strlen(piece));
        }
        size_t cursor = field.cursor;
        assert_true(cursor <= field.length);
        size_t column;
        char *window = text_field_window(&field, 10, &column);
        assert_non_null(window);
        assert_true(column <= 10);
        free(window);
        text_field_right(&field);
        if (cursor < field.length) text_field_left(&field);
        assert_int_equal(field.cursor, cursor);
    }
    text_field_clear(&field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_its_kind_allows),
        cmocka_unit_test(leaves_out_what_is_too_much),
        cmocka_unit_test(moves_by_clusters),
        cmocka_unit_test(keeps_flags_whole),
        cmocka_unit_test(a_combining_character_joins),
        cmocka_unit_test(moves_and_removes_by_words),
        cmocka_unit_test(removes_to_both_ends),
        cmocka_unit_test(shows_the_part_with_the_cursor),
        cmocka_unit_test(shows_wide_characters_whole),
        cmocka_unit_test(shows_nothing_that_acts),
        cmocka_unit_test(a_click_puts_the_cursor_there),
        cmocka_unit_test(a_change_forgives),
        cmocka_unit_test(blank_is_white_space_only),
        cmocka_unit_test(holds_under_random_edits),
    };
    return cmocka_run_group_tests_name("text_field", tests, NULL, NULL);
}
