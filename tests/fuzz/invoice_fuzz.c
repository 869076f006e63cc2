/* Reads any bytes as a request, and holds wire to what it promises of whatever reads: judged twice
 * alike, written and read again the same, its record believed and recognised. */
#include "protocol/wire/fingerprint.h"
#include "protocol/wire/idempotency_key.h"
#include "protocol/wire/json.h"
#include "protocol/wire/problem.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) broken(#condition, __LINE__);                                            \
    } while (0)

static void broken(const char *condition, int line)
{
    fprintf(stderr, "invoice_fuzz.c:%d: not true: %s\n", line, condition);
    abort();
}

static void check_sentence(const char *sentence)
{
    char *safe = text_safe(sentence, strlen(sentence), TEXT_ONE_LINE);
    MUST(safe != NULL && strcmp(safe, sentence) == 0);
    MUST(text_length(sentence) < 400);
    free(safe);
}

static void check_violations(const struct violations *list)
{
    struct violations back = {0};
    struct json *array = violations_to_json(list);
    MUST(violations_from_json(array, &back));
    MUST(back.count == list->count);
    for (size_t i = 0; i < list->count; i++) {
        check_sentence(list->items[i].detail);
        MUST(strcmp(back.items[i].code, list->items[i].code) == 0);
    }
    violations_clear(&back);
    json_free(array);
}

static void check_record(const struct values *invoice, const struct json *request)
{
    struct record record;
    struct values values = *invoice;
    values.texts[INVOICE_CUSTOMER_ID] = "cus_1";
    char *text = resource_write(&INVOICE, &values, "inv_1", "2026-01-01T00:00:00Z", "ana");
    MUST(text != NULL);
    struct json *json = json_read(text, strlen(text));
    MUST(json != NULL);
    free(text);
    MUST(record_believe(&record, &INVOICE, json));
    MUST(resource_is_of(&INVOICE, json, request));
    record_clear(&record);
    json_free(json);
}

static void check_written(const struct values *invoice)
{
    struct violations none = {0};
    struct document document;
    struct json *json = resource_request(&INVOICE, invoice);
    MUST(document_read(&document, &INVOICE, json, &none));
    document_clear(&document);
    json_free(json);
}

static void check_fingerprint(struct json *request, const char *fingerprint)
{
    char again[FINGERPRINT_TEXT_SIZE], problem[JSON_PROBLEM_MAX];
    char *text = json_write(request);
    struct json *copy = json_read_object(text, strlen(text), problem);
    MUST(copy != NULL);
    MUST(fingerprint_of(copy, again));
    MUST(strcmp(again, fingerprint) == 0);
    json_free(copy);
    free(text);
}

static void check_request(struct json *request)
{
    struct violations list = {0}, shapes = {0};
    struct document document, partial;
    struct amounts totals;
    struct problem problem;
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    MUST(fingerprint_of(request, fingerprint));
    check_fingerprint(request, fingerprint);
    bool valid = document_read(&document, &INVOICE, request, &list);
    MUST(valid == (list.count == 0));
    bool shaped = document_read_partial(&partial, &INVOICE, request, &shapes);
    MUST(shaped == (shapes.count == 0) && (shaped || !valid));
    bool fits = invoice_totals(&document.values, &totals);
    MUST(fits || !valid);
    check_violations(&list);
    if (valid) {
        check_record(&document.values, request);
        check_written(&document.values);
    }
    (void)problem_read(request, &problem);
    violations_clear(&list);
    violations_clear(&shapes);
    document_clear(&document);
    document_clear(&partial);
}

static void check_key(const char *bytes, size_t length)
{
    char key[IDEMPOTENCY_KEY_SIZE], again[IDEMPOTENCY_KEY_SIZE];
    char value[IDEMPOTENCY_KEY_HEADER_SIZE];
    char *text = strndup(bytes, length);
    MUST(text != NULL);
    if (idempotency_key_from_header(text, key)) {
        MUST(idempotency_key_is_valid(key));
        idempotency_key_to_header(key, value);
        MUST(idempotency_key_from_header(value, again));
        MUST(strcmp(again, key) == 0);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    char problem[JSON_PROBLEM_MAX];
    struct json *request = json_read_object(bytes, size, problem);
    if (request != NULL)
        check_request(request);
    else
        check_sentence(problem);
    json_free(request);
    check_key(bytes, size);
    char *safe = text_safe(bytes, size, TEXT_MANY_LINES);
    MUST(safe != NULL && text_is_utf8(safe, strlen(safe)));
    char *folded = text_fold(safe);
    MUST(folded != NULL && text_is_blank(safe) == (folded[0] == '\0'));
    free(folded);
    free(safe);
    return 0;
}
