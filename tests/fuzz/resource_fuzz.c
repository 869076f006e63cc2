/* Reads any bytes as a request for each of two resources, and holds wire to what it promises of
 * whatever reads: judged twice alike, written and read again the same, its record believed and
 * recognised. */
#include "protocol/wire/fingerprint.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/order.h"

#include <string.h>

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

static void check_record(const struct resource *resource, const struct values *read,
                         const struct json *request)
{
    struct record record;
    struct values values = *read;
    if (resource == &INVOICE) values.texts[INVOICE_CUSTOMER_ID] = "cus_1";
    char *text = resource_write(resource, &values, "inv_1", "2026-01-01T00:00:00Z", "ana");
    MUST(text != NULL);
    struct json *json = json_read(text, strlen(text));
    MUST(json != NULL);
    free(text);
    MUST(record_believe(&record, resource, json));
    MUST(resource_is_of(resource, json, request));
    record_clear(&record);
    json_free(json);
}

static void check_written(const struct resource *resource, const struct values *read)
{
    struct violations none = {0};
    struct document document;
    struct json *json = resource_request(resource, read);
    MUST(document_read(&document, resource, json, &none));
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

static void check_request(const struct resource *resource, struct json *request)
{
    struct violations list = {0}, shapes = {0};
    struct document document, partial;
    bool valid = document_read(&document, resource, request, &list);
    MUST(valid == (list.count == 0));
    bool shaped = document_read_partial(&partial, resource, request, &shapes);
    MUST(shaped == (shapes.count == 0) && (shaped || !valid));
    if (resource == &INVOICE) {
        struct amounts totals;
        bool fits = invoice_totals(&document.values, &totals);
        MUST(fits || !valid);
    }
    check_violations(&list);
    if (valid) {
        check_record(resource, &document.values, request);
        check_written(resource, &document.values);
    }
    violations_clear(&list);
    violations_clear(&shapes);
    document_clear(&document);
    document_clear(&partial);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct resource *const RESOURCES[] = {&INVOICE, &ORDER};
    const char *bytes = (const char *)data;
    char problem[JSON_PROBLEM_MAX], fingerprint[FINGERPRINT_TEXT_SIZE];
    struct json *request = json_read_object(bytes, size, problem);
    if (request == NULL) {
        check_sentence(problem);
        return 0;
    }
    MUST(fingerprint_of(request, fingerprint));
    check_fingerprint(request, fingerprint);
    for (size_t i = 0; i < sizeof RESOURCES / sizeof RESOURCES[0]; i++)
        check_request(RESOURCES[i], request);
    json_free(request);
    return 0;
}
