#include "tests/server/api.h"

#include <signal.h>
#include <stdio.h>

#define PREFIX "urn:invonce:problem:"

/* DESIGN.md 3.1, the table of problems. */
static const struct {
    const char *slug;
    int status;
    const char *effect;
    const char *retry;
} PROBLEMS[] = {
    {"idempotency-key-missing", 400, "none", "new_key"},
    {"idempotency-key-malformed", 400, "none", "new_key"},
    {"idempotency-key-disagrees", 400, "none", "new_key"},
    {"idempotency-key-in-progress", 409, "unknown", "same_key"},
    {"idempotency-key-reused", 422, "none", "new_key"},
    {"invoice-number-taken", 409, "none", "new_key"},
    {"external-ref-taken", 409, "none", "new_key"},
    {"order-reference-taken", 409, "none", "new_key"}, /* only where there are orders */
    {"validation-failed", 422, "none", "new_key"},
    {"bad-request", 400, "unknown", "never"},
    {"malformed-json", 400, "unknown", "never"},
    {"unsupported-media-type", 415, "unknown", "never"},
    {"payload-too-large", 413, "unknown", "never"},
    {"invalid-parameter", 400, "none", "never"},
    {"event-id-reused", 422, "none", "never"},
    {"unauthorized", 401, "unknown", "never"},
    {"not-found", 404, "unknown", "never"},
    {"method-not-allowed", 405, "unknown", "never"},
    {"too-busy", 503, "unknown", "same_key"},
};

int api_setup(void **state)
{
    const char *const *options = *state;
    struct mock *mock = calloc(1, sizeof *mock);
    *state = mock;
    return mock && mock_start(mock, options) ? 0 : -1;
}

int api_setup_unstarted(void **state)
{
    *state = calloc(1, sizeof(struct mock));
    return *state ? 0 : -1;
}

void api_only_sqlite(const char *why)
{
    if (!stores_are_postgres()) return;
    print_message("only on SQLite: %s\n", why);
    skip();
}

void api_fresh(struct mock *mock, const char *const *options)
{
    if (mock->process.pid > 0) assert_int_equal(mock_stop(mock), 0);
    mock_clear(mock);
    assert_true(mock_start(mock, options));
}

char *api_whole_log(struct mock *mock)
{
    process_signal(&mock->process, SIGTERM);
    assert_int_equal(process_wait(&mock->process, PATIENCE_MS), 0);
    char *log = process_errors(&mock->process);
    process_clear(&mock->process);
    return log;
}

int api_teardown(void **state)
{
    struct mock *mock = *state;
    bool well = true;
    if (mock->process.pid > 0) {
        well = mock_stop(mock) == 0;
        size_t entries = temp_dir_entries(mock->directory);
        if (entries != stores_files(mock->store)) {
            fprintf(stderr, "%zu files are left, the store should be the only one\n", entries);
            well = false;
        }
    }
    mock_clear(mock);
    free(mock);
    return well ? 0 : -1;
}

struct http_reply api_post(const struct mock *mock, const char *path, const char *token,
                           const char *key, const char *body)
{
    char *url = support_format("%s%s", mock->url, path);
    struct http_reply reply = http_send(&(struct http_request){
        .method = "POST", .url = url, .token = token, .key = key, .body = body});
    free(url);
    return reply;
}

struct http_reply api_create(const struct mock *mock, const char *key, const char *body)
{
    return api_post(mock, "/v1/invoices", TOKEN_ANA, key, body);
}

struct http_reply api_get(const struct mock *mock, const char *token, const char *path)
{
    char *url = support_format("%s%s", mock->url, path);
    struct http_reply reply = http_send(&(struct http_request){.url = url, .token = token});
    free(url);
    return reply;
}

struct http_reply api_create_sample(const struct mock *mock, const char *key, const char *number,
                                    const char *changes)
{
    char *body = sample_body(number, changes);
    struct http_reply reply = api_create(mock, key, body);
    free(body);
    return reply;
}

bool api_is_replay(const struct http_reply *reply)
{
    return reply->error == 0 && strcmp(http_header(reply, "idempotent-replayed"), "true") == 0;
}

const char *api_text(const struct http_reply *reply, const char *pointer)
{
    return json_pointer_text(reply->json, pointer);
}

size_t api_count(const struct mock *mock, const char *token)
{
    size_t count = 0;
    char *path = support_format("/v1/invoices?limit=1000");
    while (path) {
        struct http_reply page = api_get(mock, token, path);
        api_assert_status(&page, 200);
        count += json_count(json_member(page.json, "data"));
        const char *cursor = api_text(&page, "/next_cursor");
        free(path);
        path = *cursor ? support_format("/v1/invoices?limit=1000&cursor=%s", cursor) : NULL;
        http_reply_clear(&page);
    }
    return count;
}

void api_check_status(const struct http_reply *reply, int expected, const char *file, int line)
{
    if (reply->error == 0 && reply->status == expected) return;
    print_error("%s:%d: status %d (curl %d) instead of %d: %.2000s\n", file, line, reply->status,
                reply->error, expected, reply->body);
    _fail(file, line);
}

static void check_text(const struct http_reply *reply, const char *pointer, const char *expected,
                       const char *file, int line)
{
    const char *text = api_text(reply, pointer);
    if (strcmp(text, expected) == 0) return;
    print_error("%s:%d: %s is \"%s\" instead of \"%s\": %.2000s\n", file, line, pointer, text,
                expected, reply->body);
    _fail(file, line);
}

void api_check_problem(const struct http_reply *reply, const char *slug, const char *file, int line)
{
    size_t i = 0;
    while (i < COUNT_OF(PROBLEMS) && strcmp(PROBLEMS[i].slug, slug) != 0)
        i++;
    if (i == COUNT_OF(PROBLEMS)) support_die("no such problem in the contract: %s", slug);
    char *type = support_format("%s%s", PREFIX, slug);
    api_check_status(reply, PROBLEMS[i].status, file, line);
    check_text(reply, "/type", type, file, line);
    check_text(reply, "/effect", PROBLEMS[i].effect, file, line);
    check_text(reply, "/retry", PROBLEMS[i].retry, file, line);
    free(type);
    bool whole = strcmp(http_header(reply, "content-type"), "application/problem+json") == 0 &&
                 json_integer(json_member(reply->json, "status"), 0) == reply->status &&
                 *api_text(reply, "/title") && *api_text(reply, "/detail");
    if (whole) return;
    print_error("%s:%d: not a whole problem document: %.2000s\n", file, line, reply->body);
    _fail(file, line);
}

void api_check_same(const struct http_reply *first, const struct http_reply *second,
                    const char *file, int line)
{
    api_check_status(second, first->status, file, line);
    if (first->length == second->length && memcmp(first->body, second->body, first->length) == 0)
        return;
    print_error("%s:%d: other bytes: %.2000s\ninstead of: %.2000s\n", file, line, second->body,
                first->body);
    _fail(file, line);
}
