/* Invoices as intents: all that the client's layers know of them. */
#include "protocol/client/intent.h"
#include "protocol/wire/canonical_json.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool check(const struct json *body, struct violations *violations)
{
    struct document document;
    bool valid = document_read(&document, &INVOICE, body, violations);
    document_clear(&document);
    return valid;
}

static char *name_of(const struct json *body)
{
    const char *number = json_text(body, "number");
    return strdup(number != NULL ? number : "");
}

/* RULES.md: one number a tenant and year of the issue date, compared folded. */
static char *scope_of(const struct json *body)
{
    const char *number = json_text(body, "number"), *issue_date = json_text(body, "issue_date");
    char *folded = text_fold(number != NULL ? number : "");
    char *scope = NULL;
    if (folded == NULL) return NULL;
    if (asprintf(&scope, "invoice/%.4s/%s", issue_date != NULL ? issue_date : "", folded) < 0)
        scope = NULL;
    free(folded);
    return scope;
}

static bool is_record(const struct json *json)
{
    struct record record;
    bool is = record_believe(&record, &INVOICE, json);
    record_clear(&record);
    return is;
}

static bool is_of(const struct json *record, const struct json *body)
{
    return is_record(record) && resource_is_of(&INVOICE, record, body);
}

static bool has_same_scope(const struct json *record, const struct json *body)
{
    char *theirs = scope_of(record), *ours = scope_of(body);
    bool same = theirs != NULL && ours != NULL && strcmp(theirs, ours) == 0;
    free(theirs);
    free(ours);
    return same;
}

static bool has_same_external_ref(const struct json *record, const struct json *body)
{
    const struct json *theirs = json_member(record, "external_ref");
    const struct json *ours = json_member(body, "external_ref");
    return json_kind(theirs) == JSON_OBJECT && json_equal(theirs, ours);
}

static bool is_original(const struct json *record, enum problem_type type, const struct json *body)
{
    if (!is_record(record)) return false;
    if (type == PROBLEM_INVOICE_NUMBER_TAKEN) return has_same_scope(record, body);
    return type == PROBLEM_EXTERNAL_REF_TAKEN && has_same_external_ref(record, body);
}

const struct intent_kind invoice_intent = {
    .name = "invoice",
    .endpoint = "/v1/invoices",
    .check = check,
    .name_of = name_of,
    .scope_of = scope_of,
    .is_of = is_of,
    .is_original = is_original,
};
