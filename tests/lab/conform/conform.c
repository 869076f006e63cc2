#include "tests/lab/conform/conform.h"

#include "tests/lab/conform/report.h"
#include "tests/lab/conform/secret.h"
#include "tests/support/support.h"

#include "protocol/wire/duration.h"
#include "protocol/wire/text.h"

#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

#define TTL_MAX_MS     (INT64_C(60) * 60 * 1000)
#define TIMEOUT_MAX_MS (INT64_C(5) * 60 * 1000)

struct options {
    struct run_settings settings;
    const char *url, *case_file;
    const struct conform_case *only;     /* NULL: all of them */
    char *read_token, *read_other_token; /* from files */
    bool json, help;
};

static void print_usage(void)
{
    fputs("Usage: invonce-lab conform --url URL --token T [OPTION]...\n"
          "Tries a server, case by case: does an intent happen once? It creates records there.\n\n"
          "  --url URL              where it is; the case file's path follows it\n"
          "  --token T              sent as a bearer token\n"
          "  --token-file FILE      the same from a file's first line, where nobody reads it\n"
          "                         among the processes\n"
          "  --other-token T, --other-token-file FILE\n"
          "                         another tenant's: for the case tenant\n"
          "  --restart-command CMD  ends the server as a crash would and starts it again: for the\n"
          "                         case crash\n"
          "  --lease DURATION       how long a key may stay in progress after a crash (30s),\n"
          "                         an hour at most\n"
          "  --key-ttl DURATION     how long a key lives there, an hour at most: for the case\n"
          "                         expiry, which waits so long, and half of it before\n"
          "  --case FILE            an endpoint of your own, see tests/lab/README.md\n"
          "                         (" LAB_CONFORM_CASE ")\n"
          "  --only NAME            that case alone:",
          stdout);
    for (size_t i = 0; i < CASE_COUNT; i++)
        printf("%s%s", i % 5 == 0 ? "\n                         " : ", ", CASES[i].name);
    fputs("\n"
          "  --timeout DURATION     of a request (10s), five minutes at most\n"
          "  --ca-file FILE         whom to trust, for https\n"
          "  --json                 the report as JSON\n\n"
          "Exits with 0 when all that is offered passes, 1 when something doesn't, 2 when it is\n"
          "called wrongly, 128 and more when a signal ends it; the server's fault rules are as\n"
          "they were in any case.\n",
          stdout);
}

static int wrong(const char *what, const char *value)
{
    char *safe = text_safe(value, strlen(value), TEXT_ONE_LINE);
    if (!safe) support_die("out of memory");
    fprintf(stderr, "invonce-lab conform: %s%s\n", what, safe);
    free(safe);
    return EXIT_USAGE;
}

static const struct conform_case *case_named(const char *name)
{
    for (size_t i = 0; i < CASE_COUNT; i++)
        if (strcmp(CASES[i].name, name) == 0) return &CASES[i];
    return NULL;
}

static int take_duration(const char *name, const char *value, int64_t most_ms, int64_t *ms)
{
    if (duration_parse(value, 1, most_ms, ms)) return 0;
    char *what = support_format("%s takes a duration such as 500ms, 2s or 1m, of %s at most, not ",
                                name, most_ms == TTL_MAX_MS ? "1h" : "5m");
    int code = wrong(what, value);
    free(what);
    return code;
}

static int take_file(const char *file, char **read, const char **token)
{
    free(*read);
    *read = secret_read(file);
    *token = *read;
    return *read ? 0 : EXIT_USAGE;
}

/* An option with a value. 0, or the exit code. */
static int take(struct options *options, const char *name, const char *value)
{
    struct run_settings *settings = &options->settings;
    const struct {
        const char *name;
        const char **value;
    } texts[] = {{"--url", &options->url},
                 {"--token", &settings->token},
                 {"--other-token", &settings->other_token},
                 {"--restart-command", &settings->restart_command},
                 {"--case", &options->case_file},
                 {"--ca-file", &settings->ca_file}};
    const struct {
        const char *name;
        int64_t *ms, most_ms;
    } durations[] = {{"--lease", &settings->lease_ms, TTL_MAX_MS},
                     {"--key-ttl", &settings->key_ttl_ms, TTL_MAX_MS},
                     {"--timeout", &settings->timeout_ms, TIMEOUT_MAX_MS}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].name, name) != 0) continue;
        *texts[i].value = value;
        return 0;
    }
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        if (strcmp(durations[i].name, name) != 0) continue;
        return take_duration(name, value, durations[i].most_ms, durations[i].ms);
    }
    if (strcmp(name, "--token-file") == 0)
        return take_file(value, &options->read_token, &settings->token);
    if (strcmp(name, "--other-token-file") == 0)
        return take_file(value, &options->read_other_token, &settings->other_token);
    if (strcmp(name, "--only") != 0) return wrong("there is no such option: ", name);
    options->only = case_named(value);
    return options->only ? 0 : wrong("there is no such case (see --help): ", value);
}

