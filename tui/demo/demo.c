#include "tui/demo/demo.h"

#include "tui/command/command_line.h"
#include "tui/command/places.h"
#include "tui/command/temporary_directory.h"
#include "tui/demo/app_demo.h"
#include "tui/demo/app_mistake.h"
#include "tui/demo/demo_script.h"
#include "tui/demo/demo_server.h"
#include "tui/demo/demo_token.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <errno.h>
#include <limits.h>
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
    char *scratch; /* a directory that goes with the program; NULL: nothing in it is needed */
};

static void clear_files(struct demo_files *files)
{
    free(files->store);
    free(files->tokens);
    free(files->journal);
    free(files->log);
    if (files->scratch) temporary_directory_remove(files->scratch);
    free(files->scratch);
}

static bool make_scratch(struct demo_files *files)
{
    char path[PATH_MAX];
    if (temporary_directory_make(path)) files->scratch = strdup(path);
    if (files->scratch) return true;
    fprintf(stderr, _("invonce: cannot make a temporary directory in %.200s (TMPDIR): %s\n"),
            temporary_directory(), _(strerror(errno)));
    return false;
}

static char *in_scratch(const struct demo_files *files, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", files->scratch, name) < 0 ? NULL : path;
}

/* A play's files, all of them to be thrown away. */
static bool scratch_files(struct demo_files *files)
{
    if (!make_scratch(files)) return false;
    files->store = in_scratch(files, "store.db");
    files->tokens = in_scratch(files, "tokens");
    files->journal = in_scratch(files, "journal.db");
    files->log = in_scratch(files, "server.log");
    if (files->store && files->tokens && files->journal && files->log) return true;
    fputs(_("invonce: there is not enough memory\n"), stderr);
    return false;
}

static bool make_room(const char *path)
{
    bool made = place_make_room(path);
    if (!made)
        fprintf(stderr, _("invonce: cannot make the directory of %s: %s\n"), path,
                _(strerror(errno)));
    return made;
}

/* A store without a layer is for that alone: the server takes no other. */
static char *place_store(const char *without)
{
    char name[64] = "demo.db";
    if (without) snprintf(name, sizeof name, "demo-without-%s.db", without);
    return place_file(PLACE_DATA, name);
}

static bool place_files(struct demo_files *files, const struct demo_options *options)
{
    files->store = place_store(options->without);
    files->tokens = place_file(PLACE_STATE, "demo-tokens");
    files->log = place_file(PLACE_STATE, "demo-server.log");
    files->journal = place_file(PLACE_STATE, "demo-journal.db");
    if (!files->store || !files->tokens || !files->journal || !files->log) {
        fputs(_("invonce: there is no place for the demonstration's files: set HOME\n"), stderr);
        return false;
    }
    if (!make_room(files->store) || !make_room(files->tokens)) return false;
    if (!options->bug) return true;
    /* What a planted mistake leaves open is never sent again. */
    if (!make_scratch(files)) return false;
    free(files->journal);
    files->journal = in_scratch(files, "journal.db");
    return files->journal;
}

static bool start_server(const struct demo_options *options, const struct demo_files *files,
                         struct demo_server *server)
{
    char sentence[DEMO_SERVER_SENTENCE_MAX];
    const struct demo_server_options wanted = {.store = files->store,
                                               .tokens_file = files->tokens,
                                               .log = files->log,
                                               .faults = options->faults,
                                               .fault_count = options->fault_count,
                                               .without = options->without};
    if (demo_server_start(server, &wanted, sentence)) return true;
    fprintf(stderr, "invonce: %s\n", sentence);
    return false;
}

static int run_on(const struct demo_options *options, const struct demo_files *files)
{
    char token[DEMO_TOKEN_SIZE];
    if (!demo_token_get(files->tokens, token)) {
        fprintf(stderr, _("invonce: cannot use %s: %s; remove it to have a new one made\n"),
                files->tokens, _(strerror(errno)));
        return EXIT_FAILURE;
    }
    struct demo_server server;
    if (!start_server(options, files, &server))
        return server.status == EXIT_USAGE ? EXIT_USAGE : EXIT_FAILURE;
    struct entry_options entry = options->entry;
    entry.courier.server = server.url;
    entry.journal_server = JOURNAL_SERVER;
    entry.courier.token = token;
    entry.journal_path = files->journal;
    entry.forgets = files->scratch != NULL;
    static struct app_demo demo;
    struct app_mistake mistake;
    app_mistake_start(&mistake, &options->mistake, files->scratch);
    if (options->bug) entry.mistake = &mistake.hooks;
    app_demo_start(&demo, options->bug,
                   options->play ? (options->pace > 0 ? options->pace : 1) : 0);
    int code = options->run(&entry, &demo.hooks);
    demo_server_stop(&server);
    return code;
}

static int play_script(const struct demo_options *options)
{
    if (options->fault_count > 0 || options->bug || options->without)
        fputs(
            _("invonce: without a terminal the demonstration plays its own scenes; --fault, --bug "
              "and --without are passed over\n"),
            stderr);
    return demo_script_play();
}

int demo_run(const struct demo_options *options)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    bool plain = options->entry.plain || (terminal && !screen_is_able());
    if (!terminal || (plain && options->play)) return play_script(options);
    if (plain && options->bug)
        return command_line_wrong(_("--bug is planted in the form on a screen, not line by line"),
                                  "");
    struct demo_files files = {0};
    bool plays = options->play;
    bool placed = plays ? scratch_files(&files) : place_files(&files, options);
    int code = placed ? run_on(options, &files) : EXIT_FAILURE;
    clear_files(&files);
    if (plays && code == EXIT_SUCCESS)
        puts(_("That was a play, on a throw-away store. For your own fingers: invonce demo"));
    return code;
}
