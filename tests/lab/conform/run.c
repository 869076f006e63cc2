#include "tests/lab/conform/run.h"

#include "tests/lab/conform/api.h"
#include "tests/support/json_pointer.h"
#include "tests/support/process.h"
#include "tests/support/support.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIMIT_MS   (5 * 60 * 1000) /* of a run, but for what it is told to wait for */
#define SILENT_MAX 3               /* then nothing more is asked */

struct run_text {
    char *text;
    struct run_text *before;
};

/* --- the run --- */

/* A part of a URL; "" where it has none. The caller's to free. */
static char *part_of(const char *url, CURLUPart part)
{
    CURLU *parts = curl_url();
    char *value = NULL;
    if (!parts) support_die("out of memory");
    if (curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK)
        curl_url_get(parts, part, &value, CURLU_DEFAULT_PORT);
    char *copy = support_format("%s", value ? value : "");
    curl_free(value);
    curl_url_cleanup(parts);
    return copy;
}

/* An address of IPv6 without its brackets. */
static char *host_of(const char *url)
{
    char *host = part_of(url, CURLUPART_HOST);
    size_t length = strlen(host);
    if (length < 2 || host[0] != '[') return host;
    char *bare = support_format("%.*s", (int)(length - 2), host + 1);
    free(host);
    return bare;
}

void run_open(struct run *run, const struct run_settings *settings, const struct endpoint *endpoint)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(key);
    *run = (struct run){.settings = settings, .endpoint = endpoint};
    pthread_mutex_init(&run->lock, NULL);
    run->host = host_of(settings->url);
    run->service = part_of(settings->url, CURLUPART_PORT);
    snprintf(run->stem, sizeof run->stem, "t%s", key + strlen(key) - 10);
    run->deadline = support_now_ms() + LIMIT_MS + 2 * settings->key_ttl_ms + settings->lease_ms;
    faults_open(&run->faults, settings);
    run_next_case(run);
}

void run_next_case(struct run *run)
{
    for (struct exchange *exchange; (exchange = run->exchanges) != NULL;) {
        run->exchanges = exchange->before;
        http_reply_clear(&exchange->reply);
        free(exchange->method);
        free(exchange->url);
        free(exchange->headers);
        free(exchange->body);
        free(exchange->lost.bytes);
        free(exchange);
    }
    for (struct run_text *text; (text = run->texts) != NULL;) {
        run->texts = text->before;
        free(text->text);
        free(text);
    }
    json_free(run->failures);
    run->failures = json_new_array();
    run->lack = NULL;
    if (run->silent >= SILENT_MAX) run->silent = SILENT_MAX - 1; /* it may answer to other things */
    if (!run->failures) support_die("out of memory");
}

bool run_close(struct run *run)
{
    bool good = faults_close(&run->faults);
    run_next_case(run);
    json_free(run->failures);
    free(run->host);
    free(run->service);
    pthread_mutex_destroy(&run->lock);
    *run = (struct run){0};
    return good;
}

const char *run_keep(struct run *run, char *text)
{
    struct run_text *kept = malloc(sizeof *kept);
    if (!kept) support_die("out of memory");
    pthread_mutex_lock(&run->lock);
    *kept = (struct run_text){text, run->texts};
    run->texts = kept;
    pthread_mutex_unlock(&run->lock);
    return text;
}

/* --- asking --- */

#define HEADERS_MAX 4

/* libcurl sends an empty value, as one of blanks is, only in its spelling with a semicolon. */
static char *header_line(const char *name, const char *value)
{
    bool is_empty = value[strspn(value, " \t")] == '\0';
    return is_empty ? support_format("%s;", name) : support_format("%s: %s", name, value);
}

static size_t compose_headers(const struct run *run, const struct question *question,
                              const char *lines[HEADERS_MAX])
{
    const char *name = run->endpoint->header;
    size_t count = 0;
    if (question->key) lines[count++] = header_line(name, question->key);
    if (question->other_key) lines[count++] = header_line(name, question->other_key);
    if (question->cut) lines[count++] = support_format("Connection: close");
    lines[count] = NULL;
    return count;
}

/* As they are shown. */
static char *headers_text(const char *const *lines, const struct http_request *request)
{
    struct support_buffer text = {0};
    support_append(&text, "", 0);
    if (request->token) support_append(&text, "Authorization: Bearer ...\n", 26);
    for (; *lines; lines++) {
        bool is_empty = (*lines)[strlen(*lines) - 1] == ';' && !strchr(*lines, ':');
        char *line = is_empty ? support_format("%.*s:\n", (int)strlen(*lines) - 1, *lines)
                              : support_format("%s\n", *lines);
        support_append(&text, line, strlen(line));
        free(line);
    }
    if (request->body) {
        char *line = support_format("Content-Type: %s\n", request->content_type);
        support_append(&text, line, strlen(line));
        free(line);
    }
    return text.bytes;
}

