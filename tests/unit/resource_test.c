/* What comes from a resource's row, whatever the resource: an order goes the way of the invoice. */
#include "protocol/wire/resources/invoice.h"
#include "tests/support/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char REQUEST[] = "{\"reference\":\"A-1\",\"email\":\"ana@example.com\","
                              "\"date\":\"2026-11-22\",\"items\":[{\"item\":\"Chair\","
                              "\"count\":\"4\"},{\"item\":\"Table\",\"count\":\"1\"}]}";

static struct json *parse(const char *text)
{
    struct json *json = json_read(text, strlen(text));
    if (json == NULL) fail_msg("not JSON: %s", text);
    return json;
}

static void an_order_is_read(void **state)
{
    (void)state;
    struct json *json = parse(REQUEST);
    struct violations list = {0};
    struct document document;
    assert_true(document_read(&document, &ORDER, json, &list));
    assert_string_equal(document.values.texts[0], "A-1");
    assert_string_equal(document.values.texts[2], "2026-11-22");
    assert_int_equal(document.values.row_count, 2);
    assert_string_equal(document.values.rows[1].texts[0], "Table");
    struct json *again = resource_request(&ORDER, &document.values);
    char *text = json_write(again);
    assert_string_equal(text, REQUEST);
    free(text);
    json_free(again);
    document_clear(&document);
    json_free(json);
}

static void all_that_is_wrong_with_it_is_told(void **state)
{
    (void)state;
    static const char WRONG[] = "{\"number\":\"1\",\"email\":\"ana\",\"date\":20261122,"
                                "\"items\":[{\"item\":\"a\\tb\",\"count\":3},"
                                "{\"count\":\"0\"},{\"item\":\"c\",\"count\":\"1.5\"}]}";
    static const struct {
        const char *pointer, *code, *detail;
    } TOLD[] = {
        {"/number", "unknown-member", "There is no member \"number\" here; leave it out."},
        {"/date", "wrong-type", "The date must be a string, not a number."},
        {"/items/0/count", "not-a-string",
         "The count is a JSON number, which is not exact; write it as a string, such as \"3\"."},
        {"/reference", "required", "The reference is required."},
        {"/email", "not-an-email",
         "The e-mail is not an e-mail address (\"ana\"); write it as name@example.com."},
        {"/items/0/item", "control-character",
         "The item of line 1 holds a control character; leave it out."},
        {"/items/1/item", "required", "The item of line 2 is required."},
        {"/items/1/count", "out-of-range",
         "The count of line 2 is not above zero; leave the line out."},
        {"/items/2/count", "too-many-decimals",
         "The count of line 3 has 1 decimals; 0 are the most."},
    };
    struct json *json = parse(WRONG);
    struct violations list = {0};
    struct document document;
    assert_false(document_read(&document, &ORDER, json, &list));
    assert_int_equal(list.count, COUNT(TOLD));
    for (size_t i = 0; i < COUNT(TOLD); i++) {
        assert_string_equal(list.items[i].pointer, TOLD[i].pointer);
        assert_string_equal(list.items[i].code, TOLD[i].code);
        assert_string_equal(list.items[i].detail, TOLD[i].detail);
    }
    document_clear(&document);
    violations_clear(&list);
    json_free(json);
}

static void its_record_is_written_believed_and_recognised(void **state)
{
    (void)state;
    struct json *request = parse(REQUEST);
    struct violations list = {0};
    struct document document;
    assert_true(document_read(&document, &ORDER, request, &list));
    char *text = resource_write(&ORDER, &document.values, "ord_7", "2026-11-22T10:00:00Z", "ana");
    assert_string_equal(text, "{\"id\":\"ord_7\",\"status\":\"open\",\"reference\":\"A-1\","
                              "\"email\":\"ana@example.com\",\"date\":\"2026-11-22\",\"items\":["
                              "{\"item\":\"Chair\",\"count\":\"4\"},{\"item\":\"Table\","
                              "\"count\":\"1\"}],\"created_at\":\"2026-11-22T10:00:00Z\","
                              "\"created_by\":\"ana\"}");
    struct json *json = parse(text);
    struct record record;
    assert_true(record_believe(&record, &ORDER, json));
    assert_string_equal(record.id, "ord_7");
    assert_string_equal(record.document.values.rows[0].texts[1], "4");
    assert_true(resource_is_of(&ORDER, json, request));
    json_put(request, "email", json_new_string("ANA@example.com")); /* folded, they are one */
    assert_true(resource_is_of(&ORDER, json, request));
    json_put(request, "reference", json_new_string("a-1"));
    assert_false(resource_is_of(&ORDER, json, request));
    record_clear(&record);
    json_remove(json, "items");
    assert_false(record_believe(&record, &ORDER, json));
    record_clear(&record);
    json_free(json);
    free(text);
    document_clear(&document);
    json_free(request);
}

static void assert_is_sentence(const char *sentence)
{
    assert_non_null(sentence);
    assert_int_equal(sentence[strlen(sentence) - 1], '.');
}

