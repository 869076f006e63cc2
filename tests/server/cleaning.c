#include "tests/server/cleaning.h"
#include "tests/support/rows.h"
#include "tests/support/rows_postgres.h"

#define WORDS_MAX 24

/* argv; the URL is the caller's. */
static void make_argv(const char *argv[WORDS_MAX + 6], const char *url, const char *const *words)
{
    size_t count = 0;
    argv[count++] = mock_program();
    for (size_t i = 0; words[i]; i++) {
        assert_true(i < WORDS_MAX);
        argv[count++] = words[i];
    }
    argv[count++] = "--store";
    argv[count++] = url;
    argv[count++] = "--tenant";
    argv[count++] = "north";
    argv[count] = NULL;
}

void cleaning_start(struct process *process, const struct mock *mock, const char *const *words)
{
    const char *argv[WORDS_MAX + 6];
    char *url = stores_url(mock->store);
    make_argv(argv, url, words);
    process_start(process, argv, NULL);
    free(url);
}

struct process_result cleaning_run(const struct mock *mock, int code, const char *const *words)
{
    const char *argv[WORDS_MAX + 6];
    char *url = stores_url(mock->store);
    make_argv(argv, url, words);
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    free(url);
    if (result.code != code) print_error("%s%s", result.output, result.errors);
    assert_int_equal(result.code, code);
    return result;
}

char *cleaning_import(const struct mock *mock, int code, const char *name, const char *text)
{
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *file = temp_dir_write(directory, name, text, strlen(text));
    struct process_result result = cleaning_run(mock, code, WORDS("import", "--by", "carla", file));
    char *errors = strdup(result.errors);
    process_result_clear(&result);
    free(file);
    temp_dir_remove(directory);
    return errors;
}

void cleaning_add(struct support_buffer *file, const char *number, const char *changes)
{
    char *body = sample_body(number, changes);
    support_append(file, body, strlen(body));
    support_append(file, "\n", 1);
    free(body);
}

/* --- what is in the store --- */

long long cleaning_count(const struct mock *mock, const char *table)
{
    char *query = support_format("SELECT count(*) FROM %s", table);
    long long count = rows_number(mock->store, query);
    free(query);
    return count;
}

/* --- what is in the store, whole, but for the merges themselves and the audit --- */

static const char *const SQLITE_TABLES[] = {
    "SELECT c.tenant, c.resource, place & 0xffffffffff AS id, period, parent, created, current, "
    "merged"
    " FROM records JOIN collections c ON c.number = place >> 40 WHERE c.resource <> 'merge'"
    " ORDER BY place",
    "SELECT * FROM claims ORDER BY collection, rule, value",
    "SELECT * FROM standing ORDER BY collection, rule, value, record",
    "SELECT * FROM texts ORDER BY collection, which, text, record",
    "SELECT * FROM events ORDER BY tenant, source, event_id",
};
static const char *const POSTGRES_TABLES[] = {
    "SELECT tenant, resource, id, period, parent, created, current, merged FROM public.records"
    " WHERE resource <> 'merge' ORDER BY tenant, resource, id",
    "SELECT * FROM public.claims ORDER BY tenant, resource, rule, value",
    "SELECT * FROM public.standing ORDER BY tenant, resource, rule, value, record",
    "SELECT * FROM public.texts ORDER BY tenant, resource, which, text, record",
    "SELECT * FROM public.events ORDER BY tenant, source, event_id",
};

char *cleaning_whole_store(const struct mock *mock)
{
    bool postgres = rows_are_postgres(mock->store);
    struct support_buffer text = {0};
    for (size_t i = 0; i < COUNT_OF(SQLITE_TABLES); i++) {
        struct json *rows =
            rows_read(mock->store, postgres ? POSTGRES_TABLES[i] : SQLITE_TABLES[i], NULL);
        char *part = json_write(rows);
        support_append(&text, part, strlen(part));
        free(part);
        json_free(rows);
    }
    return text.bytes;
}

void cleaning_assert_same_store(const struct mock *mock, char *before)
{
    char *now = cleaning_whole_store(mock);
    assert_string_equal(before, now);
    free(now);
    free(before);
}

/* --- running it --- */

char *cleaning_output(const struct mock *mock, int code, const char *const *words)
{
    struct process_result result = cleaning_run(mock, code, words);
    char *output = result.output;
    result.output = NULL;
    process_result_clear(&result);
    return output;
}

void cleaning_expect_said(const struct mock *mock, int code, const char *const *words,
                          const char *said)
{
    char *output = cleaning_output(mock, code, words);
    if (!strstr(output, said)) print_error("%s", output);
    assert_non_null(strstr(output, said));
    free(output);
}

void cleaning_take_over(const struct mock *mock, struct support_buffer *file)
{
    free(cleaning_import(mock, 0, "old.jsonl", file->bytes));
    free(file->bytes);
    *file = (struct support_buffer){0};
}

/* inv_1001 to 1003 are one, the second the oldest; inv_1004 and 1005 aren't sure to be; inv_1006 is
 * alone. */
void cleaning_plant(const struct mock *mock)
{
    struct support_buffer file = {0};
    cleaning_add(&file, "7", "{\"id\":1,\"created_at\":\"2020-01-03\"," PAID("3.00") "}");
    cleaning_add(&file, "7", "{\"id\":2,\"created_at\":\"2020-01-01\"}");
    cleaning_add(&file, " 7", "{\"id\":3,\"created_at\":\"2020-01-02\"," PAID("4.00") "}");
    cleaning_add(&file, "8", "{\"id\":4,\"created_at\":\"2020-01-01\"}");
    cleaning_add(&file, "8",
                 "{\"id\":5,\"created_at\":\"2020-01-02\"," PAID("5.00") "," TWO_LINES(
                     LINE("Travel", "10.00"),
                     "{\"description\":\"Consulting\",\"quantity\":\"1.50\",\"unit_price\":\"120\","
                     "\"tax_rate\":\"21.0\"}") "}");
    cleaning_add(&file, "9", "{\"id\":6}");
    cleaning_take_over(mock, &file);
}

void cleaning_assert_text(const struct mock *mock, const char *path, const char *pointer,
                          const char *expected)
{
    struct http_reply reply = api_get(mock, TOKEN_ANA, path);
    assert_string_equal(api_text(&reply, pointer), expected);
    http_reply_clear(&reply);
}
