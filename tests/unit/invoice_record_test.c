/* The record: made by the server, believed by the client, recognised as of a request. */
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

static const char REQUEST[] =
    "{\"number\":\"2026-0042\",\"issue_date\":\"2026-11-22\",\"due_date\":\"2026-12-22\","
    "\"currency\":\"EUR\",\"customer\":{\"email\":\"ap@northwind.example\","
    "\"name\":\"Northwind Ltd\"},\"lines\":[{\"description\":\"Consulting\",\"quantity\":\"1.5\","
    "\"unit_price\":\"120.00\",\"tax_rate\":\"21\"}],\"notes\":\"\","
    "\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}";

static const char LEAST[] =
    "{\"number\":\"7\",\"issue_date\":\"2026-11-22\",\"currency\":\"JPY\","
    "\"customer\":{\"email\":\"a@b.example\"},\"lines\":[{\"description\":\"x\",\"quantity\":\"1\","
    "\"unit_price\":\"1.5\"},{\"description\":\"y\",\"quantity\":\"-1\",\"unit_price\":\"1\","
    "\"tax_rate\":\"10.00\"}]}";

static struct json *parse(const char *text)
{
    struct json *json = json_read(text, strlen(text));
    if (json == NULL) fail_msg("not JSON: %s", text);
    return json;
}

static char *record_text(const struct json *request)
{
    struct violations list = {0};
    struct document document;
    struct json *copy = json_copy(request);
    assert_true(document_read(&document, &INVOICE, copy, &list));
    document.values.texts[INVOICE_CUSTOMER_ID] = "cus_12";
    char *text =
        resource_write(&INVOICE, &document.values, "inv_1007", "2026-11-22T10:00:00Z", "ana");
    assert_non_null(text);
    document_clear(&document);
    json_free(copy);
    return text;
}

static struct json *record_of(const struct json *request)
{
    char *text = record_text(request);
    struct json *record = parse(text);
    free(text);
    return record;
}

static void assert_record(const char *request, const char *expected)
{
    struct json *json = parse(request);
    char *text = record_text(json);
    assert_string_equal(text, expected);
    free(text);
    json_free(json);
}

static void has_the_request_and_what_the_server_adds(void **state)
{
    (void)state;
    assert_record(REQUEST,
                  "{\"id\":\"inv_1007\",\"status\":\"open\",\"number\":\"2026-0042\","
                  "\"issue_date\":\"2026-11-22\",\"due_date\":\"2026-12-22\",\"currency\":\"EUR\","
                  "\"customer\":{\"email\":\"ap@northwind.example\",\"name\":\"Northwind Ltd\","
                  "\"id\":\"cus_12\"},\"lines\":[{\"description\":\"Consulting\","
                  "\"quantity\":\"1.5\",\"unit_price\":\"120.00\",\"tax_rate\":\"21\","
                  "\"net\":\"180.00\"}],\"notes\":\"\",\"external_ref\":{\"source\":\"shop\","
                  "\"id\":\"A-17\"},\"totals\":{\"net\":\"180.00\",\"tax\":\"37.80\","
                  "\"gross\":\"217.80\"},\"created_at\":\"2026-11-22T10:00:00Z\","
                  "\"created_by\":\"ana\"}");
}

static void fills_the_defaults_in(void **state)
{
    (void)state;
    assert_record(LEAST,
                  "{\"id\":\"inv_1007\",\"status\":\"open\",\"number\":\"7\","
                  "\"issue_date\":\"2026-11-22\",\"currency\":\"JPY\","
                  "\"customer\":{\"email\":\"a@b.example\",\"id\":\"cus_12\"},"
                  "\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1.5\","
                  "\"tax_rate\":\"0\",\"net\":\"2\"},{\"description\":\"y\",\"quantity\":\"-1\","
                  "\"unit_price\":\"1\",\"tax_rate\":\"10.00\",\"net\":\"-1\"}],\"notes\":\"\","
                  "\"totals\":{\"net\":\"1\",\"tax\":\"0\",\"gross\":\"1\"},"
                  "\"created_at\":\"2026-11-22T10:00:00Z\",\"created_by\":\"ana\"}");
}