static void send_cut(const struct run *run, struct http_request *request, enum cut how,
                     struct exchange *exchange)
{
    struct cutter cutter = {.how = how,
                            .host = run->host,
                            .service = run->service,
                            .timeout_ms = (int)request->timeout_ms};
    cutter_start(&cutter);
    request->through_port = cutter.port;
    request->before_last_byte = cutter_arm;
    request->context = &cutter;
    exchange->reply = http_send(request);
    cutter_stop(&cutter);
    exchange->lost = cutter.kept;
    if (cutter.kept.length == 0) exchange->trouble = "no reply came that could be cut";
}

/* What can be without an answer for another reason than the server's silence doesn't count. */
static void count_silence(struct run *run, const struct question *question, int error)
{
    if (error == 0)
        run->silent = 0;
    else if (!question->cut)
        run->silent++;
}

/* libcurl's words, but where they tell of itself and not of the server. NULL: there is none. */
static const char *trouble_of(int error)
{
    static const struct {
        CURLcode error;
        const char *words;
    } OURS[] = {
        {CURLE_OK, NULL},
        {CURLE_WRITE_ERROR, "the answer has no end"},
        {CURLE_UNSUPPORTED_PROTOCOL, "what came is no answer in HTTP"}, /* as of HTTP/0.9 */
        {CURLE_WEIRD_SERVER_REPLY, "what came is no answer in HTTP"},
        {CURLE_OUT_OF_MEMORY, "the head of the answer is too long"}, /* a line over 100 KiB */
    };
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        if ((int)OURS[i].error == error) return OURS[i].words;
    return curl_easy_strerror((CURLcode)error);
}

static void give_up(struct exchange *exchange, bool is_late)
{
    exchange->is_given_up = true;
    exchange->trouble = is_late ? "not tried to its end, as the whole takes too long"
                                : "not tried to its end, as the server no longer answers";
}

static void carry_out(struct run *run, const struct question *question,
                      struct http_request *request, struct exchange *exchange)
{
    long long left = run->deadline - support_now_ms();
    bool is_late = request->timeout_ms > left;
    if (left <= 0 || run->silent >= SILENT_MAX) {
        give_up(exchange, left <= 0);
        exchange->reply.error = CURLE_ABORTED_BY_CALLBACK;
        exchange->reply.body = support_format("%s", "");
        return;
    }
    if (is_late) request->timeout_ms = (long)left;
    if (question->cut) {
        send_cut(run, request, question->cut, exchange);
    } else {
        exchange->reply = http_send(request);
        exchange->trouble = trouble_of(exchange->reply.error);
    }
    if (is_late && exchange->reply.error == CURLE_OPERATION_TIMEDOUT) give_up(exchange, true);
    count_silence(run, question, exchange->reply.error);
}

const struct exchange *run_ask(struct run *run, const struct question *question)
{
    const struct run_settings *settings = run->settings;
    const char *lines[HEADERS_MAX], *path = question->path ? question->path : run->endpoint->path;
    const char *token = question->token ? question->token : settings->token;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange) support_die("out of memory");
    size_t count = compose_headers(run, question, lines);
    exchange->url = question->url ? support_format("%s", question->url)
                                  : support_format("%s%s", settings->url, path);
    exchange->method = support_format("%s", question->method ? question->method
                                            : question->body ? "POST"
                                                             : "GET");
    struct http_request request = {.method = exchange->method,
                                   .url = exchange->url,
                                   .token = *token ? token : NULL,
                                   .body = question->body,
                                   .content_type =
                                       question->type ? question->type : "application/json",
                                   .headers = lines,
                                   .timeout_ms = (long)settings->timeout_ms,
                                   .ca_file = settings->ca_file,
                                   .reply_max = REPLY_MAX};
    exchange->headers = headers_text(lines, &request);
    exchange->body = support_format("%s", question->body ? question->body : "");
    carry_out(run, question, &request, exchange);
    for (size_t i = 0; i < count; i++)
        free((char *)(uintptr_t)lines[i]);
    pthread_mutex_lock(&run->lock);
    exchange->before = run->exchanges;
    run->exchanges = exchange;
    pthread_mutex_unlock(&run->lock);
    return exchange;
}

bool run_was_cut_off(const struct exchange *exchange)
{
    int error = exchange->reply.error;
    return error != CURLE_OK && error != CURLE_OPERATION_TIMEDOUT &&
           error != CURLE_ABORTED_BY_CALLBACK;
}

const char *run_header(struct run *run, const char *form, const char *key)
{
    return run_keep(run, endpoint_fill(form, MARK_KEY, key));
}

/* The end of a UUID is its random part. */
const char *run_long_key(struct run *run, size_t length)
{
    char uuid[IDEMPOTENCY_KEY_SIZE], *key = malloc(length + 1);
    if (!key) support_die("out of memory");
    idempotency_key_make(uuid);
    size_t taken = strlen(uuid) < length ? strlen(uuid) : length;
    memset(key, 'k', length);
    memcpy(key, uuid + strlen(uuid) - taken, taken);
    key[length] = '\0';
    return run_keep(run, key);
}

