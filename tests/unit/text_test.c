/* Text from outside: encoding, length, width, comparison, and what may be shown. */
#include "protocol/wire/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FFFD         "\uFFFD"

static void tells_utf8_from_other_bytes(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"",           "plain",  "caf\u00E9", "\xC2\x80",
                                       "\u07FF",     "\u0800", "\uFFFF",    "\U00010000",
                                       "\U0010FFFF", "\uFEFF", "\uD7FF"};
    static const char *const BAD[] = {
        "\x80",             /* a continuation alone */
        "a\xC3",            /* cut short */
        "\xE2\x82",         /* cut short */
        "\xF0\x9F\x98",     /* cut short */
        "\xC3(",            /* no continuation */
        "\xC0\xAF",         /* overlong */
        "\xC1\xBF",         /* overlong */
        "\xE0\x80\xAF",     /* overlong */
        "\xF0\x80\x80\xAF", /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xED\xBF\xBF",     /* a surrogate */
        "\xF4\x90\x80\x80", /* past U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xFE",
        "\xF8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < COUNT(GOOD); i++)
        assert_true(text_is_utf8(GOOD[i], strlen(GOOD[i])));
    for (size_t i = 0; i < COUNT(BAD); i++)
        if (text_is_utf8(BAD[i], strlen(BAD[i]))) fail_msg("row %zu passed", i);
    assert_true(text_is_utf8("a\0b", 3));
    assert_true(text_is_utf8("\xC3\xA9\xC3", 2)); /* looks no further than told */
}

static void counts_characters_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(text_length(""), 0);
    assert_int_equal(text_length("abc"), 3);
    assert_int_equal(text_length("caf\u00E9"), 4);
    assert_int_equal(text_length("e\u0301"), 2);
    assert_int_equal(text_length("\u6F22\u5B57\U0001F600"), 3);
}

static void finds_controls(void **state)
{
    (void)state;
    static const char *const CLEAN[] = {"",       "plain text", "caf\u00E9",
                                        "\u00A0", "\u200D",     "\u2028"};
    static const char *const ALWAYS[] = {"\x01",     "a\tb",     "a\x1B[31m", "\x7F", "\xC2\x80",
                                         "\xC2\x85", "\xC2\x9B", "\xC2\x9F",  "\x0B"};
    static const char *const BREAKS[] = {"a\nb", "a\r\nb", "\r"};
    for (size_t i = 0; i < COUNT(CLEAN); i++)
        assert_false(text_has_control(CLEAN[i], TEXT_ONE_LINE));
    for (size_t i = 0; i < COUNT(ALWAYS); i++) {
        assert_true(text_has_control(ALWAYS[i], TEXT_ONE_LINE));
        assert_true(text_has_control(ALWAYS[i], TEXT_MANY_LINES));
    }
    for (size_t i = 0; i < COUNT(BREAKS); i++) {
        assert_true(text_has_control(BREAKS[i], TEXT_ONE_LINE));
        assert_false(text_has_control(BREAKS[i], TEXT_MANY_LINES));
    }
}

