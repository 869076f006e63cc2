/* Reads any bytes as a file of records to import, JSON Lines or CSV as the first byte says: each is
 * taken or refused with a sentence, whatever pieces the file comes in, and what a spreadsheet's
 * reject is written as is read again the same. */
#include "mock_server/duplicates/kinds.h"
#include "mock_server/duplicates/legacy.h"
#include "mock_server/duplicates/source.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define AGAIN_MAX    4 /* records that are read once more, of an input */
#define PIECE        7
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static int file = -1;

/* What was read, in short. */
struct sum {
    size_t records, sound;
    uint64_t hash;
};

struct reading_file {
    const struct kept *kept;
    const struct source_form *form;
    struct source *source;
    struct sum sum;
};

static void close_file(void)
{
    close(file);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    file = memfd_create("records", MFD_CLOEXEC);
    kinds_set(resources_kept_at, &payment_creator);
    MUST(file >= 0 && atexit(close_file) == 0);
    return 0;
}

static void add(struct sum *sum, const struct json *json)
{
    sum->records++;
    if (json == NULL) return;
    char *text = json_write(json);
    MUST(text != NULL);
    for (const char *at = text; *at != '\0'; at++)
        sum->hash = (sum->hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    sum->sound++;
    free(text);
}

static void check_sentence(const char *sentence)
{
    char *safe = text_safe(sentence, strlen(sentence), TEXT_ONE_LINE);
    MUST(safe != NULL && safe[0] != '\0' && strcmp(safe, sentence) == 0);
    free(safe);
}

static void sum_up(void *context, struct csv_record *record)
{
    MUST(record->json != NULL || record->problem != NULL);
    add(context, record->problem == NULL ? record->json : NULL);
    json_free(record->json);
}

static struct sum read_csv(const struct kept *kept, struct csv_form form, const char *bytes,
                           size_t size, size_t piece)
{
    struct sum sum = {0};
    char problem[CSV_PROBLEM_MAX] = "";
    struct resource_csv *csv = resource_csv_new(kept->resource, form, sum_up, &sum);
    MUST(csv != NULL);
    bool ok = true;
    for (size_t at = 0; ok && at < size; at += piece)
        ok = resource_csv_feed(csv, bytes + at, size - at < piece ? size - at : piece, problem);
    if (!ok || !resource_csv_end(csv, problem)) check_sentence(problem);
    resource_csv_free(csv);
    return sum;
}

/* As import writes what it rejects, to be mended there and imported again. */
static void read_again(struct reading_file *reading, const struct source_item *item)
{
    struct sum first = {0};
    struct buffer text = {0};
    struct csv_form form = {.decimal_comma = reading->form->form.decimal_comma};
    buffer_text(&text, resource_csv_header(reading->source->csv));
    buffer_text(&text, "\"No, not so.\"");
    buffer_append(&text, item->text, item->length);
    MUST(!text.failed);
    struct sum again = read_csv(reading->kept, form, text.bytes, text.length, text.length);
    add(&first, item->json);
    MUST(again.records == 1 && again.hash == first.hash);
    buffer_clear(&text);
}

static void take(void *context, struct source_item *item)
{
    static const struct legacy_defaults DEFAULTS = {"old", "ana", 1763805731000};
    struct reading_file *reading = context;
    struct buffer reason = {0};
    MUST((item->json == NULL) == (item->problem != NULL));
    MUST(item->line > 0);
    add(&reading->sum, item->json);
    if (item->json == NULL) {
        check_sentence(item->problem);
        return;
    }
    if (reading->source->csv != NULL && reading->sum.sound <= AGAIN_MAX) read_again(reading, item);
    struct legacy *legacy = legacy_read(reading->kept, item->json, &DEFAULTS, &reason);
    buffer_append(&reason, "", 1);
    MUST((legacy != NULL) == (reason.bytes[0] == '\0'));
    MUST(text_is_utf8(reason.bytes, reason.length - 1));
    if (legacy != NULL) MUST(!text_is_blank(legacy->created_by));
    legacy_free(legacy);
    buffer_clear(&reason);
}

static struct source_form form_of(uint8_t head)
{
    static const char DELIMITERS[] = {'\0', ',', ';', '\t'};
    return (struct source_form){(head & 1) != 0,
                                {DELIMITERS[head >> 2 & 3], .decimal_comma = (head & 2) != 0}};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    const char *bytes = (const char *)data + 1;
    struct source source = {.fd = file, .size = (int64_t)--size};
    struct source_form form = form_of(data[0]);
    struct kept kept;
    MUST(kinds_find(data[0] & 16 ? "customer" : "invoice", &kept));
    MUST(ftruncate(file, 0) == 0 && pwrite(file, bytes, size, 0) == (ssize_t)size);
    MUST(lseek(file, 0, SEEK_SET) == 0);
    struct reading_file reading = {&kept, &form, &source, {0}};
    enum source_end end = source_read(&source, kept.resource, &form, take, &reading);
    MUST(end == SOURCE_DONE || (end == SOURCE_FAILED && form.csv));
    if (end == SOURCE_FAILED) check_sentence(source.problem);
    if (form.csv) {
        struct sum pieces = read_csv(&kept, form.form, bytes, size, PIECE);
        bool has_bom = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
        MUST(has_bom || (pieces.records == reading.sum.records && pieces.hash == reading.sum.hash));
    }
    resource_csv_free(source.csv);
    return 0;
}
