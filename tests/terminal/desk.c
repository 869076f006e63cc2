#include "tests/terminal/desk.h"

#include "tests/support/preload.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define LIST_MAX 48

/* A list of texts to start a program with. */
struct list {
    char *items[LIST_MAX];
    size_t count;
};

static void list_take(struct list *list, char *text)
{
    if (list->count + 1 == LIST_MAX) support_die("too many arguments");
    list->items[list->count++] = text;
}

static void list_add(struct list *list, const char *const *texts)
{
    for (; texts != NULL && *texts != NULL; texts++)
        list_take(list, support_format("%s", *texts));
}

static void list_clear(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    *list = (struct list){0};
}

/* A variable, unless one of its name is there: of two, not every program takes the first. */
static void list_take_variable(struct list *list, char *variable)
{
    size_t length = strcspn(variable, "=") + 1;
    for (size_t i = 0; i < list->count; i++) {
        if (strncmp(list->items[i], variable, length) != 0) continue;
        free(variable);
        return;
    }
    list_take(list, variable);
}

static const char *program = INVONCE_PROGRAM;

const char *desk_program(void)
{
    return program;
}

void desk_use_orders(void)
{
    program = INVONCE_WITH_ORDERS;
    mock_use_orders();
}

void desk_open(struct desk *desk, const char *const *server_options)
{
    *desk = (struct desk){0};
    temp_dir_make(desk->home);
    if (!mock_start(&desk->mock, server_options)) support_die("no server to test against");
}

void desk_kill_server(struct desk *desk)
{
    mock_kill(&desk->mock);
}

void desk_restart_server(struct desk *desk)
{
    const char *address = desk->mock.url + strlen("http://");
    char *listen = support_format("%s", address);
    if (!mock_start(&desk->mock, (const char *const[]){"--listen", listen, NULL}))
        support_die("no server at %s again", listen);
    free(listen);
}

/* By SIGHUP, as when a window is closed: so that the program does what it does at its end, and a
 * sanitizer says what it has to say. False: it ended otherwise, or didn't. */
static bool leave(struct pty *pty)
{
    int status = 0;
    if (pty == NULL || pty_processes(pty) == 0) return true;
    pty_signal(pty, SIGHUP);
    pty_signal(pty, SIGCONT);
    bool ended = pty_wait_exit(pty, &status);
    bool by_it = WIFSIGNALED(status) /* a shell */
                     ? WTERMSIG(status) == SIGHUP
                     : WEXITSTATUS(status) == PROCESS_SIGNAL_BASE + SIGHUP;
    if (ended && by_it) return true;
    screen_dump(pty, stderr);
    fprintf(stderr, ended ? "closed, it ends with %#x\n" : "closed, it goes on\n", status);
    return false;
}

static void kill_program(struct desk *desk)
{
    pty_free(desk->pty);
    desk->pty = NULL;
}

void desk_forget_home(struct desk *desk)
{
    kill_program(desk);
    temp_dir_remove(desk->home);
    temp_dir_make(desk->home);
}

bool desk_close(struct desk *desk)
{
    bool clean = leave(desk->pty);
    kill_program(desk);
    if (desk->mock.process.pid > 0) {
        desk_let_go_server(desk);
        clean = mock_stop(&desk->mock) == 0 && clean;
    }
    mock_clear(&desk->mock);
    temp_dir_remove(desk->home);
    *desk = (struct desk){0};
    return clean;
}

static void add_environment(const struct desk *desk, struct list *environment)
{
    static const char *const fixed[] = {"PAGER=cat",
                                        "PATH=/usr/bin:/bin",
                                        "TERM=xterm-256color",
                                        "LC_ALL=C.UTF-8",
                                        "PS1=ready> ",
                                        "INVONCE_TOKEN=" TOKEN_ANA,
                                        NULL};
    static const struct {
        const char *name, *place;
    } places[] = {{"HOME", ""},
                  {"XDG_CONFIG_HOME", "/config"},
                  {"XDG_STATE_HOME", "/state"},
                  {"XDG_DATA_HOME", "/data"},
                  {"XDG_CACHE_HOME", "/cache"}};
    for (size_t i = 0; fixed[i] != NULL; i++)
        list_take_variable(environment, support_format("%s", fixed[i]));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        list_take_variable(environment,
                           support_format("%s=%s%s", places[i].name, desk->home, places[i].place));
    list_take_variable(environment, support_format("INVONCE_SERVER=%s", desk->mock.url));
    char *ours[PRELOAD_VARIABLES_MAX];
    size_t count = preload_environment(ours);
    for (size_t i = 0; i < count; i++)
        list_take_variable(environment, ours[i]);
}

