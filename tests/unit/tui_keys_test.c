/* Bytes of terminals to keys, pastes and clicks. */
#include "tui/terminal/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static int64_t now; /* in milliseconds; each test sets it */

static void feed(struct keys *keys, const char *bytes, size_t length)
{
    size_t size;
    char *room = keys_room(keys, &size);
    assert_true(length <= size);
    memcpy(room, bytes, length);
    keys_fed(keys, length, now);
}

/* An event in words, with a blank behind it. */
static int tell(const struct keys_event *event, char *words, size_t size)
{
    static const char *const trust[] = {"", "~", "+"};
    char name[KEYS_NAME_MAX];
    switch (event->type) {
    case KEYS_PRESSED:
        keys_name(event->key, name);
        return snprintf(words, size, "%s%s ", trust[event->trust], name);
    case KEYS_PASTED:
        return snprintf(words, size, "paste(%.*s) ", (int)event->length, event->text);
    case KEYS_PASTE_ENDED:
        return snprintf(words, size, "end ");
    case KEYS_CLICKED:
        return snprintf(words, size, "%sclick(%d,%d) ", trust[event->trust], event->y, event->x);
    case KEYS_WHEEL:
        return snprintf(words, size, "wheel(%d) ", event->lines);
    case KEYS_GARBLED:
        return snprintf(words, size, "garbled ");
    }
    return 0;
}

/* Every event that there is by now: "Ctrl-S +click(3,4) paste(text) end ". "+" and "~" are
 * what may have been in a paste, "~" if nothing came behind it. */
static void read_events(struct keys *keys, char *words, size_t size)
{
    struct keys_event event;
    size_t used = strlen(words);
    while (keys_next(keys, now, &event)) {
        used += (size_t)tell(&event, words + used, size - used);
        assert_true(used < size);
    }
}

/* Waits for so long, and for no byte. */
static void wait_ms(struct keys *keys, int64_t ms, char *words, size_t size)
{
    now += ms;
    read_events(keys, words, size);
}

static const struct {
    const char *bytes, *words;
} table[] = {
    {"aB1", "A B 1 "},
    {"\r\n\t\x7f\b", "Enter Enter Tab Backspace Backspace "},
    {"\x11\x13\x1a\x1f", "Ctrl-Q Ctrl-S Ctrl-Z Ctrl-_ "},
    {"\u00e9\u5496\U0001F600", "\u00e9 \u5496 \U0001F600 "},
    {"\xff\x80\xc3(x", "garbled garbled garbled +( ~X "},
    {"\033[A\033[B\033[C\033[D\033[H\033[F", "Up Down Right Left Home End "},
    {"\033OA\033OH\033OF", "Up Home End "},
    {"\033[1~\033[2~\033[3~\033[4~\033[5~\033[6~\033[7~\033[8~",
     "Home Insert Delete End PgUp PgDn Home End "},
    {"\033OP\033OQ\033[11~\033[15~\033[21~\033[24~\033[[A\033[[E", "F1 F2 F1 F5 F10 F12 F1 F5 "},
    {"\033[Z\033[1;5D\033[1;3C\033[1;2A\033Od\033Oc",
     "Shift-Tab Ctrl-Left Alt-Right Shift-Up Ctrl-Left Ctrl-Right "},
    {"\033a\033\x7f\033\u00e9", "Alt-A Alt-Backspace Alt-\u00e9 "},
    {"\033Op\033Oy\033On\033OM", "0 9 . Enter "},
    {"\033\033[A", "Esc Up "},
    {"\033[<0;5;4M\033[<0;5;4m", "click(3,4) "},
    {"\033[<64;1;1M\033[<65;1;1M\033[<2;1;1M", "wheel(-3) wheel(3) "},
    {"\033[M %$\033[M#%$x", "click(3,4) X "},
    {"\033[200~a\rb\033[Ac\033[201~d", "paste(a\rb\033[Ac) end ~D "},
    {"\033[?1;2cx\033[>0;95;0cy\033[I\033[O", "X Y "},
    {"\033[9999999999;1~z\033[12;34;56;78q", "Z "},
    {"\033[1\033[A\033[3\x01", "Up Ctrl-A "},
};

