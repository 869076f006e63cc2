/* Reads any bytes as an input of `invonce create`: its first byte says in which form (a list or
 * lines, as the rest begins; one record, in a file named .json; CSV). The records come in order,
 * each where it is said to be, as often as they were counted; what is JSON as a whole is one
 * record, or one of each of its items. */
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temp_dir.h"
#include "tui/batch/input.h"
#include "tui/batch/record_scan.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int file = -1;
static char home[TEMP_DIR_SIZE];
static char path[40], json_path[TEMP_DIR_SIZE + 16];

static void remove_home(void)
{
    temp_dir_remove(home);
}

/* No disk is written to for each. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    temp_dir_make(home);
    file = memfd_create("input", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    snprintf(json_path, sizeof json_path, "%s/one.json", home);
    MUST(file >= 0 && symlink(path, json_path) == 0 && atexit(remove_home) == 0);
    return 0;
}

static void check_scan(const char *bytes, size_t size)
{
    struct record_scan whole = {0}, pieces = {0};
    enum record_scan_end end = RECORD_SCAN_OPEN;
    size_t used, sum = 0;
    enum record_scan_end whole_end = record_scan(&whole, bytes, size, &used);
    MUST(used <= size && (used == size || whole_end != RECORD_SCAN_OPEN));
    while (end == RECORD_SCAN_OPEN && sum < size) {
        size_t one;
        end = record_scan(&pieces, bytes + sum, 1, &one);
        sum += one;
    }
    MUST(end == whole_end && sum == used);
}

/* Where the byte is that stands behind `column` others in `line`. A byte order mark is none. */
static const char *place(const char *bytes, size_t size, int64_t line, size_t column)
{
    bool is_marked = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    const char *at = bytes + (is_marked ? 3 : 0), *end = bytes + size;
    while (--line > 0) {
        at = memchr(at, '\n', (size_t)(end - at));
        MUST(at != NULL);
        at++;
    }
    MUST(column <= (size_t)(end - at));
    return at + column;
}

static void check_record(const struct input *input, const struct input_record *record,
                         const char *bytes, size_t size)
{
    MUST(record->line > 0);
    if (record->is_csv) {
        MUST(record->csv.json != NULL || record->problem != NULL);
        return;
    }
    MUST(record->bytes != NULL || record->length > JSON_BODY_MAX);
    if (record->problem || record->length > JSON_BODY_MAX) return;
    const char *at = place(bytes, size, record->line, record->column);
    MUST(record->length <= (size_t)(bytes + size - at));
    MUST(memcmp(at, record->bytes, record->length) == 0);
    if (input->form == INPUT_LINES && !record->is_closed)
        MUST(memchr(record->bytes, '\n', record->length) == NULL);
}

/* How many records a text has that is JSON as a whole, and begins with a bracket; -1: it isn't. */
static int64_t count_of(const struct input *input, const char *bytes, size_t size)
{
    struct json *json = size > 0 && size <= JSON_BODY_MAX ? json_read(bytes, size) : NULL;
    bool is_list = input->form == INPUT_LIST;
    size_t blanks = strspn(bytes, " \t\r\n");
    int64_t count = !json || (!is_list && bytes[blanks] != '{') ? -1
                    : is_list                                   ? (int64_t)json_count(json)
                                                                : 1;
    json_free(json);
    return count;
}

static void read_all(struct input *input, const char *bytes, size_t size)
{
    struct input_record record;
    enum input_status status;
    int64_t count = 0, position = INT64_MIN, whole = count_of(input, bytes, size);
    while ((status = input_next(input, &record)) == INPUT_RECORD) {
        MUST(record.position > position);
        position = record.position;
        count++;
        check_record(input, &record, bytes, size);
        if (whole < 0 || input->form == INPUT_CSV) continue;
        struct json *json = json_read(record.bytes, record.length);
        MUST(json != NULL);
        json_free(json);
    }
    MUST(status == INPUT_END && count == input->count);
    if (input->form == INPUT_WHOLE) MUST(count == 1);
    if (whole >= 0 && input->form != INPUT_CSV) MUST(count == whole);
}

static struct input_options options_of(uint8_t head)
{
    static const char DELIMITERS[] = {'\0', ',', ';', '\t'};
    return (struct input_options){
        &INVOICE, (head & 2) != 0, {DELIMITERS[head >> 3 & 3], .decimal_comma = (head & 4) != 0}};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char sentence[INPUT_SENTENCE_MAX] = "";
    struct input input;
    if (size == 0) return 0;
    size--;
    char *bytes = calloc(1, size + 1);
    MUST(bytes != NULL);
    memcpy(bytes, data + 1, size);
    MUST(ftruncate(file, 0) == 0 && pwrite(file, bytes, size, 0) == (ssize_t)size);
    struct input_options options = options_of(data[0]);
    check_scan(bytes, size);
    MUST(input_open(&input, data[0] & 1 ? json_path : path, &options, sentence));
    read_all(&input, bytes, size);
    input_close(&input);
    free(bytes);
    return 0;
}
