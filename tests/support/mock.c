#include "tests/support/mock.h"

#include "tests/support/http.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 32

static const char *program = INVONCE_SERVER_PROGRAM;

const char *mock_user(const char *token)
{
    if (strcmp(token, TOKEN_ANA) == 0) return "ana";
    if (strcmp(token, TOKEN_BOB) == 0) return "bob";
    return strcmp(token, TOKEN_EVE) == 0 ? "eve" : NULL;
}

const char *mock_program(void)
{
    return program;
}

void mock_use(const char *path)
{
    program = path ? path : INVONCE_SERVER_PROGRAM;
}

void mock_use_orders(void)
{
    mock_use(INVONCE_SERVER_WITH_ORDERS);
}

static void make_directory(struct mock *mock)
{
    if (*mock->directory) return;
    temp_dir_make(mock->directory);
    stores_make(mock->store, mock->directory);
}

static bool read_address(struct mock *mock)
{
    char *address = process_expect(&mock->process, "listening on ", PATIENCE_MS);
    if (!address) {
        char *errors = process_errors(&mock->process);
        fprintf(stderr, "the server does not start: %s\n", errors);
        free(errors);
        return false;
    }
    const char *colon = strrchr(address, ':');
    unsigned long port = colon ? strtoul(colon + 1, NULL, 10) : 0;
    mock->port = (unsigned short)port;
    int length = snprintf(mock->url, sizeof mock->url, "%s", address);
    free(address);
    return port > 0 && port <= 65535 && length < (int)sizeof mock->url;
}

bool mock_start_beside(struct mock *other, const struct mock *mock, const char *const *options)
{
    *other = (struct mock){.is_beside = true};
    temp_dir_make(other->directory);
    snprintf(other->store, sizeof other->store, "%s", mock->store);
    return mock_start(other, options);
}

bool mock_start(struct mock *mock, const char *const *options)
{
    static const char *const tokens[] = {"north:ana=" TOKEN_ANA, "north:bob=" TOKEN_BOB,
                                         "south:eve=" TOKEN_EVE};
    make_directory(mock);
    char *store = stores_url(mock->store);
    char *home = support_format("HOME=%s", mock->directory);
    char *data = support_format("XDG_DATA_HOME=%s", mock->directory);
    const char *argv[OPTIONS_MAX] = {program, "--listen", "127.0.0.1:0", "--store", store};
    size_t count = 5;
    if (stores_partitions()) {
        argv[count++] = "--partitions";
        argv[count++] = stores_partitions();
    }
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        argv[count++] = "--token";
        argv[count++] = tokens[i];
    }
    for (; options && *options; options++) {
        if (count + 1 == OPTIONS_MAX) support_die("too many options");
        argv[count++] = *options;
    }
    process_clear(&mock->process);
    process_start(&mock->process, argv, (const char *const[]){home, data, NULL});
    free(store);
    free(home);
    free(data);
    return read_address(mock);
}

void mock_let_go(const struct mock *mock)
{
    char *url = support_format("%s/_mock/faults", mock->url);
    struct http_reply reply =
        http_send(&(struct http_request){.method = "DELETE", .url = url, .token = TOKEN_ANA});
    if (reply.status != 200) support_die("the server doesn't take its faults away");
    http_reply_clear(&reply);
    free(url);
}

int mock_stop(struct mock *mock)
{
    process_signal(&mock->process, SIGTERM);
    int code = process_wait(&mock->process, PATIENCE_MS);
    if (code != 0) {
        char *errors = process_errors(&mock->process);
        size_t length = strlen(errors);
        fprintf(stderr, "the server ended with %d; its last words:\n%s\n", code,
                errors + (length > 4000 ? length - 4000 : 0));
        free(errors);
    }
    process_clear(&mock->process);
    return code;
}

void mock_kill(struct mock *mock)
{
    process_clear(&mock->process);
}

void mock_clear(struct mock *mock)
{
    process_clear(&mock->process);
    if (!mock->is_beside) stores_remove(mock->store);
    temp_dir_remove(mock->directory);
    *mock = (struct mock){0};
}
