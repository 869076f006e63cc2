#include "tests/unit/client_sample.h"

#include "protocol/wire/resources/invoice.h"
#include "tests/support/json_pointer.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

struct intent *client_sample_intent(const char *number)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(key);
    struct json *body = sample_invoice(number);
    struct intent *intent = intent_freeze(&INVOICE, body, key);
    json_free(body);
    if (intent == NULL) support_die("no intent");
    return intent;
}

struct json *client_sample_record(const struct json *body)
{
    struct document document;
    struct violations violations = {0};
    struct json *copy = json_copy(body);
    char *text = NULL;
    if (document_read(&document, &INVOICE, copy, &violations)) {
        document.values.texts[INVOICE_CUSTOMER_ID] = "cus_12";
        text =
            resource_write(&INVOICE, &document.values, "inv_1007", "2026-11-22T10:02:11Z", "ana");
    }
    struct json *record = text != NULL ? json_read(text, strlen(text)) : NULL;
    if (record == NULL) support_die("no record");
    free(text);
    document_clear(&document);
    violations_clear(&violations);
    json_free(copy);
    return record;
}

char *client_sample_record_text(const char *number)
{
    struct json *body = sample_invoice(number), *record = client_sample_record(body);
    char *text = json_to(record);
    json_free(body);
    json_free(record);
    return text;
}

char *client_sample_problem(enum problem_type type, const char *changes)
{
    struct json *problem = type == PROBLEM_TAKEN ? unique_problem(&INVOICE.unique[0])
                                                 : problem_new(type, "As the server puts it.");
    struct json *changed = changes != NULL ? json_from(changes) : json_new_object();
    const char *name;
    struct json *value;
    for (value = json_first(changed); value != NULL && (name = json_name(value)) != NULL;
         value = json_next(value)) {
        if (json_kind(value) == JSON_NULL)
            json_remove(problem, name);
        else
            json_put(problem, name, json_copy(value));
    }
    char *text = json_to(problem);
    json_free(changed);
    json_free(problem);
    return text;
}
