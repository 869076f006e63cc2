#include "tui/demo.h"

#include "tui/demo_script.h"
#include "tui/demo_server.h"
#include "tui/demo_token.h"
#include "tui/places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The server's port is another one each time; its journal is for one account all the same. */
#define JOURNAL_SERVER "http://demo.invalid"

#define EXIT_USAGE 2 /* of the server too */

/* What is kept from one demonstration to the next, so that a record made yesterday is there. */
struct demo_files {
    char *store, *tokens, *journal, *log;
};

static void clear_files(struct demo_files *files)
{
    free(files->store);
    free(files->tokens);
    free(files->journal);
    free(files->log);
}

static bool make_room(const char *path)
{
    bool made = place_make_room(path);
    if (!made)
        fprintf(stderr, "invonce: cannot make the directory of %s: %s\n", path, strerror(errno));
    return made;
}

static bool place_files(struct demo_files *files)
{
    files->store = place_file(PLACE_DATA, "demo.db");
    files->tokens = place_file(PLACE_STATE, "demo-tokens");
    files->journal = place_file(PLACE_STATE, "demo-journal.db");
    files->log = place_file(PLACE_STATE, "demo-server.log");
    if (!files->store || !files->tokens || !files->journal || !files->log) {
        fputs("invonce: there is no place for the demonstration's files: set HOME\n", stderr);
        return false;
    }
    return make_room(files->store) && make_room(files->tokens);
}

static int run_on(const struct demo_options *options, const struct demo_files *files)
{
    char token[DEMO_TOKEN_SIZE], sentence[DEMO_SERVER_SENTENCE_MAX];
    if (!demo_token_get(files->tokens, token)) {
        fprintf(stderr, "invonce: cannot use %s: %s; remove it to have a new one made\n",
                files->tokens, strerror(errno));
        return EXIT_FAILURE;
    }
    const struct demo_server_options wanted = {.store = files->store,
                                               .tokens_file = files->tokens,
                                               .log = files->log,
                                               .faults = options->faults,
                                               .fault_count = options->fault_count};
    struct demo_server server;
    if (!demo_server_start(&server, &wanted, sentence)) {
        fprintf(stderr, "invonce: %s\n", sentence);
        return server.status == EXIT_USAGE ? EXIT_USAGE : EXIT_FAILURE;
    }
    struct app_options app = options->app;
    app.server = server.url;
    app.journal_server = JOURNAL_SERVER;
    app.token = token;
    app.journal_path = files->journal;
    int code = app_run(&app);
    demo_server_stop(&server);
    return code;
}

static int play_script(const struct demo_options *options)
{
    if (options->fault_count > 0)
        fputs(
            "invonce: without a terminal the demonstration plays its own faults; --fault is passed "
            "over\n",
            stderr);
    return demo_script_play();
}

int demo_run(const struct demo_options *options)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return play_script(options);
    struct demo_files files = {0};
    int code = place_files(&files) ? run_on(options, &files) : EXIT_FAILURE;
    clear_files(&files);
    return code;
}