static const char *const WHITE_SPACE[] = {
    "\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\xC2\x85", "\u00A0", "\u1680",
    "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",   "\u2007", "\u2008",
    "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};
static const char *const NOT_WHITE_SPACE[] = {"a",      "\x1F",   "\x08",     "\u200B", "\u180E",
                                              "\u2060", "\uFEFF", "\xC2\x86", "\u2027", "\u202A"};

static void knows_every_white_space(void **state)
{
    (void)state;
    assert_int_equal(COUNT(WHITE_SPACE), 25);
    for (size_t i = 0; i < COUNT(WHITE_SPACE); i++)
        assert_true(text_has_white_space(WHITE_SPACE[i]));
    for (size_t i = 0; i < COUNT(NOT_WHITE_SPACE); i++)
        assert_false(text_has_white_space(NOT_WHITE_SPACE[i]));
}

static void assert_folds(const char *text, const char *expected)
{
    char *folded = text_fold(text);
    assert_non_null(folded);
    assert_string_equal(folded, expected);
    char *again = text_fold(folded);
    assert_non_null(again);
    assert_string_equal(again, expected);
    free(again);
    free(folded);
}

static void folds_what_people_take_for_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } ROWS[] = {
        {"", ""},
        {"2026-0042", "2026-0042"},
        {"INV-7a", "inv-7a"},
        {"  INV\t 7 \n", "inv 7"},
        {"a  b   c", "a b c"},
        {"\uFF29\uFF2E\uFF36\uFF0D\uFF17", "inv-7"}, /* full width */
        {"Stra\u00DFe", "strasse"},
        {"STRASSE", "strasse"},
        {"cafe\u0301", "caf\u00E9"},
        {"CAF\u00C9", "caf\u00E9"},
        {"\uFB01n", "fin"},       /* ligature */
        {"\u2167", "viii"},       /* Roman numeral */
        {"\u00B2", "2"},          /* superscript */
        {"A\u00ADB\u200B", "ab"}, /* soft hyphen, zero width space */
        {"\u00A0x\u3000\u2003y\u1680", "x y"},
        {"\u03A3\u03C2", "\u03C3\u03C3"}, /* both sigmas */
        {"\u0130", "i\u0307"},
        {"\u212B", "\u00E5"}, /* Angstrom sign */
        {" \t\u3000", ""},
        {"\u200B\u2060", ""},
        {"a\u2028b", "a b"},
        /* what a letter makes of a hyphen: as dashes, and as what looks like one */
        {"INV\u20107", "inv-7"},
        {"INV\u20117", "inv-7"},
        {"INV\u20137", "inv-7"},
        {"INV\u20147", "inv-7"},
        {"INV\u22127", "inv-7"},
        {"INV\uFE587", "inv-7"},
        {"\u058A\u301C\u30A0", "---"},
        {"a \u2013 b", "a - b"},
        {"a\u2212\u2212b", "a--b"},
        {"~\u02D7\u30FC", "~\u02D7\u30FC"}, /* no dashes: a letter's modifier, a long vowel */
        /* ignorable, and not assigned */
        {"I\u2065N\uFFF0V\U000E0080", "inv"},
        {"e\u2065\u0301", "\u00E9"},
        {"\u2065 x", "x"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_folds(ROWS[i].text, ROWS[i].folded);
    for (size_t i = 0; i < COUNT(WHITE_SPACE); i++)
        assert_folds(WHITE_SPACE[i], "");
}

static void folds_an_email_with_its_domain_in_ascii(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } ROWS[] = {
        {"", ""},
        {"AP@Northwind.Example", "ap@northwind.example"},
        {"x@b\u00FCcher.example", "x@xn--bcher-kva.example"},
        {"x@xn--bcher-kva.example", "x@xn--bcher-kva.example"},
        {"X@XN--BCHER-KVA.example", "x@xn--bcher-kva.example"},
        {"x@B\u00DCcher.example", "x@xn--bcher-kva.example"},
        {"x@bu\u0308cher\u3002example", "x@xn--bcher-kva.example"},
        {"x@\uFF42\u00FCcher.example", "x@xn--bcher-kva.example"},
        {"x@b\u00AD\u00FC\u2065cher.example", "x@xn--bcher-kva.example"},
        {"x@stra\u00DFe.example", "x@xn--strae-oqa.example"}, /* not strasse */
        {"x@strasse.example", "x@strasse.example"},
        {"stra\u00DFe@x.example", "strasse@x.example"},
        {"B\u00FC@b\u00FCcher.example", "b\u00FC@xn--bcher-kva.example"},
        {"a\u2013b@x.example", "a\u2013b@x.example"}, /* a dash is no hyphen here */
        {"a\u2212b@x.example", "a\u2212b@x.example"},
        {"x@\u2665.example", "x@\u2665.example"}, /* IDNA 2008 knows no hearts */
        {" x@b\u00FCcher.example\n", "x@xn--bcher-kva.example"},
        {"x@b\u00FCcher .example", "x@b\u00FCcher .example"},
        {"b\u00FCcher", "b\u00FCcher"},
        {"@\u00FC", "@xn--tda"},
        {"x@\u00DC\U000F0000.example", "x@\u00FC\U000F0000.example"}, /* refused: folded */
        {"x@\u00DC-.example", "x@\u00FC-.example"},
        {"x@-\u00DC.\u00C9", "x@-\u00FC.\u00E9"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char *folded = text_fold_email(ROWS[i].text);
        assert_non_null(folded);
        assert_string_equal(folded, ROWS[i].folded);
        char *again = text_fold_email(folded);
        assert_string_equal(again, ROWS[i].folded);
        free(again);
        free(folded);
    }
}

/* A label of 64 letters, a domain of 300: no IDNA, and no harm. */
static void folds_an_email_whose_domain_is_too_long(void **state)
{
    (void)state;
    char email[2 + 2 * 290 + 1] = "x@";
    for (size_t i = 0; i < 290; i++)
        memcpy(email + 2 + 2 * i, "\u00FC", sizeof "\u00FC");
    char *folded = text_fold_email(email);
    assert_string_equal(folded, email);
    free(folded);
}

static char *utf8_of(uint32_t code, char text[5])
{
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char LEADS[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        text[i] = (char)(0x80 | (code & 0x3F));
    text[0] = (char)(LEADS[size] | code);
    text[size] = '\0';
    return text;
}

/* 4,174 code points are Default_Ignorable: each is left out, wherever it stands. */
static void leaves_out_every_ignorable_character(void **state)
{
    (void)state;
    int count = 0;
    for (uint32_t code = 0x80; code < 0x110000; code++) {
        char text[16], one[5];
        if (code >= 0xD800 && code < 0xE000) continue;
        snprintf(text, sizeof text, "a%sb", utf8_of(code, one));
        char *folded = text_fold(text);
        assert_non_null(folded);
        if (strcmp(folded, "ab") == 0) count++;
        free(folded);
    }
    assert_int_equal(count, 4174);
}

static void keeps_apart_what_differs(void **state)
{
    (void)state;
    static const char *const PAIRS[][2] = {{"INV-7", "INV7"}, {"007", "7"},  {"1.50", "1.5"},
                                           {"o", "0"},        {"a b", "ab"}, {"e", "\u00E9"},
                                           {"a-b", "a--b"},   {"-", "_"}};
    for (size_t i = 0; i < COUNT(PAIRS); i++) {
        char *left = text_fold(PAIRS[i][0]), *right = text_fold(PAIRS[i][1]);
        assert_string_not_equal(left, right);
        free(left);
        free(right);
    }
}

static void blank_is_what_folds_to_nothing(void **state)
{
    (void)state;
    static const char *const BLANK[] = {"", " ", "\t\n", "\u3000", "\u200B", "\u00AD \u2060"};
    static const char *const NOT_BLANK[] = {"x", " x ", "\u00E9", "-", "\u200B.", "\x01"};
    for (size_t i = 0; i < COUNT(BLANK); i++)
        assert_true(text_is_blank(BLANK[i]));
    for (size_t i = 0; i < COUNT(NOT_BLANK); i++)
        assert_false(text_is_blank(NOT_BLANK[i]));
    for (uint32_t code = 0x80; code < 0x10000; code++) { /* all of the basic plane */
        if (code >= 0xD800 && code < 0xE000) continue;
        char text[] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                       (char)(0x80 | (code & 0x3F)), '\0'};
        const char *start = text;
        if (code < 0x800) {
            text[1] = (char)(0xC0 | code >> 6);
            start = text + 1;
        }
        char *folded = text_fold(start);
        assert_non_null(folded);
        if (text_is_blank(start) != (folded[0] == '\0')) fail_msg("U+%04X", code);
        free(folded);
    }
}

static void measures_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
    } ROWS[] = {
        {"", 0},
        {"abc", 3},
        {"caf\u00E9", 4},
        {"cafe\u0301", 4},
        {"\u6F22\u5B57", 4},
        {"\u0915\u093E\u0902", 2}, /* a mark that takes space, one that takes none */
        {"\u1112\u1161\u11AB", 2}, /* one Hangul syllable of three parts */
        {"\uFF21", 2},
        {"\u200B\u2060", 0},
        {"a\tb\x1B", 2},
        {"\xC2\x85", 0},
        {"\U0001F600", 2},
        {"\xFF", 1},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(text_width(ROWS[i].text), ROWS[i].columns);
}

