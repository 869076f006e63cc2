/* Takes any bytes as a terminal's, in pieces and with pauses that the first byte says, and has the
 * keys, pastes and clicks edit a form: texts stay whole and within their limits, the focus in the
 * form, and what is shown in its columns. */
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/order.h"
#include "tui/form/form.h"
#include "tui/terminal/keys.h"

#include <string.h>

#define TODAY        "2026-11-22"
#define COLUMNS      20
#define INPUT_MAX    2048
#define CHECK_EVERY  8 /* events */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A few: which key does what in the program is its own affair. */
static const struct {
    uint32_t key;
    void (*in_field)(struct text_field *field);
    void (*in_form)(struct form *form);
} ACTS[] = {
    {KEYS_LEFT, text_field_left, NULL},
    {KEYS_RIGHT, text_field_right, NULL},
    {KEYS_CTRLED | KEYS_LEFT, text_field_word_left, NULL},
    {KEYS_CTRLED | KEYS_RIGHT, text_field_word_right, NULL},
    {KEYS_HOME, text_field_home, NULL},
    {KEYS_END, text_field_end, NULL},
    {KEYS_CTRL('A'), text_field_home, NULL},
    {KEYS_CTRL('E'), text_field_end, NULL},
    {KEYS_BACKSPACE, text_field_delete_back, NULL},
    {KEYS_DELETE, text_field_delete, NULL},
    {KEYS_CTRL('K'), text_field_kill_to_end, NULL},
    {KEYS_CTRL('U'), text_field_kill_to_start, NULL},
    {KEYS_CTRL('W'), text_field_kill_word, NULL},
    {KEYS_TAB, NULL, form_next},
    {KEYS_ENTER, NULL, form_next},
    {KEYS_BACK_TAB, NULL, form_previous},
    {KEYS_CTRL('D'), NULL, form_write_out},
    {KEYS_CTRL('R'), NULL, form_focus_first},
};

static void act_on_rows(struct form *form, uint32_t key)
{
    if (key == KEYS_ESCAPE && form_in_rows(form)) form_leave_lines(form);
    if (key == KEYS_UP) form_up(form, 3);
    if (key == KEYS_DOWN) form_down(form, 3);
    if (key == KEYS_F(2)) (void)form_new_line(form);
    if (key == KEYS_F(3) || key == KEYS_CTRL('N')) (void)form_insert_line(form);
    if (key == KEYS_F(4) || key == KEYS_CTRL('P')) (void)form_duplicate_line(form);
    if (key == KEYS_F(5) || key == KEYS_CTRL('Y')) (void)form_delete_line(form);
}

static void type(struct form *form, uint32_t key)
{
    char bytes[5] = "";
    struct text_field *field = form_focused(form);
    if (key < 0x20 || key > 0x10FFFF || field == NULL) return;
    if (key < 0x80)
        snprintf(bytes, sizeof bytes, "%c", (char)key);
    else if (key < 0x800)
        snprintf(bytes, sizeof bytes, "%c%c", (char)(0xC0 | key >> 6), (char)(0x80 | (key & 63)));
    else if (key < 0x10000)
        snprintf(bytes, sizeof bytes, "%c%c%c", (char)(0xE0 | key >> 12),
                 (char)(0x80 | (key >> 6 & 63)), (char)(0x80 | (key & 63)));
    else
        snprintf(bytes, sizeof bytes, "%c%c%c%c", (char)(0xF0 | key >> 18),
                 (char)(0x80 | (key >> 12 & 63)), (char)(0x80 | (key >> 6 & 63)),
                 (char)(0x80 | (key & 63)));
    MUST(text_is_utf8(bytes, strlen(bytes))); /* a key that is a character is one */
    MUST(text_field_insert(field, bytes, strlen(bytes)) != TEXT_FIELD_NO_MEMORY);
}

static void press(struct form *form, uint32_t key)
{
    char name[KEYS_NAME_MAX] = "";
    keys_name(key, name);
    MUST(name[0] != '\0' && strlen(name) < sizeof name && text_is_utf8(name, strlen(name)));
    for (size_t i = 0; i < COUNT(ACTS); i++) {
        if (ACTS[i].key != key) continue;
        struct text_field *field = form_focused(form);
        if (ACTS[i].in_form != NULL) ACTS[i].in_form(form);
        if (ACTS[i].in_field != NULL && field != NULL) ACTS[i].in_field(field);
        return;
    }
    act_on_rows(form, key);
    type(form, key);
}

