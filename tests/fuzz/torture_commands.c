/* The server's commands on a store: what is imported, merged or brought back once more is so once.
 */
#include "tests/fuzz/torture.h"
#include "tests/support/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12

/* Two of one number, one that is paid. */
static const char *const CHANGES[] = {
    "{\"id\":1,\"created_at\":\"2019-03-01\"}",
    "{\"id\":2,\"created_at\":\"2020-03-01\",\"payments\":[{\"amount\":\"1.00\",\"provider\":"
    "\"bank\",\"event_id\":\"e1\",\"paid_at\":\"2020-04-01\"}]}",
    "{\"id\":3,\"created_at\":\"2019-03-01\",\"number\":\"2026-2\"}",
};
#define RECORDS (sizeof CHANGES / sizeof CHANGES[0])

static const char *const IMPORT[] = {"import", "--by", "carla", NULL, NULL};
static const char *const MERGE[] = {"duplicates", "merge", "--by", "carla", NULL};
static const char *const UNDO[] = {"duplicates", "undo", "--by", "carla", "mrg_1", NULL};

static char directory[TEMP_DIR_SIZE]; /* what each attempt begins with: a file, and a store */
static char *file, *before;           /* before NULL: there is none */

static int run(const char *store, const char *const *words, const int *codes)
{
    char *url = support_format("sqlite:%s", store);
    const char *argv[WORDS_MAX] = {mock_program()};
    size_t count = 1;
    for (; *words; words++)
        argv[count++] = *words;
    if (strcmp(argv[1], "import") == 0) argv[count++] = file;
    argv[count++] = "--store";
    argv[count++] = url;
    argv[count++] = "--tenant";
    argv[count++] = "north";
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    torture_check_end(result.code, result.errors, codes);
    int code = result.code;
    process_result_clear(&result);
    free(url);
    return code;
}

static void begin_import(void)
{
    struct support_buffer lines = {0};
    temp_dir_make(directory);
    for (size_t i = 0; i < RECORDS; i++) {
        char *body = sample_body("2026-1", CHANGES[i]);
        support_append(&lines, body, strlen(body));
        support_append(&lines, "\n", 1);
        free(body);
    }
    file = temp_dir_write(directory, "old.jsonl", lines.bytes, lines.length);
    free(lines.bytes);
}

static void begin_merge(void)
{
    begin_import();
    before = support_format("%s/before.db", directory);
    if (run(before, IMPORT, CODES(0)) != 0) support_die("nothing can be imported");
}

static void begin_undo(void)
{
    begin_merge();
    if (run(before, MERGE, CODES(0)) != 0) support_die("nothing can be merged");
}

static void end(void)
{
    free(file);
    free(before);
    file = before = NULL;
    temp_dir_remove(directory);
}

static void copy_store(const char *to)
{
    if (!before) return;
    const char *const argv[] = {"/bin/cp", before, to, NULL};
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    if (result.code != 0) support_die("cannot copy %s", before);
    process_result_clear(&result);
}

static void check_count(const char *store, const char *query, long long expected)
{
    long long count = rows_number(store, query);
    if (count != expected) torture_complain("%lld rows and not %lld: %s", count, expected, query);
}

/* What fails says so, and the same once more does what is still to be done. */
static void attempt(const char *const *words, bool are_merged)
{
    char place[TEMP_DIR_SIZE];
    temp_dir_make(place);
    char *store = support_format("%s/store.db", place);
    copy_store(store);
    torture_put_under();
    torture_arm();
    run(store, words, CODES(0, 1, 2));
    torture_disarm();
    torture_take_away();
    run(store, words, CODES(0));
    check_count(store, "SELECT count(*) FROM invoices", RECORDS);
    check_count(store, "SELECT count(*) FROM payments", 1);
    check_count(store, "SELECT count(*) FROM customers", 1);
    check_count(store, "SELECT count(*) FROM invoices WHERE record LIKE '%\"status\":\"merged\"%'",
                are_merged);
    check_count(store,
                "SELECT count(*) FROM audit WHERE outcome = 'imported' AND resource = 'invoice'",
                RECORDS);
    free(store);
    temp_dir_remove(place);
}

static void import(void)
{
    attempt(IMPORT, false);
}

static void merge(void)
{
    attempt(MERGE, true);
}

static void undo(void)
{
    attempt(UNDO, false);
}

const struct scenario TORTURE_IMPORT = {"import", begin_import, import, end};
const struct scenario TORTURE_MERGE = {"merge", begin_merge, merge, end};
const struct scenario TORTURE_UNDO = {"undo", begin_undo, undo, end};
