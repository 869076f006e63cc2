/* Records in JSON: one that is all, one behind the other, or those of a list. */
#include "tui/batch/input_inside.h"

#include "protocol/wire/message.h"
#include "tui/batch/record_scan.h"

#include <string.h>

#define BLANKS " \t\r\n\v\f"

static bool is_blank(char byte)
{
    return byte != '\0' && strchr(BLANKS, byte) != NULL;
}

/* In a list commas are as good as blanks: what stands between them is read strictly. */
bool input_skip_blanks(struct input *input, bool *failed)
{
    *failed = false;
    for (;;) {
        while (input->begin < input->end) {
            char byte = input->bytes[input->begin];
            if (!is_blank(byte) && !(input->in_list && byte == ',')) return true;
            input_pass(input, 1);
        }
        if (input->ended) return false;
        if (!input_fill(input)) {
            *failed = true;
            return false;
        }
    }
}

static bool is_full(const struct input *input)
{
    return input->end - input->begin > INPUT_RECORD_MAX;
}

/* How many bytes there are to the end of the line that has the byte at `from`, its end not counted;
 * as many as there are where it is too long. False with errno. */
static bool measure_line(struct input *input, size_t from, size_t *length)
{
    for (;;) {
        const char *start = input->bytes + input->begin;
        size_t there = input->end - input->begin;
        const char *end = from < there ? memchr(start + from, '\n', there - from) : NULL;
        *length = end != NULL ? (size_t)(end - start) : there;
        if (end != NULL || input->ended || is_full(input)) return true;
        from = there;
        if (!input_fill(input)) return false;
    }
}

/* Passes over the rest of the line. False with errno. */
static bool pass_line(struct input *input)
{
    for (;;) {
        const char *start = input->bytes + input->begin;
        size_t there = input->end - input->begin;
        const char *end = there > 0 ? memchr(start, '\n', there) : NULL;
        input_pass(input, end != NULL ? (size_t)(end - start) : there);
        if (end != NULL || input->ended) return true;
        if (!input_fill(input)) return false;
    }
}

static enum input_status give(struct input *input, struct input_record *record, size_t length)
{
    record->bytes = input->bytes + input->begin;
    record->length = length;
    input_pass(input, length);
    return INPUT_RECORD;
}

/* The line that is begun, whatever it is. */
static enum input_status give_line(struct input *input, struct input_record *record)
{
    size_t length;
    if (!measure_line(input, 0, &length)) return INPUT_FAILED;
    if (length <= INPUT_RECORD_MAX) return give(input, record, length);
    record->length = INPUT_RECORD_MAX + 1;
    return pass_line(input) ? INPUT_RECORD : INPUT_FAILED;
}

/* Passes over what is left of a record that is too long, to its own end if it has one. */
static enum input_status skip_long(struct input *input, struct input_record *record,
                                   struct record_scan *scan)
{
    enum record_scan_end end = RECORD_SCAN_OPEN;
    input_pass(input, input->end - input->begin);
    while (end == RECORD_SCAN_OPEN && !input->ended) {
        size_t used;
        if (!input_fill(input)) return INPUT_FAILED;
        end = record_scan(scan, input->bytes, input->end, &used);
        input_pass(input, used);
    }
    record->length = INPUT_RECORD_MAX + 1;
    bool is_done = end == RECORD_SCAN_CLOSED && input->in_list;
    return is_done || pass_line(input) ? INPUT_RECORD : INPUT_FAILED;
}

/* What is closed has nothing else on its last line, but in a list: else it is as broken as all of
 * that. */
static enum input_status give_closed(struct input *input, struct input_record *record,
                                     size_t length)
{
    size_t whole = length;
    if (!input->in_list && !measure_line(input, length, &whole)) return INPUT_FAILED;
    for (size_t i = length; i < whole; i++)
        if (!is_blank(input->bytes[input->begin + i])) length = whole;
    record->is_closed = true;
    if (length <= INPUT_RECORD_MAX) return give(input, record, length);
    record->length = INPUT_RECORD_MAX + 1;
    return pass_line(input) ? INPUT_RECORD : INPUT_FAILED;
}

