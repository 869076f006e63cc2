#include "tui/terminal/text_field.h"

#include "protocol/wire/text.h"
#include "tui/terminal/text_undo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define LINE_BREAK_SHOWN "\u21b5"

const char *text_field_text(const struct text_field *field)
{
    return field->text ? field->text : "";
}

/* Before each change. Without memory there is nothing to undo. */
static void keep_state(struct text_field *field, enum text_change change)
{
    if (!field->undo) field->undo = calloc(1, sizeof *field->undo);
    if (field->undo) text_undo_keep(field->undo, text_field_text(field), field->cursor, change);
}

static void changed(struct text_field *field)
{
    if (field->undo) field->undo->run_at = field->cursor;
    field->fresh = false;
    text_field_forgive(field);
}

static void forget_changes(struct text_field *field)
{
    if (field->undo) text_undo_clear(field->undo);
    free(field->undo);
    field->undo = NULL;
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
    forget_changes(field);
    free(field->text);
    *field = (struct text_field){.kind = field->kind, .characters_max = field->characters_max};
}

/* The code point at `offset` and its length; a NUL of length 0 at the end. */
static utf8proc_int32_t code_point_at(const struct text_field *field, size_t offset, size_t *length)
{
    utf8proc_int32_t code_point = 0;
    *length = 0;
    if (offset >= field->length) return 0;
    utf8proc_ssize_t taken =
        utf8proc_iterate((const utf8proc_uint8_t *)field->text + offset,
                         (utf8proc_ssize_t)(field->length - offset), &code_point);
    *length = taken > 0 ? (size_t)taken : 1;
    return taken > 0 ? code_point : 0xFFFD;
}

/* Nothing in ASCII joins what stands before it; CR, which would be joined, is in no field. */
static bool is_alone(const struct text_field *field, size_t offset)
{
    if (offset >= field->length) return false;
    const char *text = field->text + offset;
    return (unsigned char)text[0] < 0x80 && (unsigned char)text[1] < 0x80;
}

static size_t next_cluster(const struct text_field *field, size_t offset)
{
    if (is_alone(field, offset)) return offset + 1;
    utf8proc_int32_t state = 0;
    size_t length;
    utf8proc_int32_t previous = code_point_at(field, offset, &length);
    offset += length;
    while (offset < field->length) {
        utf8proc_int32_t next = code_point_at(field, offset, &length);
        if (utf8proc_grapheme_break_stateful(previous, next, &state)) break;
        previous = next;
        offset += length;
    }
    return offset;
}

/* The last boundary before `offset`. Boundaries can only be told from the start of the text. */
static size_t previous_cluster(const struct text_field *field, size_t offset)
{
    size_t boundary = 0;
    for (;;) {
        size_t next = next_cluster(field, boundary);
        if (next >= offset || next == boundary) return boundary;
        boundary = next;
    }
}

/* The first boundary at or behind `offset`: a character put in may have joined its neighbours. */
static size_t boundary_from(const struct text_field *field, size_t offset)
{
    size_t boundary = 0;
    while (boundary < offset && boundary < field->length) {
        boundary = next_cluster(field, boundary);
    }
    return boundary;
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
        if (!is_space(code_point_at(field, offset, &length))) return false;
    }
    return true;
}

/* What `code_point` becomes in this field, 0 for nothing. */
static utf8proc_int32_t accepted(const struct text_field *field, utf8proc_int32_t code_point)
{
    if (code_point == '\r') code_point = '\n';
    if (code_point == '\t') code_point = ' ';
    if (code_point == '\n' && field->kind != TEXT_FIELD_NOTES) code_point = ' ';
    bool code = field->kind == TEXT_FIELD_CODE || field->kind == TEXT_FIELD_CAPITALS;
    if (code && is_space(code_point)) return 0;
    if (field->kind == TEXT_FIELD_CAPITALS && code_point >= 'a' && code_point <= 'z') {
        return code_point - 'a' + 'A';
    }
    if (code_point != '\n' && utf8proc_category(code_point) == UTF8PROC_CATEGORY_CC) return 0;
    return code_point;
}

/* Writes what the field takes of `bytes` into `kept` (as long at most); the length of it. */
static size_t filter(const struct text_field *field, const char *bytes, size_t length, size_t room,
                     char *kept, bool *cut)
{
    size_t used = 0;
    size_t characters = 0;
    bool after_cr = false;
    for (size_t i = 0; i < length;) {
        utf8proc_int32_t code_point;
        utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)bytes + i,
                                                  (utf8proc_ssize_t)(length - i), &code_point);
        if (taken <= 0) {
            i++;
            continue;
        }
        i += (size_t)taken;
        bool second_of_crlf = after_cr && code_point == '\n';
        after_cr = code_point == '\r';
        utf8proc_int32_t keep = second_of_crlf ? 0 : accepted(field, code_point);
        if (!keep) continue;
        if (characters == room) {
            *cut = true;
            break;
        }
        characters++;
        used += (size_t)utf8proc_encode_char(keep, (utf8proc_uint8_t *)kept + used);
    }
    return used;
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
    memmove(field->text + from, field->text + to, field->length - to + 1);
    field->length -= to - from;
    /* What stood on both sides may have become one cluster. */
    field->cursor = boundary_from(field, from);
}

/* A change of its own, which undoing takes back. */
static void erase(struct text_field *field, size_t from, size_t to, enum text_change change)
{
    if (from >= to) return;
    keep_state(field, change);
    remove_range(field, from, to);
    changed(field);
}

/* Puts `kept` (`length` bytes that the field takes, not 0) in at the cursor, in place of all there
 * was when `whole`. There is room. */