static void start(struct desk *desk, const struct list *argv, const char *const *environment,
                  int rows, int cols)
{
    struct list all = {0};
    list_add(&all, environment); /* first, as it may change the desk's */
    add_environment(desk, &all);
    kill_program(desk);
    desk->pty = pty_start(&(struct pty_options){.argv = (const char *const *)argv->items,
                                                .env = (const char *const *)all.items,
                                                .directory = desk->home,
                                                .rows = rows,
                                                .cols = cols});
    list_clear(&all);
    if (desk->pty == NULL) support_die("cannot open a terminal: %s", strerror(errno));
}

void desk_start(struct desk *desk, const struct desk_options *options)
{
    struct list argv = {0};
    list_add(&argv, options->runner);
    list_take(&argv, support_format("%s", program));
    list_add(&argv, options->arguments);
    start(desk, &argv, options->environment, options->rows, options->cols);
    list_clear(&argv);
}

void desk_start_filled(struct desk *desk, const char *number, const char *changes,
                       const struct desk_options *options)
{
    char *body = sample_body(number, changes);
    char *file = temp_dir_write(desk->home, "prefill.json", body, strlen(body));
    free(body);
    struct list arguments = {0};
    list_take(&arguments, support_format("--prefill"));
    list_take(&arguments, file);
    list_add(&arguments, options->arguments);
    struct desk_options filled = *options;
    filled.arguments = (const char *const *)arguments.items;
    desk_start(desk, &filled);
    list_clear(&arguments);
    look_for(desk->pty, "[ Create invoice ]");
    look_for(desk->pty, number);
    look_status(desk->pty, "Editing");
}

const char *const desk_impatient[] = {"INVONCE_CONNECT_TIMEOUT=1s", "INVONCE_ATTEMPT_TIMEOUT=1s",
                                      "INVONCE_RETRY_BUDGET=2s", NULL};

void desk_create(struct desk *desk, const char *number, const char *changes)
{
    desk_start_filled(desk, number, changes, &(struct desk_options){0});
    keys_press(desk->pty, "<Enter>");
    look_status(desk->pty, "Created");
}

void desk_leave(struct desk *desk)
{
    keys_press(desk->pty, "<C-q>");
    look_clean_exit(desk->pty, 0);
}

char *desk_picture(const struct desk *desk)
{
    look_row(desk->pty, "Invonce", "north / ana");
    look_row(desk->pty, "Enter", "F10");
    return screen_text(desk->pty);
}

void desk_start_shell(struct desk *desk)
{
    struct list argv = {0};
    list_add(&argv, (const char *const[]){"/bin/sh", "-i", NULL});
    start(desk, &argv, (const char *const[]){"INVONCE=" INVONCE_PROGRAM, NULL}, 0, 0);
    list_clear(&argv);
    look_for(desk->pty, "ready>");
}

void desk_hold_server(struct desk *desk)
{
    process_hold(desk->mock.process.pid);
}

void desk_let_go_server(struct desk *desk)
{
    process_signal(&desk->mock.process, SIGCONT);
}

struct json *desk_audit(const struct desk *desk)
{
    return rows_read(desk->mock.store,
                     "SELECT outcome, key, number, status FROM audit ORDER BY seq", NULL);
}

long long desk_invoices(const struct desk *desk)
{
    return rows_number(desk->mock.store, "SELECT count(*) FROM invoices");
}

long long desk_keys(const struct desk *desk)
{
    return rows_number(desk->mock.store, "SELECT count(*) FROM idempotency_keys");
}

int desk_set_up(void **desk)
{
    desk_open(*desk, NULL);
    return 0;
}

int desk_tear_down(void **desk)
{
    return desk_close(*desk) ? 0 : -1;
}