static void sequences_are_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct keys keys;
        char words[200] = "";
        keys_start(&keys, NULL);
        feed(&keys, table[i].bytes, strlen(table[i].bytes));
        read_events(&keys, words, sizeof words);
        wait_ms(&keys, 50, words, sizeof words);
        assert_string_equal(words, table[i].words);
        assert_false(keys_waiting(&keys));
    }
}

/* However a terminal's line cuts them up, and however slow it is: a bare ESC is waited for least.
 */
static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        if (strstr(table[i].words, "paste") || strstr(table[i].words, "garbled")) continue;
        struct keys keys;
        char words[200] = "";
        keys_start(&keys, NULL);
        for (const char *byte = table[i].bytes; *byte; byte++) {
            feed(&keys, byte, 1);
            read_events(&keys, words, sizeof words);
            wait_ms(&keys, 250, words, sizeof words);
        }
        assert_string_equal(words, table[i].words);
    }
}

static void escape_is_a_key_after_a_silence(void **state)
{
    (void)state;
    struct keys keys;
    char words[100] = "";
    keys_start(&keys, NULL);
    feed(&keys, "\033", 1);
    read_events(&keys, words, sizeof words);
    assert_true(keys_waiting(&keys));
    assert_int_equal(keys_due_ms(&keys), now + 300);
    wait_ms(&keys, 299, words, sizeof words);
    assert_string_equal(words, "");
    wait_ms(&keys, 1, words, sizeof words);
    assert_string_equal(words, "Esc ");
    assert_false(keys_waiting(&keys));
    assert_int_equal(keys_due_ms(&keys), INT64_MAX);
}

/* Nobody types what begins like a sequence: it is waited for longer. What goes no further is Alt
 * with that letter, or nothing. */
static void a_sequence_may_take_its_time(void **state)
{
    (void)state;
    struct keys keys;
    char words[100] = "";
    keys_start(&keys, NULL);
    feed(&keys, "\033[1;", 4);
    wait_ms(&keys, 1999, words, sizeof words);
    feed(&keys, "5A", 2);
    read_events(&keys, words, sizeof words);
    feed(&keys, "\033O", 2);
    wait_ms(&keys, 1999, words, sizeof words);
    feed(&keys, "P", 1);
    read_events(&keys, words, sizeof words);
    assert_string_equal(words, "Ctrl-Up F1 ");
    feed(&keys, "\033[1;", 4);
    wait_ms(&keys, 2000, words, sizeof words);
    feed(&keys, "\033O", 2);
    wait_ms(&keys, 2000, words, sizeof words);
    assert_string_equal(words, "Ctrl-Up F1 Alt-O ");
    assert_false(keys_waiting(&keys));
}

/* A letter waits for its bytes however long that takes, and for no byte of another. */
static void a_letter_waits_to_be_whole(void **state)
{
    (void)state;
    struct keys keys;
    char words[100] = "";
    keys_start(&keys, NULL);
    feed(&keys, "\xe5", 1);
    wait_ms(&keys, 60000, words, sizeof words);
    feed(&keys, "\x92", 1);
    wait_ms(&keys, 60000, words, sizeof words);
    assert_int_equal(keys_due_ms(&keys), INT64_MAX);
    feed(&keys, "\x96", 1);
    feed(&keys, "\033\xc3", 2);
    wait_ms(&keys, 60000, words, sizeof words);
    feed(&keys, "\xa9", 1);
    read_events(&keys, words, sizeof words);
    assert_string_equal(words, "\u5496 Alt-\u00e9 ");
    /* Latin-1: told, and what follows at once isn't quite trusted. */
    feed(&keys, "\xe9", 1);
    wait_ms(&keys, 60000, words, sizeof words);
    feed(&keys, "\r", 1);
    wait_ms(&keys, 50, words, sizeof words);
    assert_string_equal(words, "\u5496 Alt-\u00e9 garbled ~Enter ");
    feed(&keys, "\r", 1);
    wait_ms(&keys, 50, words, sizeof words);
    assert_string_equal(words, "\u5496 Alt-\u00e9 garbled ~Enter Enter ");
}

