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

static void feed(struct keys *keys, const char *bytes, size_t length)
{
    size_t size;
    char *room = keys_room(keys, &size);
    assert_true(length <= size);
    memcpy(room, bytes, length);
    keys_fed(keys, length);
}

/* Every event in words, with a blank behind each: "Ctrl-S <click 3,4> paste(text) ". */
static void read_events(struct keys *keys, bool silence, char *words, size_t size)
{
    struct keys_event event;
    size_t used = strlen(words);
    while (keys_next(keys, silence, &event)) {
        char name[KEYS_NAME_MAX];
        int written = 0;
        switch (event.type) {
        case KEYS_PRESSED:
            keys_name(event.key, name);
            written = snprintf(words + used, size - used, "%s ", name);
            break;
        case KEYS_PASTED:
            written =
                snprintf(words + used, size - used, "paste(%.*s) ", (int)event.length, event.text);
            break;
        case KEYS_CLICKED:
            written = snprintf(words + used, size - used, "click(%d,%d) ", event.y, event.x);
            break;
        case KEYS_WHEEL:
            written = snprintf(words + used, size - used, "wheel(%d) ", event.lines);
            break;
        }
        used += (size_t)written;
        assert_true(used < size);
    }
}

static const struct {
    const char *bytes, *words;
} table[] = {
    {"aB1", "A B 1 "},
    {"\r\n\t\x7f\b", "Enter Enter Tab Backspace Backspace "},
    {"\x11\x13\x1a\x1f", "Ctrl-Q Ctrl-S Ctrl-Z Ctrl-_ "},
    {"\u00e9\u5496\U0001F600", "\u00e9 \u5496 \U0001F600 "},
    {"\xff\x80\xc3(x", "( X "},
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
    {"\033[200~a\rb\033[Ac\033[201~d", "paste(a\rb\033[Ac) D "},
    {"\033[?1;2cx\033[>0;95;0cy\033[I\033[O", "X Y "},
    {"\033[9999999999;1~z\033[12;34;56;78q", "Z "},
    {"\033[1\033[A\033[3\x01", "Up Ctrl-A "},
};

static void sequences_are_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct keys keys = {0};
        char words[200] = "";
        feed(&keys, table[i].bytes, strlen(table[i].bytes));
        read_events(&keys, false, words, sizeof words);
        assert_string_equal(words, table[i].words);
        assert_false(keys_waiting(&keys));
    }
}

/* However a terminal's line cuts them up. A paste may come in pieces then. */
static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        if (strstr(table[i].words, "paste")) continue;
        struct keys keys = {0};
        char words[200] = "";
        for (const char *byte = table[i].bytes; *byte; byte++) {
            feed(&keys, byte, 1);
            read_events(&keys, false, words, sizeof words);
        }
        assert_string_equal(words, table[i].words);
    }
}

static void escape_is_a_key_after_a_silence(void **state)
{
    (void)state;
    struct keys keys = {0};
    char words[100] = "";
    feed(&keys, "\033", 1);
    read_events(&keys, false, words, sizeof words);
    assert_string_equal(words, "");
    assert_true(keys_waiting(&keys));
    read_events(&keys, true, words, sizeof words);
    assert_string_equal(words, "Esc ");
    assert_false(keys_waiting(&keys));
    /* What began like a sequence and went no further is nothing. */
    feed(&keys, "\033[1;", 4);
    read_events(&keys, true, words, sizeof words);
    feed(&keys, "\033O", 2);
    read_events(&keys, true, words, sizeof words);
    feed(&keys, "x\xe5\x92", 3);
    read_events(&keys, true, words, sizeof words);
    assert_string_equal(words, "Esc X ");
    assert_false(keys_waiting(&keys));
}

/* Its end may be split; no silence ends it, as what follows would then be typed. */
static void a_paste_ends_at_its_end_only(void **state)
{
    (void)state;
    struct keys keys = {0};
    char words[200] = "";
    feed(&keys, "\033[200~one\033[2", 12);
    read_events(&keys, true, words, sizeof words);
    assert_false(keys_waiting(&keys));
    feed(&keys, "01~\r", 4);
    read_events(&keys, false, words, sizeof words);
    assert_string_equal(words, "paste(one) Enter ");
    feed(&keys, "\033[200~x\xe5\x92", 9);
    read_events(&keys, false, words, sizeof words);
    feed(&keys, "\x96\033[201~", 7);
    read_events(&keys, false, words, sizeof words);
    assert_string_equal(words, "paste(one) Enter paste(x) paste(\u5496) ");
}

/* Whatever comes, there is always room for more, and nothing but Enter's byte is Enter. */
static void holds_under_random_bytes(void **state)
{
    (void)state;
    struct keys keys = {0};
    struct keys_event event;
    unsigned random = 7;
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
        keys_fed(&keys, length);
        while (keys_next(&keys, round % 7 == 0, &event)) {
            if (event.type == KEYS_PRESSED) assert_int_not_equal(event.key & 0x1fffff, KEYS_ENTER);
        }
        if (keys.pasting) feed(&keys, "\033[201~", 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_keys),
        cmocka_unit_test(bytes_may_come_one_by_one),
        cmocka_unit_test(escape_is_a_key_after_a_silence),
        cmocka_unit_test(a_paste_ends_at_its_end_only),
        cmocka_unit_test(holds_under_random_bytes),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
