/* The page that one prints, as the files in pages/ have it, in both languages.
 * INVONCE_PAGES=DIRECTORY writes them there instead of comparing. */
#include "tui/form/page.h"
#include "tui/form/wrap.h"

#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/support/json_pointer.h"
#include "tests/support/support.h"
#include "tui/words/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define WIDTH        80

static const char TYPICAL[] =
    "{\"id\":\"inv_1007\",\"status\":\"open\",\"number\":\"2026-0042\","
    "\"issue_date\":\"2026-11-22\",\"due_date\":\"2026-12-22\",\"currency\":\"EUR\","
    "\"customer\":{\"id\":\"cus_12\",\"email\":\"ap@northwind.example\","
    "\"name\":\"Northwind Ltd\"},\"lines\":["
    "{\"description\":\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\","
    "\"tax_rate\":\"21\",\"net\":\"180.00\"},"
    "{\"description\":\"Travel costs, Berlin to Hamburg and back again by the night train, for "
    "two\",\"quantity\":\"1\",\"unit_price\":\"89.00\",\"tax_rate\":\"19.00\","
    "\"net\":\"89.00\"}],\"notes\":\"Thank you.\\n\\nTo be paid within thirty days, by bank "
    "transfer to the account that you know, in one sum: \\u4f1a\\u8b70\\u8cbb.\","
    "\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"},"
    "\"totals\":{\"net\":\"269.00\",\"tax\":\"54.71\",\"gross\":\"323.71\"},"
    "\"created_at\":\"2026-11-22T10:02:11.042Z\",\"created_by\":\"ana\"}";

/* As much as there can be of everything, and what no screen should be sent. */
static const char WIDE[] =
    "{\"id\":\"inv_9\",\"status\":\"merged\",\"merged_into\":\"inv_7\","
    "\"number\":\"\\u001b[31mwide\",\"issue_date\":\"2026-11-22\",\"currency\":\"BHD\","
    "\"customer\":{\"id\":\"cus_1\",\"email\":\"a@b.example\"},\"lines\":["
    "{\"description\":\"Supercalifragilisticexpialidocious-supercalifragilisticexpialidocious-"
    "supercalifragilisticexpialidocious\",\"quantity\":\"-12345678901.2345\","
    "\"unit_price\":\"10.0001\",\"tax_rate\":\"99.99\",\"net\":\"-123458023580.246\"},"
    "{\"description\":\"A\",\"quantity\":\"1\",\"unit_price\":\"12345678901.2345\","
    "\"tax_rate\":\"0\",\"net\":\"12345678901.235\"}],\"notes\":\"\","
    "\"totals\":{\"net\":\"-111112344679.011\",\"tax\":\"-123445677777.888\","
    "\"gross\":\"-234558022456.899\"},"
    "\"created_at\":\"2026-11-22T10:02:11.042Z\",\"created_by\":\"ana\"}";

/* Sums that don't come of its lines: as another server may count. */
static const char OTHERWISE[] =
    "{\"id\":\"inv_1\",\"status\":\"open\",\"number\":\"7\",\"issue_date\":\"2026-11-22\","
    "\"currency\":\"JPY\",\"customer\":{\"id\":\"cus_1\",\"email\":\"a@b.example\"},"
    "\"lines\":[{\"description\":\"\\u8cbb\\u7528\",\"quantity\":\"1\",\"unit_price\":\"100\","
    "\"tax_rate\":\"10\",\"net\":\"100\"}],\"notes\":\"\","
    "\"totals\":{\"net\":\"100\",\"tax\":\"11\",\"gross\":\"111\"},"
    "\"created_at\":\"2026-11-22T10:02:11.042Z\",\"created_by\":\"ana\"}";

static const char PAYMENTS[] =
    "[{\"id\":\"pay_1\",\"provider\":\"stripe\",\"amount\":\"300\",\"currency\":\"EUR\","
    "\"paid_at\":\"2026-12-01T09:00:00Z\"},"
    "{\"id\":\"pay_2\",\"provider\":\"bank\",\"amount\":\"20.00\",\"currency\":\"EUR\","
    "\"paid_at\":\"2026-12-02T09:00:00Z\"}]";

