/* What the client is measured by: inputs for it, the same bytes posted by libcurl alone (and with
 * one durable SQLite commit before each), and a program's time and peak of memory. */
#include "protocol/wire/idempotency_key.h"
#include "tests/bench/samples.h"
#include "tests/client/peak.h"
#include "tests/support/support.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define URL_MAX    200
#define HEADER_MAX 600

/* --- lines --- */

static int write_lines(char **arguments)
{
    size_t count = strtoul(arguments[0], NULL, 10);
    for (size_t i = 0; i < count; i++) {
        int length =
            printf("{\"number\":\"%s-%zu\",\"issue_date\":\"2026-11-22\",\"currency\":\"EUR\","
                   "\"customer\":{\"email\":\"ap%zu@northwind.example\",\"name\":\"Northwind "
                   "Ltd\"},\"lines\":[{\"description\":\"Consulting\",\"quantity\":\"1.5\","
                   "\"unit_price\":\"120.00\",\"tax_rate\":\"21\"}]}\n",
                   arguments[1], i, i % 1000);
        if (length < 0) return 1;
    }
    return fflush(stdout) == 0 ? 0 : 1;
}

/* --- posting --- */

struct poster {
    CURL *curl;
    char authorization[HEADER_MAX];
    struct support_buffer reply;
    sqlite3 *database; /* NULL: nothing is kept */
    sqlite3_stmt *keep;
};

static size_t take(char *bytes, size_t one, size_t count, void *context)
{
    (void)one;
    support_append(context, bytes, count);
    return count;
}

static void execute(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        support_die("%s: %s", sql, sqlite3_errmsg(database));
}

static void open_database(struct poster *poster, const char *path)
{
    if (sqlite3_open(path, &poster->database) != SQLITE_OK) support_die("cannot open %s", path);
    execute(poster->database, "PRAGMA journal_mode = WAL");
    execute(poster->database, "PRAGMA synchronous = FULL");
    execute(poster->database, "CREATE TABLE intents (id INTEGER PRIMARY KEY, key TEXT NOT NULL "
                              "UNIQUE, body BLOB NOT NULL)");
    if (sqlite3_prepare_v2(poster->database, "INSERT INTO intents (key, body) VALUES (?, ?)", -1,
                           &poster->keep, NULL) != SQLITE_OK)
        support_die("%s", sqlite3_errmsg(poster->database));
}

static void keep(struct poster *poster, const char *key, const char *body, size_t length)
{
    if (!poster->database) return;
    if (sqlite3_bind_text(poster->keep, 1, key, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_bind_blob(poster->keep, 2, body, (int)length, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(poster->keep) != SQLITE_DONE)
        support_die("%s", sqlite3_errmsg(poster->database));
    sqlite3_reset(poster->keep);
}

static struct curl_slist *headers_of(const struct poster *poster, const char *key)
{
    char header[HEADER_MAX], quoted[IDEMPOTENCY_KEY_HEADER_SIZE];
    idempotency_key_to_header(key, quoted);
    snprintf(header, sizeof header, "Idempotency-Key: %s", quoted);
    const char *const lines[] = {poster->authorization, header, "Content-Type: application/json",
                                 "Expect:"};
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct curl_slist *longer = curl_slist_append(list, lines[i]);
        if (!longer) support_die("out of memory");
        list = longer;
    }
    return list;
}

static void post(struct poster *poster, const char *body, size_t length)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    long status = 0;
    idempotency_key_make(key);
    keep(poster, key, body, length);
    struct curl_slist *headers = headers_of(poster, key);
    poster->reply.length = 0;
    curl_easy_setopt(poster->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(poster->curl, CURLOPT_POSTFIELDSIZE, (long)length);
    curl_easy_setopt(poster->curl, CURLOPT_POSTFIELDS, body);
    CURLcode result = curl_easy_perform(poster->curl);
    curl_easy_getinfo(poster->curl, CURLINFO_RESPONSE_CODE, &status);
    if (result != CURLE_OK || status != 201)
        support_die("%s, status %ld: %.200s", curl_easy_strerror(result), status,
                    poster->reply.bytes ? poster->reply.bytes : "");
    curl_slist_free_all(headers);
}

static void open_poster(struct poster *poster, const char *port, const char *token)
{
    char url[URL_MAX];
    snprintf(url, sizeof url, "http://127.0.0.1:%s/v1/invoices", port);
    snprintf(poster->authorization, sizeof poster->authorization, "Authorization: Bearer %s",
             token);
    poster->curl = curl_easy_init();
    if (!poster->curl || curl_easy_setopt(poster->curl, CURLOPT_URL, url) != CURLE_OK)
        support_die("libcurl doesn't start");
    curl_easy_setopt(poster->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(poster->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(poster->curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(poster->curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(poster->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(poster->curl, CURLOPT_WRITEDATA, &poster->reply);
}

static int post_lines(char **arguments)
{
    struct poster poster = {0};
    struct samples samples = {0};
    char *line = NULL;
    size_t capacity = 0;
    FILE *file = fopen(arguments[2], "re");
    if (!file) support_die("cannot read %s", arguments[2]);
    open_poster(&poster, arguments[0], arguments[1]);
    if (arguments[3]) open_database(&poster, arguments[3]);
    int64_t start = samples_now_ns();
    for (ssize_t length; (length = getline(&line, &capacity, file)) > 0;) {
        int64_t before = samples_now_ns();
        post(&poster, line, (size_t)length - 1);
        samples_add(&samples, samples_now_ns() - before);
    }
    double seconds = (double)(samples_now_ns() - start) / 1e9;
    printf("requests=%zu seconds=%.3f p50_ms=%.3f p99_ms=%.3f\n", samples.count, seconds,
           samples_quantile_ms(&samples, 0.5), samples_quantile_ms(&samples, 0.99));
    sqlite3_finalize(poster.keep);
    sqlite3_close(poster.database);
    curl_easy_cleanup(poster.curl);
    samples_clear(&samples);
    free(poster.reply.bytes);
    free(line);
    fclose(file);
    return 0;
}

/* --- a program --- */

static int run(char **arguments)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) support_die("no /dev/null");
    struct peak peak = peak_run(arguments, nowhere);
    printf("code=%d seconds=%.3f kib=%ld\n", peak.code, peak.seconds, peak.kib);
    close(nowhere);
    return 0;
}

int main(int argc, char **argv)
{
    const struct {
        const char *name;
        int least;
        int (*carry_out)(char **arguments);
    } commands[] = {{"lines", 2, write_lines}, {"post", 3, post_lines}, {"run", 1, run}};
    for (size_t i = 0; argc >= 2 && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0 && argc - 2 >= commands[i].least)
            return commands[i].carry_out(argv + 2);
    fputs("usage: bench-client lines COUNT PREFIX         an input, on standard output\n"
          "       bench-client post PORT TOKEN FILE [DB]  posts each line, on a connection of its "
          "own;\n"
          "                                               DB: commits it there first\n"
          "       bench-client run PROGRAM [ARGUMENT]...  its time and its peak of memory\n",
          stderr);
    return 2;
}
