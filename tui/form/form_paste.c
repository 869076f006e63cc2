#include "tui/form/facts.h"
#include "tui/form/form.h"

#include <string.h>
#include <strings.h>

#define BLANKS "\t\n\r "
#define MAILTO "mailto:"

/* Some bytes of what is pasted. */
struct part {
    const char *text;
    size_t length;
};

static bool is_one_of(char byte, const char *set)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

/* What ends a part, and is let go at both of its ends. */
static struct part trimmed(struct part part, const char *set)
{
    while (part.length > 0 && is_one_of(part.text[part.length - 1], set))
        part.length--;
    while (part.length > 0 && is_one_of(*part.text, set)) {
        part.text++;
        part.length--;
    }
    return part;
}

/* Takes the part up to one of the characters in `set` off the rest, and that one character. */
static struct part take_part(struct part *rest, const char *set)
{
    struct part part = {.text = rest->text};
    while (part.length < rest->length && !is_one_of(part.text[part.length], set))
        part.length++;
    size_t past = part.length < rest->length ? part.length + 1 : part.length;
    rest->text += past;
    rest->length -= past;
    return part;
}

/* --- an e-mail, as mail programs write it --- */

static bool is_one_address(struct part address)
{
    const char *at = memchr(address.text, '@', address.length);
    if (!at || memchr(at + 1, '@', address.length - (size_t)(at + 1 - address.text))) return false;
    for (size_t i = 0; i < address.length; i++)
        if (is_one_of(address.text[i], BLANKS "<>;,\"")) return false;
    return true;
}

/* mailto:ana@example.com?subject=Hello */
static struct part without_mailto(struct part address)
{
    const size_t length = sizeof MAILTO - 1;
    if (address.length < length || strncasecmp(address.text, MAILTO, length) != 0) return address;
    struct part rest = {address.text + length, address.length - length};
    return take_part(&rest, "?");
}

/* Ana Silva ana@example.com (542) 1234: the one word that is an address, what stands before it, and
 * what behind it. Joined, as the field leaves blanks out, they would pass for an address. */
static bool read_words(struct part text, struct part *address, struct part *name, struct part *over)
{
    struct part rest = text;
    *address = *name = *over = (struct part){0};
    while (rest.length > 0) {
        struct part word = take_part(&rest, BLANKS);
        if (!memchr(word.text, '@', word.length)) continue;
        *address = trimmed(word, ";,:()[]\"");
        *name =
            trimmed((struct part){text.text, (size_t)(word.text - text.text)}, BLANKS ";,:-\"'");
        *over = trimmed(rest, BLANKS ";,");
        break;
    }
    return address->length > 2 && *address->text != '@' &&
           address->text[address->length - 1] != '@' && is_one_address(*address) &&
           !memchr(rest.text, '@', rest.length);
}

/* Ana Silva <ana@example.com>, "Silva, Ana" <ana@example.com>, mailto:ana@example.com, and an
 * address with what stood around it in a list. False: it isn't one address. */
static bool read_address(struct part text, struct part *address, struct part *name)
{
    struct part rest = trimmed(text, BLANKS ";,");
    *name = (struct part){0};
    *address = rest;
    if (rest.length > 0 && rest.text[rest.length - 1] == '>') {
        rest.length--;
        *name = trimmed(take_part(&rest, "<"), BLANKS "\"'");
        *address = rest;
    }
    *address = trimmed(without_mailto(trimmed(*address, BLANKS)), BLANKS);
    return is_one_address(*address);
}

static enum text_field_status worse(enum text_field_status one, enum text_field_status other)
{
    return one > other ? one : other;
}

static enum text_field_status paste_email(struct form *form, struct part text)
{
    struct text_field *email = &form->fields[form->focus];
    size_t beside = fact_beside(form->resource, form->focus);
    struct part address, name, over = {0};
    if (!read_address(text, &address, &name) && !read_words(text, &address, &name, &over))
        return text_field_insert(email, text.text, text.length);
    enum text_field_status status = text_field_insert(email, address.text, address.length);
    if (over.length > 0) status = worse(status, TEXT_FIELD_FULL);
    if (name.length == 0 || beside == form_button(form)) return status;
    struct text_field *field = &form->fields[beside];
    if (field->length > 0 && !field->fresh) return status;
    return worse(status, text_field_insert(field, name.text, name.length));
}

/* --- rows and cells of a spreadsheet --- */

/* An empty cell leaves what is there; any other takes its place, but the very first, which is put
 * in at the cursor. */
static enum text_field_status paste_cell(struct grid *grid, struct part cell, bool is_first)
{
    struct text_field *field = grid_cell(grid, grid->row, grid->column);
    if (cell.length == 0) return TEXT_FIELD_OK;
    if (!is_first) text_field_offer(field);
    return text_field_insert(field, cell.text, cell.length);
}

/* Stays in the last cell that there is something for. */
static enum text_field_status paste_row(struct grid *grid, struct part row, bool is_first)
{
    enum text_field_status status = TEXT_FIELD_OK;
    size_t column = grid->column;
    for (size_t at = column; row.length > 0; at++) {
        struct part cell = trimmed(take_part(&row, "\t"), " ");
        if (at >= grid->columns && cell.length > 0) return TEXT_FIELD_FULL;
        if (at >= grid->columns) continue;
        grid->column = at;
        status = worse(status, paste_cell(grid, cell, is_first && at == column));
    }
    return status;
}

/* The next line, if nothing is in it; else a new one comes between. */
static bool open_next_line(struct grid *grid)
{
    size_t next = grid->row + 1;
    if (next == grid->count || !grid_row_is_blank(grid, next))
        return grid_insert_row(grid, grid->row);
    grid->row = next;
    return true;
}

static enum text_field_status paste_rows(struct form *form, struct part text)
{
    struct grid *grid = &form->grid;
    enum text_field_status status = TEXT_FIELD_OK;
    size_t column = grid->column;
    size_t first = grid->row;
    struct part rest = trimmed(text, "\r\n");
    for (bool is_first = true; rest.length > 0; is_first = false) {
        struct part row = take_part(&rest, "\r\n");
        if (trimmed(row, BLANKS).length == 0) continue; /* CR LF, and lines with nothing in them */
        if (!is_first && !open_next_line(grid)) {
            status = TEXT_FIELD_FULL;
            break;
        }
        grid->column = column;
        status = worse(status, paste_row(grid, row, is_first));
    }
    form_leave_rows(form, first, grid->row);
    return status;
}

static bool has_any(struct part part, const char *set)
{
    size_t length = part.length;
    return take_part(&part, set).length < length;
}

enum text_field_status form_paste(struct form *form, const char *text, size_t length)
{
    struct text_field *field = form_focused(form);
    const struct part whole = {text, length};
    if (!field) return TEXT_FIELD_OK;
    if (form_at_email(form)) return paste_email(form, whole);
    if (form_in_rows(form) && has_any(trimmed(whole, "\r\n"), "\t\r\n"))
        return paste_rows(form, whole);
    return text_field_insert(field, text, length);
}