static void is_read_back(void **state)
{
    (void)state;
    struct json *request = parse(REQUEST);
    struct json *json = record_of(request);
    assert_true(json_put(json, "colour", json_new_string("red")));
    struct record record;
    assert_true(record_believe(&record, &INVOICE, json));
    record.document.own = json; /* the record's from here on */
    json_free(request);
    assert_string_equal(record.id, "inv_1007");
    assert_string_equal(record.status, "open");
    assert_null(record.merged_into);
    assert_string_equal(record.document.values.texts[INVOICE_CUSTOMER_ID], "cus_12");
    assert_string_equal(record.created_at, "2026-11-22T10:00:00Z");
    assert_string_equal(record.created_by, "ana");
    assert_string_equal(record.document.values.texts[INVOICE_NET], "180.00");
    assert_string_equal(record.document.values.texts[INVOICE_TAX], "37.80");
    assert_string_equal(record.document.values.texts[INVOICE_GROSS], "217.80");
    assert_string_equal(record.document.values.rows[0].texts[LINE_NET], "180.00");
    assert_string_equal(record.document.values.texts[INVOICE_NUMBER], "2026-0042");
    assert_string_equal(record.document.values.texts[INVOICE_NAME], "Northwind Ltd");
    assert_int_equal(record.document.values.row_count, 1);
    assert_string_equal(record.document.values.rows[0].texts[LINE_QUANTITY], "1.5");
    record_clear(&record);
    record_clear(&record);
}

static void a_merged_record_says_into_what(void **state)
{
    (void)state;
    struct json *request = parse(LEAST);
    struct json *json = record_of(request);
    struct record record;
    json_put(json, "status", json_new_string("merged"));
    assert_false(record_believe(&record, &INVOICE, json));
    record_clear(&record);
    json_put(json, "merged_into", json_new_string("inv_1"));
    assert_true(record_believe(&record, &INVOICE, json));
    assert_string_equal(record.merged_into, "inv_1");
    record_clear(&record);
    json_free(json);
    json_free(request);
}

/* The object that holds the last name of a path such as "lines/0/net", and that name. */
static struct json *holder(struct json *record, const char *path, const char **name)
{
    struct json *at = record;
    for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        char step[32];
        snprintf(step, sizeof step, "%.*s", (int)(slash - path), path);
        at = json_kind(at) == JSON_ARRAY ? json_item(at, strtoul(step, NULL, 10))
                                         : json_member(at, step);
    }
    *name = path;
    return at;
}

static void assert_disbelieved(struct json *json, const char *path)
{
    struct record record;
    if (record_believe(&record, &INVOICE, json)) fail_msg("believed in spite of %s", path);
    record_clear(&record);
}

static void is_not_believed_without_what_is_promised(void **state)
{
    (void)state;
    static const char *const PATHS[] = {"id",
                                        "status",
                                        "number",
                                        "issue_date",
                                        "currency",
                                        "customer",
                                        "customer/id",
                                        "customer/email",
                                        "lines",
                                        "lines/0/description",
                                        "lines/0/quantity",
                                        "lines/0/unit_price",
                                        "lines/0/net",
                                        "totals",
                                        "totals/net",
                                        "totals/tax",
                                        "totals/gross",
                                        "created_at",
                                        "created_by"};
    struct json *request = parse(REQUEST);
    for (size_t i = 0; i < COUNT(PATHS); i++) {
        const char *name;
        struct json *json = record_of(request);
        struct json *object = holder(json, PATHS[i], &name);
        assert_true(json_put(object, name, json_new_integer(5)));
        assert_disbelieved(json, PATHS[i]);
        assert_true(json_put(object, name, json_new_string(NULL)));
        assert_disbelieved(json, PATHS[i]);
        assert_true(json_put(object, name, json_new_string("")));
        assert_disbelieved(json, PATHS[i]);
        assert_true(json_remove(object, name));
        assert_disbelieved(json, PATHS[i]);
        json_free(json);
    }
    json_free(request);
}

static void is_not_believed_with_members_of_other_types(void **state)
{
    (void)state;
    static const struct {
        const char *path, *value;
    } ROWS[] = {
        {"due_date", "5"},
        {"notes", "null"},
        {"customer/name", "[]"},
        {"external_ref", "\"x\""},
        {"external_ref/id", "1"},
        {"merged_into", "7"},
        {"lines", "[]"},
        {"lines", "[5]"},
        {"lines", "{}"},
        {"lines/0/net", "\"1,5\""},
        {"lines/0/tax_rate", "21"},
        {"totals/gross", "\"much\""},
        {"totals", "[]"},
        {"customer", "\"cus_12\""},
    };
    struct json *request = parse(REQUEST);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *name;
        struct json *json = record_of(request);
        struct json *object = holder(json, ROWS[i].path, &name);
        assert_true(json_put(object, name, parse(ROWS[i].value)));
        assert_disbelieved(json, ROWS[i].path);
        json_free(json);
    }
    json_free(request);
    static const char *const OTHERS[] = {"[]", "{}", "5", "null", "\"<html>\""};
    for (size_t i = 0; i < COUNT(OTHERS); i++) {
        struct json *json = parse(OTHERS[i]);
        assert_disbelieved(json, OTHERS[i]);
        json_free(json);
    }
}