static void assert_safe(const char *bytes, size_t length, enum text_lines lines,
                        const char *expected)
{
    char *safe = text_safe(bytes, length, lines);
    assert_non_null(safe);
    assert_string_equal(safe, expected);
    free(safe);
}

static void shows_nothing_that_moves_the_screen(void **state)
{
    (void)state;
    static const struct {
        const char *text, *one_line, *many_lines;
    } ROWS[] = {
        {"", "", ""},
        {"plain caf\u00E9 \u6F22", "plain caf\u00E9 \u6F22", "plain caf\u00E9 \u6F22"},
        {"\x1B[2J", FFFD "[2J", FFFD "[2J"},
        {"a\tb\x7F", "a" FFFD "b" FFFD, "a" FFFD "b" FFFD},
        {"\xC2\x9B\xC2\x85", FFFD FFFD, FFFD FFFD},
        {"a\nb", "a" FFFD "b", "a\nb"},
        {"a\r\nb\rc\n", "a" FFFD FFFD "b" FFFD "c" FFFD, "a\nb\nc\n"},
        {"\u202Eevil\u202C", FFFD "evil" FFFD, FFFD "evil" FFFD},
        {"\u2066x\u2069", FFFD "x" FFFD, FFFD "x" FFFD},
        {"\u2028\u2029", FFFD FFFD, FFFD FFFD},
        {"\xFF\xC3", FFFD FFFD, FFFD FFFD},
        {"\xED\xA0\x80", FFFD FFFD FFFD, FFFD FFFD FFFD},
        {"\u05D0\u200F!", "\u05D0\u200F!", "\u05D0\u200F!"}, /* a mark turns nothing around */
        {"\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_safe(ROWS[i].text, strlen(ROWS[i].text), TEXT_ONE_LINE, ROWS[i].one_line);
        assert_safe(ROWS[i].text, strlen(ROWS[i].text), TEXT_MANY_LINES, ROWS[i].many_lines);
    }
    assert_safe("a\0b", 3, TEXT_ONE_LINE, "a" FFFD "b");
}

/* Whatever the bytes, what comes out is UTF-8 without controls. */
static void makes_any_bytes_safe(void **state)
{
    (void)state;
    char bytes[64];
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        size_t length = (size_t)round % sizeof bytes;
        for (size_t i = 0; i < length; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] = (char)(random >> 24);
        }
        char *safe = text_safe(bytes, length, TEXT_MANY_LINES);
        assert_non_null(safe);
        assert_true(text_is_utf8(safe, strlen(safe)));
        assert_false(text_has_control(safe, TEXT_MANY_LINES));
        assert_null(strchr(safe, '\r'));
        free(safe);
    }
}