static void escdelay_is_obeyed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t escape_ms;
    } rows[] = {{"1000", 1000}, {"0", 0},    {"25", 25},    {NULL, 300},
                {"", 300},      {"-5", 300}, {"soon", 300}, {"99999999999999999999", 10000}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct keys keys;
        char words[100] = "";
        keys_start(&keys, rows[i].text);
        feed(&keys, "\033", 1);
        if (rows[i].escape_ms > 0) wait_ms(&keys, rows[i].escape_ms - 1, words, sizeof words);
        assert_string_equal(words, "");
        wait_ms(&keys, rows[i].escape_ms > 0, words, sizeof words);
        assert_string_equal(words, "Esc ");
    }
}

/* --- pastes --- */

static void marks_may_be_split(void **state)
{
    (void)state;
    struct keys keys;
    char words[200] = "";
    keys_start(&keys, NULL);
    feed(&keys, "\033[20", 4);
    wait_ms(&keys, 500, words, sizeof words);
    feed(&keys, "0~one\033[2", 8);
    wait_ms(&keys, 500, words, sizeof words);
    feed(&keys, "01~", 3);
    read_events(&keys, words, sizeof words);
    assert_string_equal(words, "paste(one) end ");
    words[0] = '\0';
    feed(&keys, "\033[200~x\xe5\x92", 9);
    read_events(&keys, words, sizeof words);
    feed(&keys, "\x96\033[200~y\033[20x\xe9z\033[201~", 21);
    read_events(&keys, words, sizeof words);
    assert_string_equal(words, "paste(x) paste(\u5496) paste(y\033[20x) garbled paste(z) end ");
}

/* Keys would be text in it for ever. On a slow line it isn't ended in its middle. */
static void a_paste_without_an_end_ends_in_a_silence(void **state)
{
    (void)state;
    struct keys keys;
    char words[200] = "";
    keys_start(&keys, NULL);
    feed(&keys, "\033[200~one", 9);
    wait_ms(&keys, 999, words, sizeof words);
    assert_string_equal(words, "paste(one) ");
    feed(&keys, "two\033[2", 6);
    wait_ms(&keys, 999, words, sizeof words);
    assert_int_equal(keys_due_ms(&keys), now + 1);
    assert_string_equal(words, "paste(one) paste(two) ");
    wait_ms(&keys, 1, words, sizeof words);
    assert_string_equal(words, "paste(one) paste(two) end ");
    words[0] = '\0';
    feed(&keys, "\x03", 1);
    read_events(&keys, words, sizeof words);
    assert_int_equal(keys_due_ms(&keys), now + 50);
    wait_ms(&keys, 50, words, sizeof words);
    assert_string_equal(words, "Ctrl-C ");
    assert_int_equal(keys_due_ms(&keys), INT64_MAX);
}

/* A mark of the end may be in the text: what follows it is no one's key, however it is split. The
 * terminal's own mark is still to come then. */
