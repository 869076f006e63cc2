/* CSV as spreadsheets export it and as people spoil it: what is wrong is told by row and column,
 * the rest goes on, and no invoice is made of some of its rows. */
#include "tests/client/stage.h"
#include "tests/support/http.h"
#include "tests/support/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEADER                                                                                     \
    "number,issue_date,currency,customer.email,description,quantity,unit_price,tax_rate\n"
#define GOOD(number) number ",2026-11-22,EUR,a@b.example,one,1,12.50,21\n"
#define MEBIBYTE     (1024 * 1024)
#define APART        "Rows of this number stand in two places"

static struct process_result create(const struct stage *stage, const char *name, const char *bytes,
                                    size_t length, const char *option)
{
    char *file = temp_dir_write(stage->room.home, name, bytes, length);
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"create", file, option, NULL});
    free(file);
    return result;
}

static struct process_result create_text(const struct stage *stage, const char *text,
                                         const char *option)
{
    return create(stage, "some.csv", text, strlen(text), option);
}

static long long count(const struct stage *stage, const char *what)
{
    char *query = support_format("SELECT count(*) FROM %s", what);
    long long rows = rows_number(stage->mock.store, query);
    free(query);
    return rows;
}

static void expect(struct process_result result, int code, const char *said)
{
    if (result.code != code || strcmp(result.output, said) != 0)
        fail_msg("exit %d; %s\nand not %d; %s\n%s", result.code, result.output, code, said,
                 result.errors);
    process_result_clear(&result);
}

/* A mark, semicolons, line ends as of DOS, decimal commas, columns in an order of their own, and
 * each invoice's own cells in its first row alone, or its number in each. */
static void as_a_spreadsheet_has_it(void **state)
{
    struct stage *stage = *state;
    static const char TEXT[] =
        "\xEF\xBB\xBFunit_price;Quantity;description;notes;customer.email;CURRENCY;issue_date;"
        "number;tax_rate\r\n"
        "1.234,50;2;\"Screws; 5\"\"\";\"two\r\nlines\";a@b.example;EUR;2026-11-22;S-1;21\r\n"
        "12,5;1,5;Nuts;;;;;;19\r\n"
        ";;;;;;;;\r\n"
        "\r\n"
        "1;-1;Credit;;;;;;0\r\n"
        "0,125;8;Washers;;c@d.example;EUR;2026-11-22;S-2;21\r\n"
        "1;1;Bolts;;;;;S-2;21\r\n";
    room_set(&stage->room, "INVONCE_IN_FLIGHT=1");
    expect(create_text(stage, TEXT, "--decimal-comma"), 0,
           "created S-1 inv_1001\ncreated S-2 inv_1002\n");
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"show", "S-1", "--json", NULL});
    static const char *const HOLDS[] = {"\"unit_price\":\"1234.50\"", "\"quantity\":\"1.5\"",
                                        "\"quantity\":\"-1\"", "\"Screws; 5\\\"\"",
                                        "\"notes\":\"two\\r\\nlines\""};
    for (size_t i = 0; i < sizeof HOLDS / sizeof *HOLDS; i++)
        if (!strstr(result.output, HOLDS[i])) fail_msg("no %s in %s", HOLDS[i], result.output);
    process_result_clear(&result);
    assert_int_equal(count(stage, "invoices"), 2);
    assert_int_equal(count(stage, "idempotency_keys"), 2);
}

static void what_is_wrong_is_told_by_row_and_column(void **state)
{
    struct stage *stage = *state;
    static const struct {
        const char *bytes;
        size_t length; /* 0: it is a text */
        const char *said;
    } rows[] = {
        {HEADER GOOD("A-1") "A-2,2026-11-22,EUR,a@b.example,o\0e,1,12.50,21\n" GOOD("A-3"),
         sizeof HEADER GOOD("A-1") "A-2,2026-11-22,EUR,a@b.example,o\0e,1,12.50,21\n" GOOD("A-3") -
             1,
         "created A-1 inv_1001\nrejected: row 3, column description: A cell holds a NUL.\n"
         "created A-3 inv_1002\n"},
        {HEADER "B-1,2026-11-22,EUR,a@b.example,caf\xE9,1,12.50,21\n" GOOD("B-2"), 0,
         "rejected: row 2, column description: A cell isn't UTF-8: have it exported as \"CSV "
         "UTF-8\".\ncreated B-2 inv_1003\n"},
        {HEADER "C-1,2026-11-22,EUR,a@b.example,one,1,\"12,50\",21\n" GOOD("C-2"), 0,
         "rejected C-1: row 2, column unit_price: The number has a comma: write 1234.50, or give "
         "--decimal-comma if it is the decimal one.\ncreated C-2 inv_1004\n"},
        {"number,issue_date,customer.email,description,quantity,unit_price\n"
         "D-1,2026-11-22,a@b.example,one,1,1\n",
         0, "rejected D-1: row 2, column currency: The currency is required.\n"},
        {"number,d\xE9scription\nE-1,x\n", 0,
         "rejected: row 1: the first line isn't UTF-8: have it exported as \"CSV UTF-8\"\n"},
        {"\xFF\xFEn\0u\0m\0b\0e\0r\0\n\0", 16,
         "rejected: row 1: the first line isn't UTF-8: have it exported as \"CSV UTF-8\"\n"},
        {HEADER "F-1,2026-11-22\n" GOOD("F-2"), 0,
         "rejected F-1: row 2, column currency: The currency is required. row 2, column "
         "customer.email: The customer's e-mail is required. row 2, column lines: The list of "
         "lines is empty; write 1 to 200 lines.\ncreated F-2 inv_1005\n"},
        {HEADER GOOD("G-1") ",2026-11-22,EUR,a@b.example,two,1,1,21\n", 0,
         "created G-1 inv_1006\nrejected: row 3, column number: The number is required.\n"},
    };
    room_set(&stage->room, "INVONCE_IN_FLIGHT=1");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t length = rows[i].length > 0 ? rows[i].length : strlen(rows[i].bytes);
        expect(create(stage, "some.csv", rows[i].bytes, length, NULL), 4, rows[i].said);
    }
    assert_int_equal(count(stage, "invoices"), 6);
    assert_int_equal(count(stage, "idempotency_keys"), 6);
}

