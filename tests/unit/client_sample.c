#include "tests/unit/client_sample.h"

#include "protocol/wire/invoice_json.h"
#include "tests/support/json_pointer.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"

struct intent *client_sample_intent(const char *number)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(key);
    json_t *body = sample_invoice(number);
    struct intent *intent = intent_freeze(&invoice_intent, body, key);
    json_decref(body);
    if (intent == NULL) support_die("no intent");
    return intent;
}

json_t *client_sample_record(const json_t *body)
{
    struct invoice_document document;
    struct violations violations = {0};
    json_t *copy = json_deep_copy(body);
    char *text = NULL;
    if (invoice_document_read(&document, copy, &violations))
        text = invoice_record_write(&document.invoice, "inv_1007", "cus_12", "2026-11-22T10:02:11Z",
                                    "ana");
    json_t *record = text != NULL ? json_loads(text, 0, NULL) : NULL;
    if (record == NULL) support_die("no record");
    free(text);
    invoice_document_clear(&document);
    violations_clear(&violations);
    json_decref(copy);
    return record;
}

char *client_sample_record_text(const char *number)
{
    json_t *body = sample_invoice(number), *record = client_sample_record(body);
    char *text = json_to(record);
    json_decref(body);
    json_decref(record);
    return text;
}

char *client_sample_problem(enum problem_type type, const char *changes)
{
    json_t *problem = problem_new(type, "As the server puts it.");
    json_t *changed = changes != NULL ? json_from(changes) : json_object();
    const char *name;
    json_t *value;
    json_object_foreach(changed, name, value)
    {
        if (json_is_null(value))
            json_object_del(problem, name);
        else
            json_object_set(problem, name, value);
    }
    char *text = json_to(problem);
    json_decref(changed);
    json_decref(problem);
    return text;
}