static bool is_web_address(const char *url)
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    if (!parts) support_die("out of memory");
    bool is_one = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                  curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                  (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    curl_free(scheme);
    curl_url_cleanup(parts);
    return is_one;
}

static int read_options(struct options *options, char **arguments)
{
    const struct run_settings *settings = &options->settings;
    *options = (struct options){.settings = {.lease_ms = 30000, .timeout_ms = 10000},
                                .case_file = LAB_CONFORM_CASE};
    for (; *arguments; arguments++) {
        bool is_json = strcmp(*arguments, "--json") == 0;
        options->json = options->json || is_json;
        options->help = options->help || strcmp(*arguments, "--help") == 0;
        if (options->help) return 0;
        if (is_json) continue;
        if (!arguments[1]) return wrong("unknown, or without its value (see --help): ", *arguments);
        int code = take(options, arguments[0], arguments[1]);
        if (code != 0) return code;
        arguments++;
    }
    if (!options->url || !settings->token)
        return wrong("--url and --token are needed; --help says the rest", "");
    if (!is_web_address(options->url))
        return wrong("this is no address of a server: ", options->url);
    if (strpbrk(options->url, "?#"))
        return wrong("the path of the case file follows --url, which can't have a ? or #: ",
                     options->url);
    if (!secret_is_one(settings->token) ||
        (settings->other_token && !secret_is_one(settings->other_token)))
        return wrong("a token has only characters that can be seen, without blanks", "");
    return 0;
}

/* A reader who has gone is as if the signal had come. */
static int written(int error, int code)
{
    if (error == 0) return code;
    if (error == EPIPE) return 128 + SIGPIPE;
    fprintf(stderr, "invonce-lab conform: the report can't be written: %s\n", strerror(error));
    return EXIT_FAILURE;
}

/* Nothing else is tried where nothing can be created, or nobody can read of it. */
static int try_cases(struct run *run, const struct options *options)
{
    struct report report;
    report_begin(&report, run, options->json);
    for (size_t i = 0; i < CASE_COUNT && report.error == 0; i++) {
        if (options->only && options->only != &CASES[i]) continue;
        run_next_case(run);
        if (i > 0 && report.failed > 0 && !options->only && report.passed == 0)
            run->lack = "what the case create tries comes first";
        else
            CASES[i].run(run);
        report_add(&report, run, &CASES[i]);
    }
    bool good = report.failed == 0;
    report_end(&report, run);
    return written(report.error, good ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Blocked, not ignored: what is started inherits what is ignored. */
static void outlive_a_closed_pipe(void)
{
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigprocmask(SIG_BLOCK, &pipe, NULL);
}

static int try_server(struct options *options)
{
    struct endpoint endpoint;
    struct run run;
    int code = EXIT_USAGE;
    size_t length = strlen(options->url);
    while (options->url[length - 1] == '/')
        length--;
    if (endpoint_read(&endpoint, options->case_file)) {
        http_setup();
        options->settings.url = support_format("%.*s", (int)length, options->url);
        run_open(&run, &options->settings, &endpoint);
        code = try_cases(&run, options);
        if (!run_close(&run) && code == EXIT_SUCCESS) code = EXIT_FAILURE;
        free(options->settings.url);
    }
    endpoint_clear(&endpoint);
    return code;
}

int conform_main(int argc, char **argv)
{
    struct options options;
    outlive_a_closed_pipe();
    int code = read_options(&options, argv + (argc > 0 ? 1 : 0));
    if (code == 0 && options.help) {
        print_usage();
        code = written(report_flush(), EXIT_SUCCESS);
    } else if (code == 0) {
        code = try_server(&options);
    }
    free(options.read_token);
    free(options.read_other_token);
    return code;
}