static void is_of_the_request_that_made_it(void **state)
{
    (void)state;
    static const char *const REQUESTS[] = {REQUEST, LEAST};
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        struct json *request = parse(REQUESTS[i]);
        struct json *record = record_of(request);
        assert_true(resource_is_of(&INVOICE, record, request));
        json_put(request, "idempotency_key", json_new_string("k"));
        assert_true(resource_is_of(&INVOICE, record, request));
        struct json *last = json_item(json_member(request, "lines"), i);
        json_put(last, "tax_rate", json_new_string("")); /* empty is absent, so "0" */
        assert_false(resource_is_of(&INVOICE, record, request));
        json_put(json_item(json_member(record, "lines"), i), "tax_rate", json_new_string("0"));
        assert_true(resource_is_of(&INVOICE, record, request));
        json_free(record);
        json_free(request);
    }
}

/* What a record may show otherwise than it was sent. */
static void may_differ_where_the_rules_say_so(void **state)
{
    (void)state;
    static const struct {
        const char *path, *value; /* in the record; NULL: taken out */
    } ROWS[] = {
        {"customer/email", "\"A@B.Example\""}, /* the customer was there before */
        {"status", "\"merged\""},
        {"due_date", "\"\""},
        {"notes", NULL},
        {"lines/0/tax_rate", NULL},
        {"customer/name", "\"Anybody\""}, /* none was sent */
    };
    struct json *request = parse(LEAST);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *name;
        struct json *record = record_of(request);
        struct json *object = holder(record, ROWS[i].path, &name);
        if (ROWS[i].value == NULL)
            assert_true(json_remove(object, name));
        else
            assert_true(json_put(object, name, parse(ROWS[i].value)));
        if (!resource_is_of(&INVOICE, record, request)) fail_msg("%s", ROWS[i].path);
        json_free(record);
    }
    json_free(request);
}

static void is_of_no_other_request(void **state)
{
    (void)state;
    static const struct {
        const char *path, *value; /* in the request; NULL: taken out */
    } ROWS[] = {
        {"number", "\"2026-0043\""},
        {"number", "\"2026-0042 \""},
        {"issue_date", "\"2026-11-23\""},
        {"due_date", "\"2026-12-23\""},
        {"due_date", NULL},
        {"currency", "\"USD\""},
        {"customer/email", "\"other@northwind.example\""},
        {"customer/name", "\"Northwind\""},
        {"lines", "[]"},
        {"lines/0/description", "\"Consulting 2\""},
        {"lines/0/quantity", "\"1.50\""},
        {"lines/0/unit_price", "\"120\""},
        {"lines/0/tax_rate", "\"21.0\""},
        {"lines/0/tax_rate", NULL},
        {"notes", "\"n\""},
        {"external_ref", NULL},
        {"external_ref/source", "\"shop2\""},
        {"external_ref/id", "\"A-18\""},
    };
    struct json *request = parse(REQUEST);
    struct json *record = record_of(request);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *name;
        struct json *other = json_copy(request);
        struct json *object = holder(other, ROWS[i].path, &name);
        if (ROWS[i].value == NULL)
            assert_true(json_remove(object, name));
        else
            assert_true(json_put(object, name, parse(ROWS[i].value)));
        if (resource_is_of(&INVOICE, record, other)) fail_msg("%s", ROWS[i].path);
        json_free(other);
    }
    json_append(json_member(record, "lines"),
                json_copy(json_item(json_member(record, "lines"), 0)));
    assert_false(resource_is_of(&INVOICE, record, request));
    assert_false(resource_is_of(&INVOICE, NULL, request));
    assert_false(resource_is_of(&INVOICE, record, NULL));
    json_put(record, "lines", json_new_string("x"));
    assert_false(resource_is_of(&INVOICE, record, request));
    json_put(record, "customer", json_new_string("x"));
    assert_false(resource_is_of(&INVOICE, record, request));
    json_free(record);
    json_free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_request_and_what_the_server_adds),
        cmocka_unit_test(fills_the_defaults_in),
        cmocka_unit_test(is_read_back),
        cmocka_unit_test(a_merged_record_says_into_what),
        cmocka_unit_test(is_not_believed_without_what_is_promised),
        cmocka_unit_test(is_not_believed_with_members_of_other_types),
        cmocka_unit_test(is_of_the_request_that_made_it),
        cmocka_unit_test(may_differ_where_the_rules_say_so),
        cmocka_unit_test(is_of_no_other_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