static const char PAID[] = "[{\"id\":\"pay_3\",\"provider\":\"bank\",\"amount\":\"111\","
                           "\"currency\":\"JPY\",\"paid_at\":\"2026-12-02T09:00:00Z\"}]";

static const struct {
    const char *name, *record, *payments;
} PAGES[] = {{"typical", TYPICAL, PAYMENTS}, {"wide", WIDE, NULL}, {"otherwise", OTHERWISE, PAID}};

static char *page_of(const char *record_text, const char *payments_text)
{
    char *text = NULL;
    size_t length = 0;
    struct record record;
    struct json *json = json_from(record_text);
    struct json *payments = payments_text ? json_from(payments_text) : NULL;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(record_believe(&record, &INVOICE, json));
    assert_true(page_write(out, &(struct page){&INVOICE, &record, payments}));
    assert_int_equal(fclose(out), 0);
    record_clear(&record);
    json_free(payments);
    json_free(json);
    return text;
}

static char *read_file(const char *path)
{
    struct support_buffer text = {0};
    char piece[4096];
    size_t length;
    FILE *file = fopen(path, "re");
    support_append(&text, "", 0);
    while (file && (length = fread(piece, 1, sizeof piece, file)) > 0)
        support_append(&text, piece, length);
    if (file) fclose(file);
    return text.bytes;
}

static void expect_golden(const char *name, const char *language, const char *page)
{
    const char *elsewhere = getenv("INVONCE_PAGES");
    char *path =
        support_format("%s/%s.%s.txt", elsewhere ? elsewhere : PAGES_DIRECTORY, name, language);
    if (elsewhere) {
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        assert_true(fputs(page, file) >= 0);
        assert_int_equal(fclose(file), 0);
    } else {
        char *golden = read_file(path);
        if (strcmp(golden, page) != 0) fail_msg("%s is otherwise:\n%s", path, page);
        free(golden);
    }
    free(path);
}

static void expect_narrow(const char *page)
{
    char *copy = support_format("%s", page);
    for (char *line = copy, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (text_width(line) > WIDTH) fail_msg("%zu columns: %s", text_width(line), line);
    }
    assert_null(strchr(page, '\x1b'));
    free(copy);
}

static void each_page_in_both_languages(void **state)
{
    (void)state;
    static const char *const LANGUAGES[] = {"en", "pt_BR"};
    for (size_t i = 0; i < COUNT(LANGUAGES); i++) {
        assert_true(words_speak(LANGUAGES[i]));
        for (size_t j = 0; j < COUNT(PAGES); j++) {
            char *page = page_of(PAGES[j].record, PAGES[j].payments);
            expect_narrow(page);
            expect_golden(PAGES[j].name, LANGUAGES[i], page);
            free(page);
        }
    }
    assert_true(words_speak("en"));
}

/* Whoever can't be written to is told of. */
static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct record record;
    struct json *json = json_from(TYPICAL);
    FILE *full = fopen("/dev/full", "we");
    assert_non_null(full);
    assert_true(record_believe(&record, &INVOICE, json));
    assert_false(page_write(full, &(struct page){&INVOICE, &record, NULL}));
    fclose(full);
    record_clear(&record);
    json_free(json);
}

static void lines_break_between_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns, length, next;
    } cases[] = {
        {"", 10, 0, 0},
        {"one two", 10, 7, 7},
        {"one two", 7, 7, 7},
        {"one two", 6, 3, 4},
        {"one two", 3, 3, 4},
        {"one two", 2, 2, 2},
        {"one\ntwo", 10, 3, 4},
        {"\ntwo", 10, 0, 1},
        {"one  two", 5, 3, 5},
        {"\xE4\xBC\x9A\xE8\xAD\xB0", 3, 3, 3}, /* two wide ones */
        {"\xE4\xBC\x9A", 1, 3, 3},             /* nothing narrower can be had of it */
        {"e\xCC\x81\xCC\x82"
         "f",
         1, 5, 5}, /* marks stay with their letter */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t next = 99, length = wrap_line(cases[i].text, cases[i].columns, &next);
        if (length != cases[i].length || next != cases[i].next)
            fail_msg("%zu: %zu, then %zu", i, length, next);
    }
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    words_set_up();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_in_both_languages),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(lines_break_between_words),
    };
    return cmocka_run_group_tests_name("tui/page", tests, NULL, NULL);
}
