#include "tests/client/batch.h"

#include "tests/client/account.h"
#include "tests/support/sample.h"

#include <stdlib.h>
#include <string.h>

char *batch_number(const char *prefix, size_t index)
{
    return support_format("%s-%05zu", prefix, index);
}

char *batch_write(const struct room *room, const char *prefix, size_t count)
{
    struct support_buffer lines = {0};
    support_append(&lines, "", 0);
    for (size_t i = 0; i < count; i++) {
        char *number = batch_number(prefix, i), *body = sample_body(number, NULL);
        support_append(&lines, body, strlen(body));
        support_append(&lines, "\n", 1);
        free(number);
        free(body);
    }
    char *name = support_format("%s.jsonl", prefix);
    char *path = room_write(room, name, lines.bytes);
    free(name);
    free(lines.bytes);
    return path;
}

char *batch_account(const struct mock *mock, const struct room *room, const char *prefix,
                    size_t count)
{
    char *sentence = NULL;
    for (size_t i = 0; i < count && !sentence; i++) {
        char *number = batch_number(prefix, i), *wrong = account_of_one(mock, room, number);
        if (wrong) sentence = support_format("%s: %s", number, wrong);
        free(number);
        free(wrong);
    }
    return sentence;
}

struct json *batch_whole_lines(const char *output)
{
    const char *end = strrchr(output, '\n');
    char *whole = support_format("%.*s", end ? (int)(end - output + 1) : 0, output);
    struct json *lines = room_lines(whole);
    free(whole);
    return lines;
}