/* Half of its lines would be another invoice: none is made of them, wherever the others stand. */
static void rows_apart_make_no_invoice(void **state)
{
    struct stage *stage = *state;
    static const char *const APART_ONES[] = {
        HEADER GOOD("A-1") GOOD("B-1") GOOD("A-1"),
        HEADER GOOD("A-1") GOOD("B-1") "a-1,,,,two,1,1,21\n",
        HEADER GOOD("A-1") GOOD("B-1") "A-1,2026-11-23,EUR,a@b.example,two,1,1,21\n",
        HEADER "A-1,,,,two,1,1,21\n" GOOD("B-1") GOOD("A-1"),
    };
    for (size_t i = 0; i < sizeof APART_ONES / sizeof *APART_ONES; i++) {
        struct process_result result = create_text(stage, APART_ONES[i], NULL);
        char *second = strstr(result.output, "rejected A-1: row 2, column number: " APART);
        char *fourth = strstr(result.output, ": row 4, column number: " APART);
        if (result.code != 4 || !second || !fourth) fail_msg("%zu: %s", i, result.output);
        process_result_clear(&result);
        assert_int_equal(count(stage, "invoices"), 1);
    }
    /* A number is another year's, too. */
    room_set(&stage->room, "INVONCE_IN_FLIGHT=1");
    expect(
        create_text(stage, HEADER GOOD("Y-1") "Y-1,2025-11-22,EUR,a@b.example,two,1,1,21\n", NULL),
        0, "created Y-1 inv_1002\ncreated Y-1 inv_1003\n");
    struct process_result result = create_text(stage, APART_ONES[0], "--lang=pt_BR");
    assert_non_null(strstr(result.output, "Fileiras deste n\xC3\xBAmero"));
    process_result_clear(&result);
}

/* As long as a row may be, and longer. */
static void a_long_cell_ends_its_own_invoice_alone(void **state)
{
    struct stage *stage = *state;
    char *cell = malloc(MEBIBYTE + 1);
    assert_non_null(cell);
    memset(cell, 'x', MEBIBYTE);
    cell[MEBIBYTE] = '\0';
    char *text = support_format(
        HEADER GOOD("L-1") "L-2,2026-11-22,EUR,a@b.example,%s,1,1,21\n" GOOD("L-3"), cell + 64);
    room_set(&stage->room, "INVONCE_IN_FLIGHT=1");
    expect(create_text(stage, text, NULL), 4,
           "created L-1 inv_1001\nrejected L-2: row 3, column description: The description of line "
           "1 has 1048512 characters; 200 are the most.\ncreated L-3 inv_1002\n");
    free(text);
    text = support_format(HEADER GOOD("M-1") "M-2,2026-11-22,EUR,a@b.example,\"%s%s\n", cell, cell);
    struct process_result result = create_text(stage, text, NULL);
    assert_int_equal(result.code, 4);
    assert_non_null(strstr(result.output, "row 3: a row is longer than 1 MiB; is a quote left"));
    process_result_clear(&result);
    free(text);
    free(cell);
}

static void the_same_file_again_makes_nothing_twice(void **state)
{
    struct stage *stage = *state;
    static const char TEXT[] = HEADER GOOD(
        "T-1") "T-2,2026-11-22,EUR,a@b.example,one,x,1,21\n" GOOD("T-3") "T-3,,,,two,1,1,21\n";
    static const char BAD[] =
        "rejected T-2: row 3, column quantity: The quantity of line 1 is not a "
        "decimal number (\"x\"); write it as 1.5 or -2.\n";
    room_set(&stage->room, "INVONCE_IN_FLIGHT=1");
    char *said = support_format("created T-1 inv_1001\n%screated T-3 inv_1002\n", BAD);
    expect(create_text(stage, TEXT, NULL), 4, said);
    free(said);
    for (int again = 0; again < 2; again++) {
        struct process_result result = create_text(stage, TEXT, NULL);
        assert_int_equal(result.code, 4);
        assert_non_null(strstr(result.output, "conflict T-1: the same invoice, created "));
        assert_non_null(strstr(result.output, "conflict T-3: the same invoice, created "));
        process_result_clear(&result);
    }
    assert_int_equal(count(stage, "invoices"), 2);
    assert_int_equal(count(stage, "idempotency_keys WHERE status = 201"), 2);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(as_a_spreadsheet_has_it),
        TEST(what_is_wrong_is_told_by_row_and_column),
        TEST(rows_apart_make_no_invoice),
        TEST(a_long_cell_ends_its_own_invoice_alone),
        TEST(the_same_file_again_makes_nothing_twice),
    };
    return cmocka_run_group_tests_name("client/csv", tests, NULL, NULL);
}