static void assert_has_gap(const char *sentence)
{
    assert_is_sentence(sentence);
    assert_non_null(strstr(sentence, "%s"));
    assert_null(strstr(strstr(sentence, "%s") + 1, "%"));
}

static const struct field *named(const struct fields *fields, const char *object, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        bool same = object == NULL ? field->object == NULL
                                   : field->object != NULL && strcmp(field->object, object) == 0;
        if (same && strcmp(field->name, name) == 0) return field;
    }
    return NULL;
}

static void assert_field_holds_together(const struct fields *fields, const struct field *field)
{
    bool derived = field->presence == FIELD_DERIVED;
    assert_ptr_equal(named(fields, field->object, field->name), field); /* there once */
    if (derived) return;
    assert_non_null(field->subject);
    switch (field->kind) {
    case FIELD_DECIMAL:
        assert_is_sentence(field->form);
        assert_non_null(field->example);
        if (field->range != RANGE_ANY) assert_has_gap(field->out_of_range);
        break;
    case FIELD_DATE:
        if (field->not_before == NULL) break;
        assert_int_equal(named(fields, NULL, field->not_before)->kind, FIELD_DATE);
        assert_non_null(field->too_early);
        assert_has_gap(field->is_before);
        break;
    case FIELD_TEXT:
    case FIELD_NOTES:
    case FIELD_EMAIL:
    case FIELD_ROWS:
        assert_true(field->max > 0);
        break;
    case FIELD_CURRENCY:
        break;
    }
    if (field->presence == FIELD_TOGETHER) assert_non_null(field->object);
}

/* Fields of one object stand side by side. */
static void assert_objects_are_whole(const struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const char *object = fields->items[i].object;
        if (object == NULL || (i > 0 && fields->items[i - 1].object != NULL &&
                               strcmp(fields->items[i - 1].object, object) == 0))
            continue;
        for (size_t before = 0; before < i; before++)
            if (fields->items[before].object != NULL)
                assert_string_not_equal(fields->items[before].object, object);
    }
}

static void assert_compared(enum likeness likeness, const char *text, const char *expected)
{
    struct unique_part part = {.likeness = likeness};
    char *value = unique_text_value(&part, text);
    assert_string_equal(value, expected);
    free(value);
}

static void texts_are_compared_as_the_rule_says(void **state)
{
    (void)state;
    assert_compared(AS_TYPED,
                    " A\xE2\x80\x93"
                    "1 ",
                    " A\xE2\x80\x93"
                    "1 ");
    assert_compared(AS_FOLDED,
                    " A\xE2\x80\x93"
                    "1 ",
                    "a-1");
    assert_compared(AS_EMAIL,
                    "X@B\xC3\xBC"
                    "cher.example",
                    "x@xn--bcher-kva.example");
    assert_compared(BY_YEAR, "2026-12-31", "2026");
    assert_compared(BY_YEAR, "0987-03-01", "987");
    assert_compared(BY_YEAR, "0007", "7");
    assert_compared(BY_YEAR, "00000", "");
    assert_compared(BY_YEAR, "", "");
}

static void each_row_holds_together(void **state)
{
    (void)state;
    static const struct resource *const ROWS[] = {&INVOICE, &ORDER};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct resource *resource = ROWS[i];
        const struct fields *fields = &resource->fields;
        const struct field *rows = resource_rows(resource);
        assert_in_range(fields->count, 1, RESOURCE_FIELDS_MAX);
        assert_has_gap(resource->not_an_object);
        assert_objects_are_whole(fields);
        for (size_t at = 0; at < fields->count; at++)
            assert_field_holds_together(fields, &fields->items[at]);
        assert_in_range(rows->columns.count, 1, RESOURCE_COLUMNS_MAX);
        assert_in_range(rows->max, 1, RESOURCE_ROWS_MAX);
        for (size_t at = 0; at < rows->columns.count; at++) {
            assert_null(rows->columns.items[at].object);
            assert_field_holds_together(&rows->columns, &rows->columns.items[at]);
        }
        for (size_t at = 0; at < resource->unique_count; at++) {
            const struct unique_rule *rule = &resource->unique[at];
            assert_is_sentence(rule->taken);
            assert_is_sentence(rule->advice);
            assert_ptr_equal(unique_rule_of(resource, rule->slug), rule);
            assert_true(rule->title[0] != '\0');
            assert_non_null(rule->parts[0].name);
            for (size_t part = 0; part < RESOURCE_PARTS_MAX && rule->parts[part].name; part++)
                assert_non_null(named(fields, rule->parts[part].object, rule->parts[part].name));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_read),
        cmocka_unit_test(all_that_is_wrong_with_it_is_told),
        cmocka_unit_test(its_record_is_written_believed_and_recognised),
        cmocka_unit_test(texts_are_compared_as_the_rule_says),
        cmocka_unit_test(each_row_holds_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