static void put_in(struct text_field *field, const char *kept, size_t length, bool whole)
{
    bool one = !whole && text_length(kept) == 1;
    keep_state(field, one ? TEXT_TYPED : TEXT_REPLACED);
    if (whole) remove_range(field, 0, field->length);
    memmove(field->text + field->cursor + length, field->text + field->cursor,
            field->length - field->cursor + 1);
    memcpy(field->text + field->cursor, kept, length);
    field->length += length;
    field->cursor = boundary_from(field, field->cursor + length);
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
        erase(field, 0, field->length, TEXT_REPLACED);
        return TEXT_FIELD_OK;
    }
    return insert(field, text, strlen(text), true);
}

enum text_field_status text_field_suggest(struct text_field *field, const char *text)
{
    enum text_field_status status = text_field_set(field, text);
    forget_changes(field);
    text_field_offer(field);
    return status;
}

void text_field_offer(struct text_field *field)
{
    field->cursor = field->length;
    field->fresh = field->length > 0;
}

bool text_field_undo(struct text_field *field)
{
    struct text_state state = {0};
    if (field->undo) state = text_undo_take(field->undo);
    if (!state.text) return false;
    free(field->text);
    field->text = state.text;
    field->length = strlen(state.text);
    field->capacity = field->length + 1;
    field->cursor = state.cursor;
    changed(field);
    return true;
}

void text_field_left(struct text_field *field)
{
    field->fresh = false;
    field->cursor = previous_cluster(field, field->cursor);
}

void text_field_right(struct text_field *field)
{
    field->fresh = false;
    field->cursor = next_cluster(field, field->cursor);
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
    while (offset < field->length && skipped(code_point_at(field, offset, &length))) {
        offset = next_cluster(field, offset);
    }
    return offset;
}

static size_t skip_left(const struct text_field *field, size_t offset, character_class *skipped)
{
    size_t length;
    while (offset > 0) {
        size_t before = previous_cluster(field, offset);
        if (!skipped(code_point_at(field, before, &length))) break;
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
    erase(field, previous_cluster(field, field->cursor), field->cursor, TEXT_ERASED);
}

void text_field_delete(struct text_field *field)
{
    erase(field, field->cursor, next_cluster(field, field->cursor), TEXT_ERASED);
}

void text_field_kill_to_end(struct text_field *field)
{
    erase(field, field->cursor, field->length, TEXT_REPLACED);
}

void text_field_kill_to_start(struct text_field *field)
{
    erase(field, 0, field->cursor, TEXT_REPLACED);
}

void text_field_kill_word(struct text_field *field)
{
    size_t start = skip_left(field, skip_left(field, field->cursor, is_space), is_not_space);
    erase(field, start, field->cursor, TEXT_REPLACED);
}

/* Whole clusters as they are shown. The caller's; NULL: out of memory. */
static char *shown_text(const struct text_field *field, size_t from, size_t to)
{
    char *safe = text_safe(text_field_text(field) + from, to - from, TEXT_MANY_LINES);
    if (!safe || !strchr(safe, '\n')) return safe;
    char *shown = calloc(strlen(safe), sizeof LINE_BREAK_SHOWN);
    char *end = shown;
    for (const char *at = safe; shown && *at; at++) {
        if (*at == '\n')
            end = mempcpy(end, LINE_BREAK_SHOWN, sizeof LINE_BREAK_SHOWN - 1);
        else
            *end++ = *at;
    }
    free(safe);
    return shown;
}

static size_t shown_width(const struct text_field *field, size_t from, size_t to)
{
    /* The common case needs no memory. */
    if (to - from == 1 && (unsigned char)field->text[from] >= 0x20) return 1;
    char *shown = shown_text(field, from, to);
    size_t width = shown ? text_width(shown) : 0;
    free(shown);
    return width;
}

static size_t columns_between(const struct text_field *field, size_t from, size_t to)
{
    size_t columns = 0;
    while (from < to) {
        size_t next = next_cluster(field, from);
        columns += shown_width(field, from, next);
        from = next;
    }
    return columns;
}

static void scroll(struct text_field *field, size_t columns)
{
    if (field->first > field->cursor) field->first = field->cursor;
    field->first = boundary_from(field, field->first);
    size_t at_end = field->cursor == field->length ? 1 : 0;
    size_t before = columns_between(field, field->first, field->cursor);
    while (field->first < field->cursor && before >= columns + at_end) {
        size_t next = next_cluster(field, field->first);
        before -= shown_width(field, field->first, next);
        field->first = next;
    }
    /* Room that a removal left at the end is given back to what was scrolled away. */
    while (field->first > 0) {
        size_t previous = previous_cluster(field, field->first);
        size_t width = shown_width(field, previous, field->first);
        if (columns_between(field, field->first, field->length) + width > columns) break;
        field->first = previous;
    }
}

char *text_field_window(struct text_field *field, size_t columns, size_t *cursor_column)
{
    scroll(field, columns);
    *cursor_column = columns_between(field, field->first, field->cursor);
    size_t end = field->first;
    for (size_t used = 0; end < field->length;) {
        size_t next = next_cluster(field, end);
        used += shown_width(field, end, next);
        if (used > columns) break;
        end = next;
    }
    return shown_text(field, field->first, end);
}

void text_field_point(struct text_field *field, size_t column)
{
    field->fresh = false;
    size_t at = field->first;
    size_t columns = 0;
    while (at < field->length) {
        size_t next = next_cluster(field, at);
        columns += shown_width(field, at, next);
        if (columns > column) break;
        at = next;
    }
    field->cursor = at;
}