static void check_field(struct text_field *field)
{
    const char *text = text_field_text(field);
    size_t column = 0;
    MUST(strlen(text) == field->length && text_is_utf8(text, field->length));
    MUST(field->cursor <= field->length && text_is_utf8(text, field->cursor));
    MUST(text_length(text) <= field->characters_max);
    char *window = text_field_window(field, COLUMNS, &column);
    MUST(window != NULL && text_is_utf8(window, strlen(window)));
    MUST(text_width(window) <= COLUMNS && column <= COLUMNS);
    free(window);
}

static void check_focus(struct form *form)
{
    MUST(form->focus <= form_button(form));
    if (form->grid.field != NULL)
        MUST(form->grid.row < form->grid.count && form->grid.column < form->grid.columns &&
             form->grid.count <= form->grid.field->max);
}

static unsigned taken; /* events, of an input */

static void take(struct form *form, const struct keys_event *event)
{
    struct form_spot spot = form_spot(form);
    switch (event->type) {
    case KEYS_PRESSED:
        press(form, event->key);
        break;
    case KEYS_PASTED:
        MUST(event->length > 0 && text_is_utf8(event->text, event->length));
        MUST(form_paste(form, event->text, event->length) != TEXT_FIELD_NO_MEMORY);
        break;
    case KEYS_CLICKED:
        MUST(event->y >= 0 && event->x >= 0);
        form_focus(form, (size_t)event->y % (form_button(form) + 1));
        if (form_focused(form) != NULL) text_field_point(form_focused(form), (size_t)event->x);
        break;
    case KEYS_WHEEL:
        MUST(event->lines != 0);
        break;
    case KEYS_PASTE_ENDED:
    case KEYS_GARBLED:
        break;
    }
    form_leave(form, spot);
    check_focus(form);
    if (++taken % CHECK_EVERY == 0 && form_focused(form) != NULL) check_field(form_focused(form));
}

static void take_all(struct form *form, struct keys *keys, int64_t now_ms)
{
    struct keys_event event;
    while (keys_next(keys, now_ms, &event))
        take(form, &event);
}

static void feed(struct form *form, const uint8_t *data, size_t size, size_t piece, int64_t pause)
{
    struct keys keys;
    int64_t now_ms = 0;
    keys_start(&keys, NULL);
    while (size > 0) {
        size_t room = 0;
        char *to = keys_room(&keys, &room);
        MUST(room > 0);
        size_t length = size < piece ? size : piece;
        if (length > room) length = room;
        memcpy(to, data, length);
        keys_fed(&keys, length, now_ms);
        take_all(form, &keys, now_ms);
        data += length;
        size -= length;
        now_ms += pause;
        take_all(form, &keys, now_ms);
    }
    for (int silence = 0; silence < 4; silence++)
        take_all(form, &keys, now_ms += 60000);
    MUST(keys_due_ms(&keys) == INT64_MAX);
    MUST(keys.length - keys.taken < 5); /* Alt and a character's beginning may wait for its rest */
}

static void check_form(struct form *form)
{
    struct violations shapes = {0};
    struct document partial;
    struct form_values values;
    for (size_t i = 0; i < form->resource->fields.count; i++)
        check_field(&form->fields[i]);
    form_read(form, &values);
    MUST(values.values.row_count <= form->grid.count);
    struct json *json = form_to_json(form);
    MUST(json != NULL && document_read_partial(&partial, form->resource, json, &shapes));
    document_clear(&partial);
    violations_clear(&shapes);
    json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    if (size > INPUT_MAX) size = INPUT_MAX;
    struct form form = {0};
    taken = 0;
    const struct resource *resource = data[0] & 1 ? &ORDER : &INVOICE;
    size_t piece = data[0] & 2 ? 1 + (data[0] >> 4) : KEYS_BUFFER;
    MUST(form_start(&form, resource, TODAY));
    feed(&form, data + 1, size - 1, piece, (data[0] >> 2 & 3) * 40);
    check_form(&form);
    form_clear(&form);
    return 0;
}
