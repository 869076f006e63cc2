#include "tests/client/account.h"

#include "tests/support/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct json *rows_of(const char *path, const char *query, const char *number)
{
    return rows_read(path, query, (const char *const[]){number, NULL});
}

static const char *text_of(const struct json *rows, size_t index, const char *column)
{
    const char *text = json_text(json_item(rows, index), column);
    return text ? text : "";
}

static struct json *sent_keys(const struct mock *mock, const char *number)
{
    return rows_of(mock->store,
                   "SELECT DISTINCT key FROM audit WHERE number = ?1 "
                   "UNION SELECT key FROM idempotency_keys JOIN invoices ON record_id = 'inv_' || "
                   "id WHERE number = ?1",
                   number);
}

/* A journal that was never finished making has nothing in it. */
static struct json *intents_of(const struct room *room, const char *number)
{
    bool made = access(room->journal, F_OK) == 0 &&
                rows_number(room->journal,
                            "SELECT count(*) FROM sqlite_schema WHERE name = 'intents'") == 1;
    return made ? rows_of(room->journal,
                          "SELECT key, state, result FROM intents WHERE name = ?1 ORDER BY id",
                          number)
                : json_new_array();
}

long long account_records(const struct mock *mock, const char *number)
{
    struct json *rows = rows_of(mock->store, "SELECT id FROM invoices WHERE number = ?", number);
    long long count = (long long)json_count(rows);
    json_free(rows);
    return count;
}

static char *judge_state(const struct json *intents, size_t index, const char *key, const char *id)
{
    const char *ours = text_of(intents, index, "key"), *state = text_of(intents, index, "state");
    if (strcmp(ours, key) != 0)
        return support_format("the journal has the key %s, the server %s", ours, key);
    if (strcmp(state, "created") != 0 && strcmp(state, "replayed") != 0)
        return support_format("the journal says %s", state);
    struct json *record =
        json_read(text_of(intents, index, "result"), strlen(text_of(intents, index, "result")));
    const char *told = json_text(record, "id");
    char *sentence = told && strcmp(told, id) == 0
                         ? NULL
                         : support_format("the journal has the record %s, the server %s",
                                          told ? told : "none", id);
    json_free(record);
    return sentence;
}

/* The record, the key that made it, and what was sent are to be `keys` in number. */
static char *judge_all(const struct mock *mock, const struct room *room, const char *number,
                       size_t keys)
{
    struct json *records =
        rows_of(mock->store,
                "SELECT record_id AS id, key FROM invoices JOIN idempotency_keys ON "
                "record_id = 'inv_' || id WHERE number = ? AND status = 201",
                number);
    struct json *sent = sent_keys(mock, number), *intents = intents_of(room, number);
    char *sentence = NULL;
    if (json_count(records) != 1)
        sentence = support_format("%zu records", json_count(records));
    else if (json_count(sent) != keys)
        sentence = support_format("%zu keys were sent", json_count(sent));
    else if (json_count(intents) != keys)
        sentence = support_format("the journal has %zu intents", json_count(intents));
    else
        sentence = judge_state(intents, 0, text_of(records, 0, "key"), text_of(records, 0, "id"));
    json_free(records);
    json_free(sent);
    json_free(intents);
    return sentence;
}

char *account_of_one(const struct mock *mock, const struct room *room, const char *number)
{
    return judge_all(mock, room, number, 1);
}

char *account_of_taken(const struct mock *mock, const struct room *room, const char *number)
{
    return judge_all(mock, room, number, 2);
}

static bool has_key(const struct json *intents, const char *key)
{
    for (size_t i = 0; i < json_count(intents); i++)
        if (strcmp(text_of(intents, i, "key"), key) == 0) return true;
    return false;
}

char *account_of_sent(const struct mock *mock, const struct room *room, const char *number)
{
    struct json *sent = sent_keys(mock, number), *intents = intents_of(room, number);
    char *sentence = NULL;
    for (size_t i = 0; !sentence && i < json_count(sent); i++)
        if (!has_key(intents, text_of(sent, i, "key")))
            sentence =
                support_format("%s was sent and isn't in the journal", text_of(sent, i, "key"));
    long long records = account_records(mock, number);
    if (!sentence && records > 1) sentence = support_format("%lld records", records);
    json_free(sent);
    json_free(intents);
    return sentence;
}

char *account_first(char *sentence, char *next)
{
    if (!sentence) return next;
    free(next);
    return sentence;
}

void account_expect(char *sentence)
{
    if (!sentence) return;
    print_error("%s\n", sentence);
    free(sentence);
    fail();
}
