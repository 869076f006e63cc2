#include "tui/terminal/text_field.h"

#include "protocol/wire/text.h"
#include "tui/terminal/text_clusters.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

const char *text_field_text(const struct text_field *field)
{
    return field->text ? field->text : "";
}

/* Offsets are in the text, and the text ends with a NUL that has its place. */
static bool is_sound(const struct text_field *field)
{
    return field->cursor <= field->length &&
           (field->text ? field->length < field->capacity && field->text[field->length] == '\0'
                        : field->length == 0);
}

static void changed(struct text_field *field)
{
    assert(is_sound(field));
    field->fresh = field->suggested = field->exact = false;
    text_field_forgive(field);
}

void text_field_forgive(struct text_field *field)
{
    free(field->complaint);
    field->complaint = NULL;
    field->complaint_code = NULL;
}

void text_field_complain(struct text_field *field, const char *code, const char *sentence)
{
    text_field_forgive(field);
    field->complaint_code = code;
    field->complaint = strdup(sentence);
}

void text_field_clear(struct text_field *field)
{
    text_field_forgive(field);
    free(field->text);
    *field = (struct text_field){.kind = field->kind, .characters_max = field->characters_max};
}

static bool is_space(utf8proc_int32_t code_point)
{
    return code_point == '\n' || utf8proc_category(code_point) == UTF8PROC_CATEGORY_ZS;
}

static bool is_word(utf8proc_int32_t code_point)
{
    utf8proc_category_t category = utf8proc_category(code_point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

bool text_field_is_blank(const struct text_field *field)
{
    size_t length;
    for (size_t offset = 0; offset < field->length; offset += length) {
        if (!is_space(clusters_code_point(field->text, field->length, offset, &length)))
            return false;
    }
    return true;
}

/* In a text of one line they end what stands before them. */
static bool is_end(const struct text_field *field, utf8proc_int32_t code_point)
{
    return field->kind != TEXT_FIELD_NOTES &&
           (code_point == '\n' || code_point == '\r' || code_point == '\t');
}

/* What `code_point` becomes in this field, 0 for nothing. */
static utf8proc_int32_t accepted(const struct text_field *field, utf8proc_int32_t code_point)
{
    if (code_point == '\r') code_point = '\n';
    if (code_point == '\t') code_point = ' ';
    bool code = field->kind == TEXT_FIELD_CODE || field->kind == TEXT_FIELD_CAPITALS;
    if (code && is_space(code_point)) return 0;
    if (field->kind == TEXT_FIELD_CAPITALS && code_point >= 'a' && code_point <= 'z') {
        return code_point - 'a' + 'A';
    }
    if (code_point != '\n' && utf8proc_category(code_point) == UTF8PROC_CATEGORY_CC) return 0;
    return code_point;
}

/* What is kept of a text that comes in. */
struct kept {
    char *text; /* there is room for all of it */
    size_t length, characters;
};

static void keep(struct kept *kept, utf8proc_int32_t code_point)
{
    kept->length +=
        (size_t)utf8proc_encode_char(code_point, (utf8proc_uint8_t *)kept->text + kept->length);
    kept->characters++;
}

/* Writes what the field takes of `bytes` into `text` (as long at most); the length of it. Between
 * two lines, where there may be only one, stands a blank. */
static size_t filter(const struct text_field *field, const char *bytes, size_t length, size_t room,
                     char *text, bool *cut)
{
    struct kept kept = {.text = text};
    bool code = field->kind == TEXT_FIELD_CODE || field->kind == TEXT_FIELD_CAPITALS;
    bool after_cr = false, after_end = false;
    for (size_t i = 0; i < length;) {
        utf8proc_int32_t code_point;
        utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)bytes + i,
                                                  (utf8proc_ssize_t)(length - i), &code_point);
        i += taken > 0 ? (size_t)taken : 1;
        bool second_of_crlf = taken > 0 && after_cr && code_point == '\n';
        if (taken > 0) after_cr = code_point == '\r';
        if (taken <= 0 || second_of_crlf) continue;
        after_end = after_end || is_end(field, code_point);
        utf8proc_int32_t one = is_end(field, code_point) ? 0 : accepted(field, code_point);
        if (!one) continue;
        bool parts = after_end && kept.length > 0 && !code && one != ' ' &&
                     kept.text[kept.length - 1] != ' ';
        if (kept.characters + (parts ? 2 : 1) > room) {
            *cut = true;
            break;
        }
        if (parts) keep(&kept, ' ');
        keep(&kept, one);
        after_end = false;
    }
    assert(kept.length <= length);
    return kept.length;
}

static bool reserve(struct text_field *field, size_t bytes)
{
    if (bytes <= field->capacity) return true;
    size_t capacity = bytes < 32 ? 32 : bytes * 2;
    char *grown = realloc(field->text, capacity);
    if (!grown) return false;
    if (!field->text) grown[0] = '\0';
    field->text = grown;
    field->capacity = capacity;
    return true;
}

