/* Requests in JSON: names and types, every wrong one told, and rules after shapes. */
#include "protocol/wire/canonical_json.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define NUMBER   "\"number\":\"2026-0042\""
#define DATES    "\"issue_date\":\"2026-11-22\",\"due_date\":\"2026-12-22\""
#define CURRENCY "\"currency\":\"EUR\""
#define CUSTOMER "\"customer\":{\"email\":\"ap@northwind.example\",\"name\":\"Northwind Ltd\"}"
#define LINE                                                                                       \
    "{\"description\":\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\","              \
    "\"tax_rate\":\"21\"}"
#define LINES "\"lines\":[" LINE "]"
#define REF   "\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}"
#define WHOLE "{" NUMBER "," DATES "," CURRENCY "," CUSTOMER "," LINES ",\"notes\":\"\"," REF "}"

static struct json *parse(const char *text)
{
    struct json *json = json_read(text, strlen(text));
    if (json == NULL) fail_msg("not JSON: %s", text);
    return json;
}

static void reads_a_request(void **state)
{
    (void)state;
    struct json *json = parse(WHOLE);
    struct violations list = {0};
    struct document document;
    assert_true(document_read(&document, &INVOICE, json, &list));
    document.own = json; /* the document's from here on */
    const struct values *invoice = &document.values;
    assert_string_equal(invoice->texts[INVOICE_NUMBER], "2026-0042");
    assert_string_equal(invoice->texts[INVOICE_ISSUE_DATE], "2026-11-22");
    assert_string_equal(invoice->texts[INVOICE_DUE_DATE], "2026-12-22");
    assert_string_equal(invoice->texts[INVOICE_CURRENCY], "EUR");
    assert_string_equal(invoice->texts[INVOICE_EMAIL], "ap@northwind.example");
    assert_string_equal(invoice->texts[INVOICE_NAME], "Northwind Ltd");
    assert_int_equal(invoice->row_count, 1);
    assert_string_equal(invoice->rows[0].texts[LINE_DESCRIPTION], "Consulting");
    assert_string_equal(invoice->rows[0].texts[LINE_QUANTITY], "1.5");
    assert_string_equal(invoice->rows[0].texts[LINE_UNIT_PRICE], "120.00");
    assert_string_equal(invoice->rows[0].texts[LINE_TAX_RATE], "21");
    assert_string_equal(invoice->texts[INVOICE_NOTES], "");
    assert_string_equal(invoice->texts[INVOICE_EXTERNAL_SOURCE], "shop");
    assert_string_equal(invoice->texts[INVOICE_EXTERNAL_ID], "A-17");
    assert_int_equal(list.count, 0);
    document_clear(&document);
    document_clear(&document);
}

static void optional_members_may_be_absent(void **state)
{
    (void)state;
    struct json *json =
        parse("{" NUMBER ",\"issue_date\":\"2026-11-22\"," CURRENCY
              ",\"customer\":{\"email\":\"a@b.c\"},\"idempotency_key\":5,"
              "\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1\"}"
              "]}");
    struct violations list = {0};
    struct document document;
    assert_true(document_read(&document, &INVOICE, json, &list));
    assert_null(document.values.texts[INVOICE_DUE_DATE]);
    assert_null(document.values.texts[INVOICE_NAME]);
    assert_null(document.values.texts[INVOICE_NOTES]);
    assert_null(document.values.texts[INVOICE_EXTERNAL_SOURCE]);
    assert_null(document.values.rows[0].texts[LINE_TAX_RATE]);
    document_clear(&document);
    json_free(json);
}

struct expected {
    const char *pointer, *code;
};

/* Exactly these violations, in any order. */
static void assert_refused(const char *text, const struct expected *expected)
{
    struct json *json = parse(text);
    struct violations list = {0};
    struct document document;
    assert_false(document_read(&document, &INVOICE, json, &list));
    size_t count = 0;
    for (; expected[count].pointer != NULL; count++) {
        const struct violation *item = violations_at(&list, expected[count].pointer);
        if (item == NULL)
            fail_msg("%s: nothing at %s", text, expected[count].pointer);
        else
            assert_string_equal(item->code, expected[count].code);
    }
    if (list.count != count)
        fail_msg("%s: %zu violations, last at %s: %s", text, list.count,
                 list.items[list.count - 1].pointer, list.items[list.count - 1].detail);
    violations_clear(&list);
    document_clear(&document);
    json_free(json);
}