static void nothing_behind_the_end_of_a_paste_is_trusted(void **state)
{
    (void)state;
    static const struct {
        const char *pieces[4], *words;
    } rows[] = {
        {{"\033[200~a\033[201~\r\033[201~"}, "paste(a) end +Enter "},
        {{"\033[200~a\033[201~", "\r\033[201~"}, "paste(a) end +Enter "},
        {{"\033[200~a\033[201~", "\r", "\033[201~"}, "paste(a) end +Enter "},
        {{"\033[200~a\033[201~\r", "\r", "\033[2", "01~"}, "paste(a) end +Enter +Enter "},
        {{"\033[200~a\033[201~", "\x13", "\x11"}, "paste(a) end +Ctrl-S ~Ctrl-Q "},
        {{"\033[200~a\033[201~\033[<0;5;4M\033[<0;5;4m\033[201~"}, "paste(a) end +click(3,4) "},
        {{"\033[200~a\033[201~", "\033[200~b\033[201~\r"}, "paste(a) end paste(b) end ~Enter "},
        {{"\033[200~a\033[200~b\033[201~c\033[201~\r"}, "paste(a) paste(b) end +C ~Enter "},
        {{"\033[201~\r"}, "~Enter "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct keys keys;
        char words[200] = "";
        keys_start(&keys, NULL);
        for (size_t piece = 0; piece < 4 && rows[i].pieces[piece]; piece++) {
            now += 20;
            feed(&keys, rows[i].pieces[piece], strlen(rows[i].pieces[piece]));
            read_events(&keys, words, sizeof words);
        }
        wait_ms(&keys, 3000, words, sizeof words);
        assert_string_equal(words, rows[i].words);
        /* A person's key, at last, and then all that they type. */
        words[0] = '\0';
        feed(&keys, "\033[<0;5;4M", 9);
        feed(&keys, "\033[<0;5;4m", 9);
        wait_ms(&keys, 50, words, sizeof words);
        feed(&keys, "x\r", 2);
        read_events(&keys, words, sizeof words);
        assert_string_equal(words, "click(3,4) X Enter ");
    }
}

/* Where pastes aren't marked, an end of a line that goes on is one. Typing ahead ends with Enter.
 */
static void lines_in_one_go_are_a_paste_without_marks(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *words;
    } rows[] = {
        {"ab\r", "A B Enter "},
        {"a\r\r\n", "A Enter Enter Enter "},
        {"\r\t\x13", "Enter Tab Ctrl-S "},
        {"a\rb\r", "A +Enter B +Enter "},
        {"a\n\n\nb", "A +Enter +Enter +Enter B "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct keys keys;
        char words[200] = "";
        keys_start(&keys, NULL);
        feed(&keys, rows[i].bytes, strlen(rows[i].bytes));
        read_events(&keys, words, sizeof words);
        assert_string_equal(words, rows[i].words);
        /* Until they have come to an end. */
        bool lines = strstr(words, "+");
        words[0] = '\0';
        now += 20;
        feed(&keys, "x\r", 2);
        read_events(&keys, words, sizeof words);
        wait_ms(&keys, 50, words, sizeof words);
        feed(&keys, "y\r", 2);
        read_events(&keys, words, sizeof words);
        assert_string_equal(words, lines ? "X +Enter Y Enter " : "X Enter Y Enter ");
        feed(&keys, "x\ry\r", 4);
        feed(&keys, "\r", 1); /* read by itself, but they hadn't been seen to yet */
        feed(&keys, "z", 1);
        read_events(&keys, words, sizeof words);
        feed(&keys, "\r", 1);
        words[0] = '\0';
        read_events(&keys, words, sizeof words);
        assert_string_equal(words, "Enter ");
    }
}

/* Whatever comes, there is always room for more, and nothing but Enter's byte is Enter. */
static void holds_under_random_bytes(void **state)
{
    (void)state;
    struct keys keys;
    struct keys_event event;
    unsigned random = 7;
    keys_start(&keys, NULL);
    for (int round = 0; round < 20000; round++) {
        size_t size;
        char *room = keys_room(&keys, &size);
        assert_true(size > 0);
        size_t length = size < 50 ? size : 50;
        for (size_t i = 0; i < length; i++) {
            random = random * 1103515245u + 12345u;
            char byte = (char)(random >> 16);
            if (random >> 28 == 0) byte = '\033';
            if (random >> 28 == 1) byte = '[';
            bool enter = byte == '\r' || byte == '\n' || byte == 'M';
            room[i] = enter ? 'm' : byte;
        }
        keys_fed(&keys, length, now);
        if (round % 7 == 0) now += 3000;
        while (keys_next(&keys, now, &event)) {
            if (event.type == KEYS_PRESSED) assert_int_not_equal(event.key & 0x1fffff, KEYS_ENTER);
        }
        if (keys.paste == KEYS_IN_PASTE) feed(&keys, "\033[201~", 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_keys),
        cmocka_unit_test(bytes_may_come_one_by_one),
        cmocka_unit_test(escape_is_a_key_after_a_silence),
        cmocka_unit_test(a_sequence_may_take_its_time),
        cmocka_unit_test(a_letter_waits_to_be_whole),
        cmocka_unit_test(escdelay_is_obeyed),
        cmocka_unit_test(marks_may_be_split),
        cmocka_unit_test(a_paste_without_an_end_ends_in_a_silence),
        cmocka_unit_test(nothing_behind_the_end_of_a_paste_is_trusted),
        cmocka_unit_test(lines_in_one_go_are_a_paste_without_marks),
        cmocka_unit_test(holds_under_random_bytes),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
