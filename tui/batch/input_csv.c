/* Records in CSV, which protocol/wire/resource_csv reads. */
#include "protocol/wire/message.h"
#include "tui/batch/input_inside.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_FIRST 16

static void clear_record(struct csv_record *csv)
{
    json_free(csv->json);
    free((void *)(uintptr_t)csv->row_lines);
    *csv = (struct csv_record){0};
}

static bool make_room(struct csv_queue *queue)
{
    if (queue->count < queue->capacity) return true;
    size_t capacity = queue->capacity > 0 ? 2 * queue->capacity : QUEUE_FIRST;
    struct csv_record *items = realloc(queue->items, capacity * sizeof *items);
    if (items == NULL) return false;
    queue->items = items;
    queue->capacity = capacity;
    return true;
}

/* Mostly one comes of a line; where lines end with CR alone, all that there are. */
static void take(void *context, struct csv_record *csv)
{
    struct csv_queue *queue = &((struct input *)context)->queue;
    size_t size = csv->row_count * sizeof *csv->row_lines;
    size_t *lines = malloc(size + 1);
    if (lines == NULL || !make_room(queue)) {
        queue->failed = true;
        free(lines);
        json_free(csv->json);
        return;
    }
    if (size > 0) memcpy(lines, csv->row_lines, size);
    struct csv_record *kept = &queue->items[queue->count++];
    *kept = *csv;
    kept->row_lines = lines;
    kept->rows = NULL;
}

bool input_begin_csv(struct input *input)
{
    input_end_csv(input);
    input->csv = resource_csv_new(input->options.kind, input->options.csv_form, take, input);
    return input->csv != NULL;
}

static void empty_queue(struct csv_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        clear_record(&queue->items[i]);
    queue->first = queue->count = 0;
}

void input_end_csv(struct input *input)
{
    resource_csv_free(input->csv);
    empty_queue(&input->queue);
    free(input->queue.items);
    input->queue = (struct csv_queue){0};
    input->csv = NULL;
    input->last_position = 0;
    input->csv_ended = input->csv_told = false;
    input->csv_trouble[0] = '\0';
}

/* Nothing more can be made of it where that went wrong. */
static void end_where(struct input *input, bool good)
{
    if (good) return;
    input->csv_ended = true;
    resource_csv_give_up(input->csv);
}

/* A line, or as much of it as is there. */
static void feed(struct input *input)
{
    const char *start = input->bytes + input->begin;
    size_t there = input->end - input->begin;
    const char *end = memchr(start, '\n', there);
    size_t length = end != NULL ? (size_t)(end - start) + 1 : there;
    end_where(input, resource_csv_feed(input->csv, start, length, input->csv_trouble));
    input_pass(input, length);
}

/* Its line, but for lines that end with CR alone, of which nobody counts more than one. */
static void place(struct input *input, struct input_record *record, int64_t line)
{
    record->line = line;
    record->position = line > input->last_position ? line : input->last_position + 1;
    input->last_position = record->position;
}

/* "line 12: …": what ended it stands where a record would. */
static enum input_status give_trouble(struct input *input, struct input_record *record)
{
    char *sentence = NULL;
    int64_t line = (int64_t)strtoull(input->csv_trouble + strlen("line "), &sentence, 10);
    memmove(input->csv_trouble, sentence + strlen(": "), strlen(sentence + strlen(": ")) + 1);
    *record = (struct input_record){.bytes = "", .is_csv = true, .problem = input->csv_trouble};
    place(input, record, line);
    return INPUT_RECORD;
}

/* False: out of memory. */
static bool judge_place(struct input *input, struct csv_record *csv)
{
    const struct resource *kind = input->options.kind;
    if (csv->json == NULL) return true;
    if (!input->apart.settled) return apart_note(&input->apart, kind, csv->json);
    if (!apart_has(&input->apart, kind, csv->json)) return true;
    csv->problem = N_("Rows of this number stand in two places, or say different things of their "
                      "invoice: put them together, with the same in each column of the invoice.");
    csv->problem_line = csv->line;
    csv->problem_object = kind->unique[0].parts[0].object;
    csv->problem_name = kind->unique[0].parts[0].name;
    return true;
}

/* The one that was given before goes. */
static enum input_status give_next(struct input *input, struct input_record *record)
{
    struct csv_record *csv = &input->queue.items[input->queue.first++];
    errno = ENOMEM;
    if (!judge_place(input, csv)) return INPUT_FAILED;
    *record =
        (struct input_record){.bytes = "", .is_csv = true, .csv = *csv, .problem = csv->problem};
    place(input, record, (int64_t)csv->line);
    return INPUT_RECORD;
}

enum input_status input_next_csv(struct input *input, struct input_record *record)
{
    struct csv_queue *queue = &input->queue;
    if (queue->first == queue->count) empty_queue(queue);
    while (queue->count == 0 && !input->csv_ended) {
        if (input->begin < input->end) {
            feed(input);
        } else if (!input->ended) {
            if (!input_fill(input)) return INPUT_FAILED;
        } else {
            input->csv_ended = true;
            end_where(input, resource_csv_end(input->csv, input->csv_trouble));
        }
    }
    if (queue->failed) {
        errno = ENOMEM;
        return INPUT_FAILED;
    }
    if (queue->first < queue->count) return give_next(input, record);
    if (input->csv_trouble[0] == '\0' || input->csv_told) return INPUT_END;
    input->csv_told = true;
    return give_trouble(input, record);
}
