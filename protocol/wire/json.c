#include "protocol/wire/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LOAD_FLAGS JSON_REJECT_DUPLICATES

/* jansson's own texts quote the input; these don't. */
static const struct {
    enum json_error_code code;
    const char *sentence;
} SENTENCES[] = {
    {json_error_out_of_memory, "There is not enough memory to read it"},
    {json_error_stack_overflow, "It is nested too deeply"},
    {json_error_invalid_utf8, "It holds bytes that are not UTF-8"},
    {json_error_premature_end_of_input, "It ends too early"},
    {json_error_end_of_input_expected, "Something follows the JSON value; send one value alone"},
    {json_error_invalid_syntax, "It is not JSON (RFC 8259): check quotes, commas and numbers"},
    {json_error_null_character, "The character U+0000 is not allowed in a string"},
    {json_error_null_byte_in_key, "The character U+0000 is not allowed in a member's name"},
    {json_error_duplicate_key, "A member is there twice; leave one of the two"},
    {json_error_numeric_overflow, "A number is too large"},
};

static const char *sentence_for(enum json_error_code code)
{
    for (size_t i = 0; i < sizeof SENTENCES / sizeof SENTENCES[0]; i++)
        if (SENTENCES[i].code == code) return SENTENCES[i].sentence;
    return "It is not JSON (RFC 8259)";
}

static void explain(char problem[JSON_PROBLEM_MAX], const char *sentence, int line, int column)
{
    snprintf(problem, JSON_PROBLEM_MAX, "%s (line %d, column %d).", sentence, line, column);
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
        explain(problem, "It begins with a byte order mark; leave that out", 1, 1);
        return NULL;
    }
    size_t deep = too_deep_at(bytes, length);
    if (deep < length) {
        explain_at(problem, "It is nested too deeply", bytes, deep);
        return NULL;
    }
    json_error_t error;
    json_t *value = json_loadb(bytes, length, LOAD_FLAGS, &error);
    if (value == NULL) {
        explain(problem, sentence_for(json_error_code(&error)), error.line, error.column);
        return NULL;
    }
    if (!json_is_object(value)) {
        explain(problem, "It is not a JSON object; send one in braces", 1, 1);
        json_decref(value);
        return NULL;
    }
    return value;
}

char *json_write(const json_t *value)
{
    return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
}

const char *json_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}
