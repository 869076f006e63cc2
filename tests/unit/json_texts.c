#include "tests/unit/json_texts.h"

#include "protocol/wire/canonical_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const SENTENCES[] = {
    [EARLY] = "It ends too early",
    [NOT_JSON] = "It is not JSON (RFC 8259): check quotes, commas and numbers",
    [NOT_UTF8] = "It holds bytes that are not UTF-8",
    [ZERO] = "The character U+0000 is not allowed in a text",
    [HALF] = "A surrogate (\\uD800 to \\uDFFF) stands without its other half",
    [TWICE] = "A member is there twice; leave one of the two",
    [LARGE] = "A number is too large",
    [AFTER] = "Something follows the JSON value; send one value alone",
    [BOM] = "It begins with a byte order mark; leave that out",
};

static void assert_row(const struct row *row)
{
    size_t at;
    const char *sentence = json_scan(row->bytes, row->length, &at);
    const char *wanted = row->fault == SOUND ? NULL : SENTENCES[row->fault];
    if ((sentence == NULL) != (wanted == NULL) || (wanted != NULL && strcmp(sentence, wanted) != 0))
        fail_msg("%s (%s): \"%s\"", row->bytes, row->reason, sentence != NULL ? sentence : "sound");
    assert_true(at <= row->length);
}

/* What was read is written, read and written again, the same. */
static void assert_read(const struct row *row)
{
    struct json *value = json_read(row->bytes, row->length);
    if ((value != NULL) != (row->fault == SOUND)) fail_msg("%s (%s)", row->bytes, row->reason);
    if (value == NULL) return;
    char *text = json_write(value);
    assert_non_null(text);
    struct json *again = json_read(text, strlen(text));
    if (!json_equal(value, again)) fail_msg("%s (%s) became %s", row->bytes, row->reason, text);
    json_free(again);
    json_free(value);
    free(text);
}

/* In memory of its own, so that a sanitizer sees a look past the end. */
static void assert_cut_anywhere(const struct row *row)
{
    for (size_t length = 0; length < row->length && row->length < 100; length++) {
        size_t at;
        char *copy = malloc(length > 0 ? length : 1);
        assert_non_null(copy);
        memcpy(copy, row->bytes, length);
        const char *sentence = json_scan(copy, length, &at);
        struct json *value = json_read(copy, length);
        assert_true((sentence == NULL) == (value != NULL) && at <= length);
        json_free(value);
        free(copy);
    }
}

void json_texts_check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_row(&rows[i]);
        assert_read(&rows[i]);
        assert_cut_anywhere(&rows[i]);
    }
}
