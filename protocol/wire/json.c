#include "protocol/wire/json.h"

#include "protocol/wire/message.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where memory fails, jansson 2.14 can drop a character that it reads, or a member's name that it
 * writes, and go on. So its allocations are watched, and what came of it while one failed is thrown
 * away. */
static _Thread_local bool starved;

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL) starved = true;
    return memory;
}

static void watch_allocations(void)
{
    json_set_alloc_funcs(allocate, free);
}

static void watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    starved = pthread_once(&once, watch_allocations) != 0;
}

static json_t *load(const char *bytes, size_t length, json_error_t *error)
{
    watch();
    json_t *value = json_loadb(length > 0 ? bytes : "", length, JSON_REJECT_DUPLICATES, error);
    if (!starved) return value;
    json_decref(value);
    return NULL;
}

/* jansson's own texts quote the input; these don't. */
static const struct {
    enum json_error_code code;
    const char *sentence;
} SENTENCES[] = {
    {json_error_out_of_memory, N_("There is not enough memory to read it")},
    {json_error_stack_overflow, N_("It is nested too deeply")},
    {json_error_invalid_utf8, N_("It holds bytes that are not UTF-8")},
    {json_error_premature_end_of_input, N_("It ends too early")},
    {json_error_end_of_input_expected,
     N_("Something follows the JSON value; send one value alone")},
    {json_error_invalid_syntax, N_("It is not JSON (RFC 8259): check quotes, commas and numbers")},
    {json_error_null_character, N_("The character U+0000 is not allowed in a string")},
    {json_error_null_byte_in_key, N_("The character U+0000 is not allowed in a member's name")},
    {json_error_duplicate_key, N_("A member is there twice; leave one of the two")},
    {json_error_numeric_overflow, N_("A number is too large")},
};

static const char *sentence_for(enum json_error_code code)
{
    for (size_t i = 0; i < sizeof SENTENCES / sizeof SENTENCES[0]; i++)
        if (SENTENCES[i].code == code) return SENTENCES[i].sentence;
    return N_("It is not JSON (RFC 8259)");
}

static void explain(char problem[JSON_PROBLEM_MAX], const char *sentence, int line, int column)
{
    snprintf(problem, JSON_PROBLEM_MAX, N_("%s (line %d, column %d)."), sentence, line, column);
}

/* Line and column, both from 1, of the byte at `offset`; a column is a character. */
static void explain_at(char problem[JSON_PROBLEM_MAX], const char *sentence, const char *bytes,
                       size_t offset)
{
    int line = 1, column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (bytes[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)bytes[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    explain(problem, sentence, line, column);
}

/* The offset of the bracket that goes past JSON_DEPTH_MAX, or `length`. jansson recurses as deep
 * as its input says, so that this is looked at first; the brackets inside strings don't count. */
static size_t too_deep_at(const char *bytes, size_t length)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX) return i;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return length;
}

json_t *json_read_object(const char *bytes, size_t length, char problem[JSON_PROBLEM_MAX])
{
    static const char BOM[] = "\xEF\xBB\xBF";
    if (length >= 3 && memcmp(bytes, BOM, 3) == 0) {
        explain(problem, N_("It begins with a byte order mark; leave that out"), 1, 1);
        return NULL;
    }
    size_t deep = too_deep_at(bytes, length);
    if (deep < length) {
        explain_at(problem, N_("It is nested too deeply"), bytes, deep);
        return NULL;
    }
    json_error_t error = {.line = 1, .column = 1};
    json_t *value = load(bytes, length, &error);
    if (value == NULL) {
        enum json_error_code code = starved ? json_error_out_of_memory : json_error_code(&error);
        explain(problem, sentence_for(code), error.line, error.column > 0 ? error.column : 1);
        return NULL;
    }
    if (!json_is_object(value)) {
        explain(problem, N_("It is not a JSON object; send one in braces"), 1, 1);
        json_decref(value);
        return NULL;
    }
    return value;
}

char *json_write(const json_t *value)
{
    watch();
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!starved) return text;
    free(text);
    return NULL;
}

const char *json_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}