#define REQUIRED_ALL                                                                               \
    {"/number", "required"}, {"/issue_date", "required"}, {"/currency", "required"},               \
        {"/customer/email", "required"},                                                           \
    {                                                                                              \
        "/lines", "required"                                                                       \
    }

static void tells_every_wrong_shape(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct expected expected[8];
    } ROWS[] = {
        {"{}", {REQUIRED_ALL}},
        {"{\"lines\":[],\"customer\":{}}", {REQUIRED_ALL}},
        {"{\"idempotency_key\":\"k\"}", {REQUIRED_ALL}},
        {"[]", {{"", "wrong-type"}}},
        {"\"text\"", {{"", "wrong-type"}}},
        {"null", {{"", "wrong-type"}}},
        {"{\"number\":5," DATES "," CURRENCY "," CUSTOMER "," LINES "}",
         {{"/number", "wrong-type"}}},
        {"{\"number\":null," DATES "," CURRENCY "," CUSTOMER "," LINES "}",
         {{"/number", "wrong-type"}}},
        {"{" NUMBER ",\"issue_date\":20261122," CURRENCY "," CUSTOMER "," LINES "}",
         {{"/issue_date", "wrong-type"}}},
        {"{" NUMBER "," DATES "," CURRENCY "," CUSTOMER "," LINES
         ",\"notes\":null,\"external_ref\":null}",
         {{"/notes", "wrong-type"}, {"/external_ref", "wrong-type"}}},
        {"{" NUMBER ",\"issue_date\":\"2026-11-22\",\"due_date\":null," CURRENCY "," CUSTOMER
         "," LINES "}",
         {{"/due_date", "wrong-type"}}},
        {"{" NUMBER "," DATES "," CURRENCY ",\"customer\":\"a@b.c\"," LINES "}",
         {{"/customer", "wrong-type"}}},
        {"{" NUMBER "," DATES "," CURRENCY ",\"customer\":{\"email\":[],\"name\":{}}," LINES "}",
         {{"/customer/email", "wrong-type"}, {"/customer/name", "wrong-type"}}},
        {"{" NUMBER "," DATES "," CURRENCY "," CUSTOMER ",\"lines\":{}}",
         {{"/lines", "wrong-type"}}},
        {"{" NUMBER "," DATES "," CURRENCY "," CUSTOMER ",\"lines\":[" LINE ",5,null,[]]}",
         {{"/lines/1", "wrong-type"}, {"/lines/2", "wrong-type"}, {"/lines/3", "wrong-type"}}},
        {"{" NUMBER "," DATES "," CURRENCY "," CUSTOMER "," LINES ",\"external_ref\":{}}",
         {{"/external_ref/source", "required"}, {"/external_ref/id", "required"}}},
        {"{" NUMBER "," DATES "," CURRENCY "," CUSTOMER "," LINES
         ",\"external_ref\":{\"source\":\"\",\"id\":\"\"}}",
         {{"/external_ref/source", "required"}, {"/external_ref/id", "required"}}},
        {"{" NUMBER "," DATES "," CURRENCY "," CUSTOMER "," LINES
         ",\"external_ref\":{\"source\":\"shop\"}}",
         {{"/external_ref/id", "required"}}},
        {"{" NUMBER "," DATES "," CURRENCY "," CUSTOMER "," LINES
         ",\"external_ref\":{\"source\":7}}",
         {{"/external_ref/source", "wrong-type"}, {"/external_ref/id", "required"}}},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_refused(ROWS[i].text, ROWS[i].expected);
}