const char *run_keyed_body(struct run *run, const char *body, const char *key)
{
    struct json *keyed = json_from(body);
    json_put(keyed, run->endpoint->member, json_new_string(key));
    const char *text = run_keep(run, json_to(keyed));
    json_free(keyed);
    return text;
}

const char *run_body(struct run *run, const char *unique, const struct json *changes)
{
    struct json *body = json_copy(endpoint_part(run->endpoint, "/body"));
    for (const struct json *change = json_first(changes); change; change = json_next(change)) {
        if (json_kind(change) == JSON_NULL)
            json_remove(body, json_name(change));
        else
            json_put(body, json_name(change), json_copy(change));
    }
    char *text = json_to(body);
    const char *filled = run_keep(run, endpoint_fill(text, MARK_UNIQUE, unique));
    free(text);
    json_free(body);
    return filled;
}

static struct intent with_new_key(struct run *run, const char *unique, const char *body)
{
    char *key = malloc(IDEMPOTENCY_KEY_SIZE);
    if (!key) support_die("out of memory");
    idempotency_key_make(key);
    return (struct intent){.key = run_keep(run, key),
                           .header = run_header(run, run->endpoint->value, key),
                           .unique = unique,
                           .body = body};
}

struct intent run_intent(struct run *run)
{
    const char *unique = run_keep(run, support_format("%s-%u", run->stem, ++run->named));
    return with_new_key(run, unique, run_body(run, unique, NULL));
}

struct intent run_other_intent(struct run *run, const struct intent *intent,
                               const struct json *changes)
{
    return with_new_key(run, intent->unique, run_body(run, intent->unique, changes));
}

const struct exchange *run_send(struct run *run, const struct intent *intent)
{
    return run_ask(run, &(struct question){.key = intent->header, .body = intent->body});
}

const char *run_resolve(struct run *run, const struct exchange *exchange, const char *reference)
{
    static const CURLUPart ORIGIN[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
    CURLU *parts = curl_url();
    char *url = NULL, *found = NULL;
    if (!parts) support_die("out of memory");
    if (curl_url_set(parts, CURLUPART_URL, exchange->url, 0) == CURLUE_OK &&
        curl_url_set(parts, CURLUPART_URL, reference, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_URL, &url, 0) == CURLUE_OK)
        found = support_format("%s", url);
    curl_free(url);
    curl_url_cleanup(parts);
    bool is_ours = found != NULL;
    for (size_t i = 0; i < sizeof ORIGIN / sizeof *ORIGIN && is_ours; i++) {
        char *here = part_of(exchange->url, ORIGIN[i]), *there = part_of(found, ORIGIN[i]);
        is_ours = strcmp(here, there) == 0;
        free(here);
        free(there);
    }
    if (found) run_keep(run, found);
    return is_ours ? found : NULL;
}

/* --- what only some servers have --- */

bool run_wait_in_progress(const struct run *run, const struct intent *intent)
{
    long long end = support_now_ms() + run->settings->timeout_ms;
    char *path = support_format("/v1/intents/%s", intent->key);
    bool is_so = false;
    while (!is_so && support_now_ms() < end) {
        struct http_reply reply = api_ask(run->settings, NULL, path, NULL, 0);
        is_so = strcmp(json_pointer_text(reply.json, "/state"), "in_progress") == 0;
        http_reply_clear(&reply);
        if (!is_so) run_sleep(10);
    }
    free(path);
    return is_so;
}

static bool answers(void *context)
{
    const struct run *run = context;
    struct http_reply reply = api_ask(run->settings, NULL, "/", NULL, 0);
    bool answered = reply.error == 0;
    http_reply_clear(&reply);
    return answered;
}

/* What goes to its standard output is dropped: a server that it leaves behind may keep that open.
 */
const char *run_restart(struct run *run)
{
    const char *const argv[] = {
        "/bin/sh", "-c", "eval \"$1\" >/dev/null", "sh", run->settings->restart_command, NULL};
    struct process process;
    const char *problem = NULL;
    process_start(&process, argv, NULL);
    int code = process_wait(&process, PATIENCE_MS);
    char *words = process_errors(&process);
    process_clear(&process);
    if (code == PROCESS_RUNNING)
        problem = "the restart command doesn't end: it must leave the server behind";
    else if (code != 0)
        problem = run_keep(run, support_format("the restart command ends with %d%s%s", code,
                                               *words ? ": " : "", words));
    else if (!support_wait_until(answers, run, PATIENCE_MS))
        problem = "the server doesn't answer after the restart command";
    free(words);
    run->silent = 0;
    return problem;
}

void run_sleep(int64_t ms)
{
    struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}
