/* `invonce create` of two records against a healthy server: told is what is there, and the same
 * once more leaves one record of each. */
#include "tests/client/account.h"
#include "tests/client/batch.h"
#include "tests/fuzz/torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 2

static struct mock mock;

static void begin(void)
{
    if (!mock_start(&mock, NULL)) support_die("there is no server to send to");
}

static void end(void)
{
    mock_stop(&mock);
    mock_clear(&mock);
}

/* How many records it said were created; each must be there. */
static size_t check_told(const char *output)
{
    size_t told = 0;
    struct json *lines = batch_whole_lines(output);
    for (const struct json *line = json_first(lines); line; line = json_next(line)) {
        const char *outcome = json_text(line, "outcome");
        const char *number = json_text(json_member(line, "invoice"), "number");
        if (strcmp(outcome, "created") != 0 && strcmp(outcome, "replayed") != 0) continue;
        told++;
        if (account_records(&mock, number) != 1)
            torture_complain("%s was told as %s and isn't there once", number, outcome);
    }
    json_free(lines);
    return told;
}

static void create(const struct room *room, const char *file, const int *codes, int *code)
{
    struct process_result result = room_create(room, file);
    *code = result.code;
    torture_check_end(result.code, result.errors[0] ? result.errors : result.output, codes);
    size_t told = check_told(result.output);
    if (result.code == 0 && told != RECORDS)
        torture_complain("it ended with 0, and told of %zu records", told);
    process_result_clear(&result);
}

static void attempt(void)
{
    struct room room;
    int code = 0, again = 0;
    char *prefix = support_format("T%ld", torture_number());
    room_open(&room, mock.url, (const char *const[]){"INVONCE_RETRY_BUDGET=30s", NULL});
    char *file = batch_write(&room, prefix, RECORDS);
    torture_put_under();
    torture_arm();
    create(&room, file, CODES(0, 1, 2, 5), &code);
    torture_disarm();
    torture_take_away();
    /* A run that was over, and could note it, is a new one: its numbers are taken. */
    create(&room, file, code == 0 ? CODES(0, 3) : CODES(0), &again);
    char *trouble = batch_account(&mock, &room, prefix, RECORDS);
    if (trouble && again == 0) torture_complain("%s", trouble);
    free(trouble);
    free(file);
    free(prefix);
    room_clear(&room);
}

const struct scenario TORTURE_CLIENT = {"client", begin, attempt, end};
