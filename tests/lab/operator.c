#include "tests/lab/operator.h"

#include "tests/support/preload.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/screen.h"

#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ARGUMENTS_MAX 12
#define VARIABLES_MAX 48
#define BUTTON        "[ Create invoice ]"
#define SAVING        "[   Saving...    ]"

static void make_directory(const char *path)
{
    if (mkdir(path, 0700) != 0) support_die("cannot make %s", path);
}

/* Where the demonstration finds it, in place of one of its own making. */
static void write_demo_token(const struct room *room)
{
    char *state = support_format("%s/state", room->home);
    char *place = support_format("%s/invonce", state);
    make_directory(state);
    make_directory(place);
    static const char account[] = "demo:operator=" OPERATOR_DEMO_SECRET "\n";
    free(temp_dir_write(place, "demo-tokens", account, strlen(account)));
    free(place);
    free(state);
}

void operator_open(struct operator* operator, struct trial * trial, const char *client,
                   const char *const *settings)
{
    bool has_lock = layers_have(trial->world->layers, LAYER_FORM);
    *operator=(struct operator){
        .trial = trial, .client = client, .bug = has_lock ? NULL : "no-lock"};
    room_open(&operator->room, trial->world->mock.url, settings);
    char *temporary = support_format("%s/tmp", operator->room.home);
    char *variable = support_format("TMPDIR=%s", temporary);
    make_directory(temporary);
    room_set(&operator->room, variable);
    room_set(&operator->room, "PATH=/usr/bin:/bin");
    room_set(&operator->room, "TERM=xterm-256color");
    if (operator->bug) write_demo_token(&operator->room);
    evidence_meant(trial->world->evidence, client, TRIAL_TENANT, trial->subject, trial->body);
    free(variable);
    free(temporary);
}

/* --- the program --- */

static _Noreturn void fail(const struct operator* operator, const char * what)
{
    if (operator->pty) screen_dump(operator->pty, stderr);
    trial_give_up(operator->trial, "%s: %s", operator->client, what);
}

static void start(struct operator* operator, const char * const * arguments)
{
    const char *argv[ARGUMENTS_MAX] = {operator->bug ? LAB_DEMO_PROGRAM : room_program()};
    size_t count = 1;
    if (operator->bug) {
        argv[count++] = "demo";
        argv[count++] = "--bug";
        argv[count++] = operator->bug;
    }
    for (; arguments && *arguments; arguments++)
        argv[count++] = *arguments;
    argv[count] = NULL;
    char *ours[PRELOAD_VARIABLES_MAX];
    size_t our_count = preload_environment(ours);
    const char *environment[VARIABLES_MAX + 1] = {0};
    for (size_t i = 0; i < our_count; i++)
        environment[i] = ours[i];
    for (size_t i = 0; i < operator->room.variable_count; i++)
        environment[our_count + i] = operator->room.variables[i];
    pty_free(operator->pty);
    operator->pty = pty_start(&(struct pty_options){
        .argv = argv, .env = environment, .directory = operator->room.home});
    for (size_t i = 0; i < our_count; i++)
        free(ours[i]);
    if (!operator->pty) support_die("there is no terminal");
}

void operator_start(struct operator* operator)
{
    start(operator, NULL);
    operator_wait_for(operator, BUTTON);
}

void operator_fill_in(struct operator* operator)
{
    const struct trial *trial = operator->trial;
    char *file = room_write(&operator->room, "prefill.json", trial->body);
    start(operator,(const char *const[]){"--prefill", file, NULL});
    free(file);
    operator_wait_for(operator, BUTTON);
    operator_wait_for(operator, trial->subject);
    operator_wait_for(operator, TRIAL_TENANT " / "); /* it has asked whose the token is */
}

/* --- hands and eyes --- */

static bool shows(struct pty *pty, const void *text)
{
    return screen_shows(pty, text);
}

void operator_wait_for(struct operator* operator, const char * text)
{
    if (pty_wait(operator->pty, shows, text)) return;
    char *what = support_format("\"%s\" doesn't come", text);
    fail(operator, what);
}

void operator_press(struct operator* operator, const char * keys)
{
    keys_press(operator->pty, keys);
}

void operator_click(struct operator* operator)
{
    int row, col;
    if (!screen_find(operator->pty, BUTTON, &row, &col) &&
        !screen_find(operator->pty, SAVING, &row, &col))
        fail(operator, "there is no button");
    pty_click(operator->pty, row, col + 5);
}

void operator_wait_idle(struct operator* operator)
{
    if (!pty_wait_idle(operator->pty)) fail(operator, "the program doesn't read its keys");
}

/* How a form, or a notice of an invoice from before, says it. */
static const struct {
    const char *shown, *said;
} endings[] = {
    {"Invoice created", "created"},      {"This invoice number already exists", "conflict"},
    {"Unconfirmed ", "unconfirmed"},     {"Rejected ", "rejected"},
    {"from before is saved", "created"}, {"from before was not created", "conflict"},
};

#define ENDINGS     (sizeof endings / sizeof *endings)
#define FROM_BEFORE 4 /* and the rest */

static const char *said(struct pty *pty, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (screen_shows(pty, endings[i].shown)) return endings[i].said;
    return NULL;
}

static bool form_says(struct pty *pty, const void *context)
{
    (void)context;
    return said(pty, 0, FROM_BEFORE) != NULL;
}

static bool notice_says(struct pty *pty, const void *context)
{
    (void)context;
    return said(pty, FROM_BEFORE, ENDINGS) != NULL;
}

/* The first id on the screen. The caller's to free; NULL: there is none. */
static char *id_shown(struct pty *pty)
{
    char *text = screen_text(pty);
    const char *at = strstr(text, "inv_");
    size_t length = at ? strlen("inv_") + strspn(at + strlen("inv_"), "0123456789") : 0;
    char *id = at ? support_format("%.*s", (int)length, at) : NULL;
    free(text);
    return id;
}

static void be_told(struct operator* operator, size_t first, size_t end)
{
    char *id = id_shown(operator->pty);
    evidence_told(operator->trial->world->evidence,
                  &(struct evidence_telling){.client = operator->client,
                                             .subject = operator->trial->subject,
                                             .said = said(operator->pty, first, end),
                                             .record = id});
    free(id);
}

void operator_be_told(struct operator* operator)
{
    if (!pty_wait(operator->pty, form_says, NULL))
        fail(operator, "the form never says how it ended");
    be_told(operator, 0, FROM_BEFORE);
}

void operator_be_told_of_before(struct operator* operator)
{
    if (!pty_wait(operator->pty, notice_says, NULL))
        fail(operator, "what became of the invoice from before is never told");
    be_told(operator, FROM_BEFORE, ENDINGS);
}

/* --- the end --- */

static void gather(struct operator* operator, const char * pattern)
{
    glob_t found = {0};
    char *whole = support_format("%s/%s", operator->room.home, pattern);
    if (glob(whole, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            evidence_take_journal(operator->trial->world->evidence, operator->client, TRIAL_TENANT,
                                  found.gl_pathv[i]);
    globfree(&found);
    free(whole);
}

void operator_kill(struct operator* operator)
{
    pty_free(operator->pty);
    operator->pty = NULL;
}

void operator_close(struct operator* operator)
{
    operator_kill(operator);
    gather(operator, "state/invonce/journal.db");
    gather(operator, "tmp/*/journal*.db"); /* a mistaken form's */
    room_clear(&operator->room);
}