/* An object, or in a list anything with an end of its own, over as many lines as it takes. */
static enum input_status give_structure(struct input *input, struct input_record *record)
{
    struct record_scan scan = {0};
    enum record_scan_end end;
    size_t seen = 0;
    for (;;) {
        size_t used;
        end = record_scan(&scan, input->bytes + input->begin + seen,
                          input->end - input->begin - seen, &used);
        seen += used;
        if (end != RECORD_SCAN_OPEN || input->ended) break;
        if (is_full(input)) return skip_long(input, record, &scan);
        if (!input_fill(input)) return INPUT_FAILED;
    }
    return end == RECORD_SCAN_CLOSED ? give_closed(input, record, seen) : give_line(input, record);
}

/* In a list: a number, a word. */
static enum input_status give_scalar(struct input *input, struct input_record *record)
{
    size_t line;
    if (!measure_line(input, 0, &line)) return INPUT_FAILED;
    const char *start = input->bytes + input->begin;
    size_t length = 0;
    while (length < line && start[length] != ',' && start[length] != ']')
        length++;
    return length <= INPUT_RECORD_MAX ? give(input, record, length) : give_line(input, record);
}

static enum input_status give_whole(struct input *input, struct input_record *record)
{
    while (!input->ended && !is_full(input))
        if (!input_fill(input)) return INPUT_FAILED;
    if (!is_full(input)) {
        bool failed;
        record->bytes = "";
        if (!input_skip_blanks(input, &failed)) record->problem = N_("There is no record in it.");
        record->line = input->line;
        record->column = input->column;
        return give(input, record, input->end - input->begin);
    }
    record->length = INPUT_RECORD_MAX + 1;
    while (!input->ended) {
        input_pass(input, input->end - input->begin);
        if (!input_fill(input)) return INPUT_FAILED;
    }
    return INPUT_RECORD;
}

/* The brackets around the records of a list. True when there was one. */
static bool pass_bracket(struct input *input)
{
    char byte = input->bytes[input->begin];
    bool begins = !input->in_list && byte == '[' && input->given == 0;
    bool ends = input->in_list && byte == ']';
    if (input->form != INPUT_LIST || (!begins && !ends)) return false;
    input->in_list = begins;
    input_pass(input, 1);
    return true;
}

static enum input_status give_at(struct input *input, struct input_record *record)
{
    char byte = input->bytes[input->begin];
    if (input->form == INPUT_WHOLE) return give_whole(input, record);
    if (byte == '{' || (input->in_list && (byte == '[' || byte == '"')))
        return give_structure(input, record);
    return input->in_list ? give_scalar(input, record) : give_line(input, record);
}

/* Behind the last one: a list that was cut off may lack more than its bracket. */
static enum input_status end_list(struct input *input, struct input_record *record)
{
    if (!input->in_list) return INPUT_END;
    input->in_list = false;
    record->bytes = "";
    record->problem = N_("The list that the input begins with is never closed: is it whole?");
    return INPUT_RECORD;
}

enum input_status input_next_json(struct input *input, struct input_record *record)
{
    bool failed = false, owed = input->form == INPUT_WHOLE; /* one record, even of no bytes */
    if (owed && input->given > 0) return INPUT_END;
    bool there = owed;
    while (!owed && (there = input_skip_blanks(input, &failed)) && pass_bracket(input)) {
    }
    if (failed) return INPUT_FAILED;
    *record = (struct input_record){.line = input->line, .column = input->column};
    enum input_status status = there ? give_at(input, record) : end_list(input, record);
    if (status != INPUT_RECORD) return status;
    input->given++;
    record->position = input->form == INPUT_LINES ? record->line : input->given;
    return INPUT_RECORD;
}
