#include "tests/lab/typist.h"

#include "tests/lab/form_words.h"
#include "tests/support/preload.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/screen.h"

#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ARGUMENTS_MAX 12
#define VARIABLES_MAX 48

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
    static const char account[] = "demo:operator=" TYPIST_DEMO_SECRET "\n";
    free(temp_dir_write(place, "demo-tokens", account, strlen(account)));
    free(place);
    free(state);
}

const char *typist_bug(const struct world *world)
{
    return layers_have(world->layers, LAYER_FORM) ? NULL : "no-lock";
}

void typist_open(struct typist *typist, struct trial *trial, const char *client, const char *bug)
{
    *typist = (struct typist){.trial = trial, .client = client, .bug = bug};
    room_open(&typist->room, trial->world->mock.url, NULL);
    char *temporary = support_format("%s/tmp", typist->room.home);
    char *variable = support_format("TMPDIR=%s", temporary);
    make_directory(temporary);
    room_set(&typist->room, variable);
    room_set(&typist->room, "PATH=/usr/bin:/bin");
    room_set(&typist->room, "TERM=xterm-256color");
    if (typist->bug) write_demo_token(&typist->room);
    evidence_acts(trial->world->evidence, client, bug ? TYPIST_DEMO_USER : mock_user(TOKEN_ANA));
    evidence_meant(trial->world->evidence, client, TRIAL_TENANT, trial->subject, trial->body);
    free(variable);
    free(temporary);
}

/* --- the program --- */

static _Noreturn void fail(const struct typist *typist, const char *what)
{
    if (typist->pty) screen_dump(typist->pty, stderr);
    trial_give_up(typist->trial, "%s: %s", typist->client, what);
}

static void start(struct typist *typist, const char *const *arguments)
{
    const char *argv[ARGUMENTS_MAX] = {typist->bug ? LAB_DEMO_PROGRAM : room_program()};
    size_t count = 1;
    if (typist->bug) {
        argv[count++] = "demo";
        argv[count++] = "--bug";
        argv[count++] = typist->bug;
    }
    for (; arguments && *arguments; arguments++)
        argv[count++] = *arguments;
    argv[count] = NULL;
    char *ours[PRELOAD_VARIABLES_MAX];
    size_t our_count = preload_environment(ours);
    const char *environment[VARIABLES_MAX + 1] = {0};
    for (size_t i = 0; i < our_count; i++)
        environment[i] = ours[i];
    for (size_t i = 0; i < typist->room.variable_count; i++)
        environment[our_count + i] = typist->room.variables[i];
    pty_free(typist->pty);
    typist->pty = pty_start(
        &(struct pty_options){.argv = argv, .env = environment, .directory = typist->room.home});
    for (size_t i = 0; i < our_count; i++)
        free(ours[i]);
    if (!typist->pty) support_die("there is no terminal");
}

void typist_start(struct typist *typist)
{
    start(typist, NULL);
    typist_wait_for(typist, FORM_BUTTON);
}

void typist_fill_in(struct typist *typist)
{
    const struct trial *trial = typist->trial;
    char *file = room_write(&typist->room, "prefill.json", trial->body);
    start(typist, (const char *const[]){"--prefill", file, NULL});
    free(file);
    typist_wait_for(typist, FORM_BUTTON);
    typist_wait_for(typist, trial->subject);
    typist_wait_for(typist, TRIAL_TENANT " / "); /* it has asked whose the token is */
}

/* --- hands and eyes --- */

void typist_wait_for(struct typist *typist, const char *text)
{
    if (pty_wait(typist->pty, form_shows, text)) return;
    char *what = support_format("\"%s\" doesn't come", text);
    fail(typist, what);
}

void typist_press(struct typist *typist, const char *keys)
{
    keys_press(typist->pty, keys);
}

void typist_click(struct typist *typist)
{
    int row, col;
    if (!screen_find(typist->pty, FORM_BUTTON, &row, &col) &&
        !screen_find(typist->pty, FORM_BUTTON_LOCKED, &row, &col))
        fail(typist, "there is no button");
    pty_click(typist->pty, row, col + 5);
}

void typist_wait_idle(struct typist *typist)
{
    if (!pty_wait_idle(typist->pty)) fail(typist, "the program doesn't read its keys");
}

static void be_told(struct typist *typist, const char *said)
{
    char *id = form_record(typist->pty);
    evidence_told(typist->trial->world->evidence,
                  &(struct evidence_telling){.client = typist->client,
                                             .subject = typist->trial->subject,
                                             .said = said,
                                             .record = id});
    free(id);
}

void typist_be_told(struct typist *typist)
{
    if (!pty_wait(typist->pty, form_has_said, NULL))
        fail(typist, "the form never says how it ended");
    be_told(typist, form_said(typist->pty));
}

void typist_be_told_of_before(struct typist *typist)
{
    if (!pty_wait(typist->pty, form_has_said_of_before, NULL))
        fail(typist, "what became of the invoice from before is never told");
    be_told(typist, form_said_of_before(typist->pty));
}

/* --- the end --- */

static void gather(struct typist *typist, const char *pattern)
{
    glob_t found = {0};
    char *whole = support_format("%s/%s", typist->room.home, pattern);
    if (glob(whole, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            evidence_take_journal(typist->trial->world->evidence, typist->client, TRIAL_TENANT,
                                  found.gl_pathv[i]);
    globfree(&found);
    free(whole);
}

void typist_kill(struct typist *typist)
{
    pty_free(typist->pty);
    typist->pty = NULL;
}

/* Whatever it told, the form's exit code is 0 unless something waits for confirmation. */
static void leave(struct typist *typist)
{
    int status;
    bool waits = screen_shows(typist->pty, FORM_UNCONFIRMED);
    typist_press(typist, "<C-q>");
    if (!pty_wait_exit(typist->pty, &status)) fail(typist, "the form can't be left");
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : PROCESS_SIGNAL_BASE + WTERMSIG(status);
    evidence_exit(typist->trial->world->evidence, typist->client, code,
                  waits ? "unconfirmed" : NULL);
}

void typist_close(struct typist *typist)
{
    if (typist->pty && !typist->bug) leave(typist);
    typist_kill(typist);
    gather(typist, "state/invonce/journal.db");
    gather(typist, "tmp/*/journal*.db"); /* a mistaken form's */
    room_clear(&typist->room);
}
