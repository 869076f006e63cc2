/* Intents: frozen once, the same again from the journal's bytes. */
#include "protocol/wire/resources/invoice.h"
#include "tests/support/order.h"
#include "tests/support/sample.h"
#include "tests/unit/client_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void frozen_is_frozen(void **unused)
{
    (void)unused;
    struct json *body = sample_invoice("2026-0042");
    json_put(body, "idempotency_key", json_new_string("somebody's"));
    struct intent *intent = intent_freeze(&INVOICE, body, "a-key");
    assert_non_null(intent);
    char *before = strdup(intent->body);
    json_put(json_member(body, "customer"), "email", json_new_string("x@y.example"));
    while (json_first(body) != NULL)
        json_free(json_take(body, json_first(body)));
    assert_string_equal(intent->body, before);
    assert_int_equal(intent->body_length, strlen(before));
    assert_string_equal(json_text(intent->json, "number"), "2026-0042");
    assert_null(strstr(intent->body, "idempotency_key"));
    assert_string_equal(intent->key, "a-key");
    assert_string_equal(intent->name, "2026-0042");
    assert_int_equal(strlen(intent->fingerprint), 64);
    intent_free(intent);
    json_free(body);
    free(before);
}

static void thawed_is_the_same(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent("2026-0042");
    struct intent *again = intent_thaw(&INVOICE, intent->key, intent->body, intent->body_length);
    assert_non_null(again);
    assert_string_equal(again->body, intent->body);
    assert_string_equal(again->key, intent->key);
    assert_string_equal(again->fingerprint, intent->fingerprint);
    assert_string_equal(again->name, intent->name);
    assert_string_equal(again->scope, intent->scope);
    intent_free(again);
    assert_null(intent_thaw(&INVOICE, intent->key, intent->body, intent->body_length - 1));
    assert_null(intent_thaw(&INVOICE, "", intent->body, intent->body_length));
    assert_null(intent_thaw(&INVOICE, intent->key, "[]", 2));
    intent_free(intent);
}

static const struct {
    const char *number, *issue_date;
    bool same; /* scope as 2026-0042 of 2026 */
} scopes[] = {
    {"2026-0042", "2026-11-22", true},    {"2026-0042", "2026-01-01", true},
    {" 2026-0042  ", "2026-11-22", true}, {"2026-0042", "2025-11-22", false},
    {"2026-0043", "2026-11-22", false},   {"\xEF\xBC\x92\x30\x32\x36-0042", "2026-11-22", true},
};

static void the_scope_is_the_folded_number_and_its_year(void **unused)
{
    (void)unused;
    struct intent *first = client_sample_intent("2026-0042");
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        struct json *body = sample_invoice(scopes[i].number);
        json_put(body, "issue_date", json_new_string(scopes[i].issue_date));
        char *scope = intent_scope(&INVOICE, body);
        assert_non_null(scope);
        assert_int_equal(strcmp(scope, first->scope) == 0, scopes[i].same);
        free(scope);
        json_free(body);
    }
    intent_free(first);
}

static void another_resource_has_its_own_name_and_scope(void **unused)
{
    (void)unused;
    struct json *body = json_new_texts("reference", " A-1", "date", "2026-11-22", NULL);
    struct intent *intent = intent_freeze(&ORDER, body, "a-key");
    assert_non_null(intent);
    assert_string_equal(intent->name, " A-1");
    assert_string_equal(intent->scope, "order/a-1");
    intent_free(intent);
    json_free(body);
}

static void kinds_are_found_by_name(void **unused)
{
    (void)unused;
    assert_ptr_equal(intent_kind_named("invoice"), &INVOICE);
    assert_null(intent_kind_named("parrot"));
    assert_null(intent_kind_named(""));
    struct violations violations = {0};
    struct json *body = sample_invoice("2026-0042");
    assert_true(intent_check(&INVOICE, body, &violations));
    json_put(body, "currency", json_new_string("EURO"));
    assert_false(intent_check(&INVOICE, body, &violations));
    assert_non_null(violations_at(&violations, "/currency"));
    violations_clear(&violations);
    json_free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frozen_is_frozen),
        cmocka_unit_test(thawed_is_the_same),
        cmocka_unit_test(the_scope_is_the_folded_number_and_its_year),
        cmocka_unit_test(another_resource_has_its_own_name_and_scope),
        cmocka_unit_test(kinds_are_found_by_name),
    };
    return cmocka_run_group_tests_name("client/intent", tests, NULL, NULL);
}