static void remove_range(struct text_field *field, size_t from, size_t to)
{
    if (from >= to) return;
    assert(to <= field->length);
    memmove(field->text + from, field->text + to, field->length - to + 1);
    field->length -= to - from;
    /* What stood on both sides may have become one cluster. */
    field->cursor = clusters_boundary_from(field->text, field->length, from);
}

static void erase(struct text_field *field, size_t from, size_t to)
{
    if (from >= to) return;
    remove_range(field, from, to);
    changed(field);
}

/* Puts `kept` (`length` bytes that the field takes, not 0) in at the cursor, in place of all there
 * was when `whole`. There is room. */
static void put_in(struct text_field *field, const char *kept, size_t length, bool whole)
{
    assert(field->length + length < field->capacity);
    if (whole) remove_range(field, 0, field->length);
    memmove(field->text + field->cursor + length, field->text + field->cursor,
            field->length - field->cursor + 1);
    memcpy(field->text + field->cursor, kept, length);
    field->length += length;
    field->cursor = clusters_boundary_from(field->text, field->length, field->cursor + length);
    changed(field);
}

static enum text_field_status insert(struct text_field *field, const char *bytes, size_t length,
                                     bool whole)
{
    char *kept = malloc(length + 1);
    if (!kept) return TEXT_FIELD_NO_MEMORY;
    size_t present = whole ? 0 : text_length(text_field_text(field));
    size_t room = field->characters_max > present ? field->characters_max - present : 0;
    bool cut = false;
    size_t added = filter(field, bytes, length, room, kept, &cut);
    kept[added] = '\0';
    bool fits = reserve(field, field->length + added + 1);
    if (fits && added > 0) put_in(field, kept, added, whole);
    free(kept);
    return !fits ? TEXT_FIELD_NO_MEMORY : cut ? TEXT_FIELD_FULL : TEXT_FIELD_OK;
}

enum text_field_status text_field_insert(struct text_field *field, const char *bytes, size_t length)
{
    return insert(field, bytes, length, field->fresh);
}

enum text_field_status text_field_set(struct text_field *field, const char *text)
{
    field->first = 0;
    if (*text == '\0') {
        erase(field, 0, field->length);
        return TEXT_FIELD_OK;
    }
    return insert(field, text, strlen(text), true);
}

enum text_field_status text_field_suggest(struct text_field *field, const char *text)
{
    enum text_field_status status = text_field_set(field, text);
    text_field_offer(field);
    field->suggested = field->fresh;
    return status;
}

void text_field_offer(struct text_field *field)
{
    field->cursor = field->length;
    field->fresh = field->length > 0;
}

void text_field_left(struct text_field *field)
{
    field->fresh = false;
    field->cursor = clusters_previous(field->text, field->length, field->cursor);
}

void text_field_right(struct text_field *field)
{
    field->fresh = false;
    field->cursor = clusters_next(field->text, field->length, field->cursor);
}

void text_field_home(struct text_field *field)
{
    field->fresh = false;
    field->cursor = 0;
}

void text_field_end(struct text_field *field)
{
    field->fresh = false;
    field->cursor = field->length;
}

typedef bool character_class(utf8proc_int32_t code_point);

static bool is_not_word(utf8proc_int32_t code_point)
{
    return !is_word(code_point);
}

static bool is_not_space(utf8proc_int32_t code_point)
{
    return !is_space(code_point);
}

static size_t skip_right(const struct text_field *field, size_t offset, character_class *skipped)
{
    size_t length;
    while (offset < field->length &&
           skipped(clusters_code_point(field->text, field->length, offset, &length))) {
        offset = clusters_next(field->text, field->length, offset);
    }
    return offset;
}

static size_t skip_left(const struct text_field *field, size_t offset, character_class *skipped)
{
    size_t length;
    while (offset > 0) {
        size_t before = clusters_previous(field->text, field->length, offset);
        if (!skipped(clusters_code_point(field->text, field->length, before, &length))) break;
        offset = before;
    }
    return offset;
}

void text_field_word_left(struct text_field *field)
{
    field->fresh = false;
    field->cursor = skip_left(field, skip_left(field, field->cursor, is_not_word), is_word);
}

void text_field_word_right(struct text_field *field)
{
    field->fresh = false;
    field->cursor = skip_right(field, skip_right(field, field->cursor, is_not_word), is_word);
}

void text_field_delete_back(struct text_field *field)
{
    erase(field, clusters_previous(field->text, field->length, field->cursor), field->cursor);
}

void text_field_delete(struct text_field *field)
{
    erase(field, field->cursor, clusters_next(field->text, field->length, field->cursor));
}

void text_field_kill_to_end(struct text_field *field)
{
    erase(field, field->cursor, field->length);
}

void text_field_kill_to_start(struct text_field *field)
{
    erase(field, 0, field->cursor);
}

void text_field_kill_word(struct text_field *field)
{
    size_t start = skip_left(field, skip_left(field, field->cursor, is_space), is_not_space);
    erase(field, start, field->cursor);
}