static void a_json_number_is_no_amount(void **state)
{
    (void)state;
    static const char TEXT[] =
        "{" NUMBER "," DATES "," CURRENCY "," CUSTOMER ",\"lines\":[" LINE
        ",{\"description\":\"x\",\"quantity\":1,\"unit_price\":120.0,\"tax_rate\":null}]}";
    assert_refused(TEXT, (struct expected[]){{"/lines/1/quantity", "not-a-string"},
                                             {"/lines/1/unit_price", "not-a-string"},
                                             {"/lines/1/tax_rate", "wrong-type"},
                                             {NULL}});
    struct json *json = parse(TEXT);
    struct violations list = {0};
    struct document document;
    assert_false(document_read(&document, &INVOICE, json, &list));
    assert_string_equal(
        violations_at(&list, "/lines/1/unit_price")->detail,
        "The unit_price is a JSON number, which is not exact; write it as a string, "
        "such as \"120.00\".");
    assert_string_equal(violations_at(&list, "/lines/1/tax_rate")->detail,
                        "The tax_rate must be a string, not null.");
    violations_clear(&list);
    document_clear(&document);
    json_free(json);
}

static void an_unknown_member_is_named(void **state)
{
    (void)state;
    static const char TEXT[] =
        "{" NUMBER "," DATES "," CURRENCY ",\"customer\":{\"email\":\"a@b.c\",\"id\":\"cus_1\"},"
        "\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1\",\"net\":\"1\"}],"
        "\"external_ref\":{\"source\":\"s\",\"id\":\"i\",\"\":1},"
        "\"Number\":\"x\",\"a/b~c\":1,\"~1\":{},\"\u00E9\\u001b\":[]}";
    assert_refused(TEXT, (struct expected[]){{"/customer/id", "unknown-member"},
                                             {"/lines/0/net", "unknown-member"},
                                             {"/external_ref/", "unknown-member"},
                                             {"/Number", "unknown-member"},
                                             {"/a~1b~0c", "unknown-member"},
                                             {"/~01", "unknown-member"},
                                             {"/\u00E9\x1B", "unknown-member"},
                                             {NULL}});
    struct json *json = parse(TEXT);
    struct violations list = {0};
    struct document document;
    assert_false(document_read(&document, &INVOICE, json, &list));
    for (size_t i = 0; i < list.count; i++)
        assert_null(strchr(list.items[i].detail, '\x1B'));
    violations_clear(&list);
    document_clear(&document);
    json_free(json);
}

/* A name of 100,000 bytes is not sent back; the pointer is that of the object it is in. */
static void a_long_name_is_not_repeated(void **state)
{
    (void)state;
    static char name[100001];
    memset(name, '~', sizeof name - 1);
    struct json *json = parse(WHOLE);
    assert_true(json_put(json, name, json_new_string(NULL)));
    assert_true(json_put(json_item(json_member(json, "lines"), 0), name, json_new_string(NULL)));
    struct violations list = {0};
    struct document document;
    assert_false(document_read(&document, &INVOICE, json, &list));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].pointer, "/lines/0");
    assert_string_equal(list.items[1].pointer, "");
    assert_true(strlen(list.items[1].detail) < 200);
    violations_clear(&list);
    document_clear(&document);
    json_free(json);
}

/* Unknown members, at whatever pointer, keep no rule from being told. */
static void rules_are_told_beside_shapes(void **state)
{
    (void)state;
    static char name[101];
    memset(name, 'x', sizeof name - 1);
    char text[512];
    snprintf(text, sizeof text,
             "{" NUMBER "," DATES ",\"currency\":\"eur\"," CUSTOMER
             ",\"lines\":[{\"%s\":1,\"description\":5,\"quantity\":\"0\",\"unit_price\":\"1\"}],"
             "\"%s\":1}",
             name, name);
    assert_refused(text, (struct expected[]){{"", "unknown-member"},
                                             {"/currency", "not-a-currency"},
                                             {"/lines/0", "unknown-member"},
                                             {"/lines/0/description", "wrong-type"},
                                             {"/lines/0/quantity", "out-of-range"},
                                             {NULL}});
}

/* A refused /lines/1 says nothing of /lines/10. */
static void a_refused_line_is_only_itself(void **state)
{
    (void)state;
    assert_refused("{" NUMBER "," DATES "," CURRENCY "," CUSTOMER ",\"lines\":[" LINE ",5," LINE
                   "," LINE "," LINE "," LINE "," LINE "," LINE "," LINE "," LINE ",{}]}",
                   (struct expected[]){{"/lines/1", "wrong-type"},
                                       {"/lines/10/description", "required"},
                                       {"/lines/10/quantity", "required"},
                                       {"/lines/10/unit_price", "required"},
                                       {NULL}});
}

