/* Reads any bytes as JSON, and holds the scan and cJSON to agreement: what the scan lets through is
 * read, as many values as it has, and is the same when it was written and read again; what the scan
 * refuses is never read, and its sentence points into the text. */
#include "protocol/wire/canonical_json.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* Values in a sound text: each is at the beginning, or behind a bracket, a comma or a colon; of
 * what is behind a bracket, an end is none, and a name is none either. */
static size_t values_told(const char *bytes, size_t length)
{
    size_t values = 0;
    bool in_text = false, is_due = true;
    for (size_t i = 0; i < length; i++) {
        char byte = bytes[i];
        if (in_text) {
            if (byte == '\\') i++;
            in_text = byte != '"';
        } else if (strchr(" \t\r\n", byte) == NULL) {
            if (is_due && byte != ']' && byte != '}') values++;
            if (byte == ':') values--; /* what stood before it was a name */
            is_due = byte == '[' || byte == '{' || byte == ',' || byte == ':';
            in_text = byte == '"';
        }
    }
    return values;
}

static size_t values_held(const struct json *value)
{
    size_t values = 1;
    for (const struct json *at = json_first(value); at != NULL; at = json_next(at))
        values += values_held(at);
    return values;
}

/* Looked for by its name each member is found: none has another's. */
static void check_names(const struct json *value)
{
    for (const struct json *at = json_first(value); at != NULL; at = json_next(at)) {
        if (json_kind(value) == JSON_OBJECT) MUST(json_member(value, json_name(at)) == at);
        check_names(at);
    }
}

static void check_written(const struct json *value, char *(*write)(const struct json *value))
{
    size_t at;
    char *text = write(value);
    MUST(text != NULL && json_scan(text, strlen(text), &at) == NULL);
    struct json *again = json_read(text, strlen(text));
    MUST(json_equal(value, again));
    char *twice = write(again);
    MUST(twice != NULL && strcmp(text, twice) == 0);
    json_free(again);
    free(twice);
    free(text);
}

static char *write_canonical(const struct json *value)
{
    return canonical_json(value, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    size_t at;
    const char *sentence = json_scan(bytes, size, &at);
    struct json *value = json_read(bytes, size);
    MUST((sentence == NULL) == (value != NULL));
    MUST(at <= size);
    if (value != NULL) {
        MUST(values_held(value) == values_told(bytes, size));
        check_names(value);
        check_written(value, json_write);
        check_written(value, write_canonical);
    }
    json_free(value);
    return 0;
}