static void an_excerpt_is_short_and_safe(void **state)
{
    (void)state;
    char excerpt[TEXT_EXCERPT_SIZE], long_text[4001];
    text_excerpt("short", excerpt);
    assert_string_equal(excerpt, "short");
    text_excerpt("\x1B]0;x\n", excerpt);
    assert_string_equal(excerpt, FFFD "]0;x" FFFD);
    for (size_t i = 0; i < 1000; i++)
        memcpy(long_text + 4 * i, "\U0001F600", 5);
    text_excerpt(long_text, excerpt);
    assert_int_equal(text_length(excerpt), TEXT_EXCERPT_MAX + 1);
    assert_string_equal(excerpt + strlen(excerpt) - 3, "\u2026");
    long_text[4 * TEXT_EXCERPT_MAX] = '\0';
    text_excerpt(long_text, excerpt);
    assert_string_equal(excerpt, long_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_utf8_from_other_bytes),
        cmocka_unit_test(counts_characters_not_bytes),
        cmocka_unit_test(finds_controls),
        cmocka_unit_test(knows_every_white_space),
        cmocka_unit_test(folds_what_people_take_for_the_same),
        cmocka_unit_test(folds_an_email_with_its_domain_in_ascii),
        cmocka_unit_test(folds_an_email_whose_domain_is_too_long),
        cmocka_unit_test(leaves_out_every_ignorable_character),
        cmocka_unit_test(keeps_apart_what_differs),
        cmocka_unit_test(blank_is_what_folds_to_nothing),
        cmocka_unit_test(measures_columns),
        cmocka_unit_test(shows_nothing_that_moves_the_screen),
        cmocka_unit_test(makes_any_bytes_safe),
        cmocka_unit_test(an_excerpt_is_short_and_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