static void more_than_200_lines_are_counted_and_not_read(void **state)
{
    (void)state;
    struct json *json = parse(WHOLE);
    struct json *lines = json_member(json, "lines");
    struct json *line = json_item(lines, 0);
    while (json_count(lines) < INVOICE_LINES_MAX)
        assert_true(json_append(lines, json_copy(line)));
    struct violations list = {0};
    struct document document;
    assert_true(document_read(&document, &INVOICE, json, &list));
    assert_int_equal(document.values.row_count, INVOICE_LINES_MAX);
    document_clear(&document);
    assert_true(json_append(lines, json_new_integer(5)));
    assert_false(document_read(&document, &INVOICE, json, &list));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].pointer, "/lines");
    assert_string_equal(list.items[0].code, "too-many");
    violations_clear(&list);
    document_clear(&document);
    json_free(json);
}

static void a_partial_request_is_judged_by_shape_alone(void **state)
{
    (void)state;
    struct json *json =
        parse("{\"number\":\"\",\"lines\":[{\"quantity\":\"x\"},{}],\"due_date\":\"?\","
              "\"external_ref\":{}}");
    struct violations list = {0};
    struct document document;
    assert_true(document_read_partial(&document, &INVOICE, json, &list));
    assert_int_equal(document.values.row_count, 2);
    assert_string_equal(document.values.rows[0].texts[LINE_QUANTITY], "x");
    assert_null(document.values.texts[INVOICE_CURRENCY]);
    document_clear(&document);
    json_free(json);
    json = parse("{\"number\":7,\"colour\":\"red\"}");
    assert_false(document_read_partial(&document, &INVOICE, json, &list));
    assert_int_equal(list.count, 2);
    violations_clear(&list);
    document_clear(&document);
    json_free(json);
}

static void assert_written(const struct values *invoice, const char *expected)
{
    struct json *json = resource_request(&INVOICE, invoice);
    assert_non_null(json);
    char *text = json_write(json);
    assert_string_equal(text, expected);
    free(text);
    json_free(json);
}

static void writes_what_it_read(void **state)
{
    (void)state;
    struct json *json =
        parse("{" NUMBER "," DATES "," CURRENCY "," CUSTOMER "," LINES ",\"notes\":\"n\\n"
              "\u00E9\"," REF "}");
    struct violations list = {0};
    struct document document;
    assert_true(document_read(&document, &INVOICE, json, &list));
    struct json *written = resource_request(&INVOICE, &document.values);
    assert_true(json_equal(written, json));
    json_free(written);
    document_clear(&document);
    json_free(json);
}

static void leaves_out_what_is_absent(void **state)
{
    (void)state;
    struct values_row lines[] = {{{"x", "", NULL, ""}}, {{NULL, NULL, NULL, NULL}}};
    struct values invoice = {
        .texts[INVOICE_NUMBER] = "7", .texts[INVOICE_NAME] = "", .texts[INVOICE_NOTES] = ""};
    assert_written(&invoice, "{\"number\":\"7\"}");
    invoice.rows = lines;
    invoice.row_count = 2;
    assert_written(&invoice, "{\"number\":\"7\",\"lines\":[{\"description\":\"x\"},{}]}");
    invoice = (struct values){0};
    assert_written(&invoice, "{}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_request),
        cmocka_unit_test(optional_members_may_be_absent),
        cmocka_unit_test(tells_every_wrong_shape),
        cmocka_unit_test(a_json_number_is_no_amount),
        cmocka_unit_test(an_unknown_member_is_named),
        cmocka_unit_test(a_long_name_is_not_repeated),
        cmocka_unit_test(rules_are_told_beside_shapes),
        cmocka_unit_test(a_refused_line_is_only_itself),
        cmocka_unit_test(more_than_200_lines_are_counted_and_not_read),
        cmocka_unit_test(a_partial_request_is_judged_by_shape_alone),
        cmocka_unit_test(writes_what_it_read),
        cmocka_unit_test(leaves_out_what_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
