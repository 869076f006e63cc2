#include "tests/lab/soak/clerk.h"

#include "tests/lab/form_words.h"
#include "tests/lab/soak/complaint.h"
#include "tests/support/preload.h"
#include "tests/support/sample.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/pty.h"
#include "tests/terminal/screen.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define VARIABLES_MAX 48
#define PAUSE_MS      4000

/* Started with what it is to be filled in with. */
static struct pty *start(const struct desk *desk, const char *body)
{
    char *file = room_write(&desk->room, "prefill.json", body);
    char *ours[PRELOAD_VARIABLES_MAX];
    const char *environment[VARIABLES_MAX + 1] = {0};
    size_t count = 0, our_count = preload_environment(ours);
    for (size_t i = 0; i < our_count; i++)
        if (strncmp(ours[i], "LD_PRELOAD=", 11) != 0 &&
            strncmp(ours[i], "INVONCE_TEST_CLOCK=", 19) != 0)
            environment[count++] = ours[i];
    for (size_t i = 0; i < desk->room.variable_count; i++)
        environment[count++] = desk->room.variables[i];
    environment[count++] = "PATH=/usr/bin:/bin";
    environment[count] = "TERM=xterm-256color";
    struct pty *pty = pty_start(&(struct pty_options){
        .argv = (const char *const[]){room_program(), "--prefill", file, NULL},
        .env = environment,
        .directory = desk->room.home});
    for (size_t i = 0; i < our_count; i++)
        free(ours[i]);
    free(file);
    if (!pty) support_die("there is no terminal");
    return pty;
}

/* A form that was killed early has left no journal, or none of an intent. */
static bool is_in_journal(const struct desk *desk, const char *subject)
{
    sqlite3 *journal = NULL;
    sqlite3_stmt *statement = NULL;
    bool is_there =
        sqlite3_open_v2(desk->room.journal, &journal, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(journal, PATIENCE_MS) == SQLITE_OK &&
        sqlite3_prepare_v2(journal, "SELECT 1 FROM intents WHERE name = ?", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_bind_text(statement, 1, subject, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    sqlite3_close(journal);
    return is_there;
}

/* What waits is settled by whichever program comes next at that desk, which doesn't tell this one;
 * what couldn't be written down was not sent, and isn't meant (enter_one), unless a second press
 * gets it written. */
static bool is_settled(const char *as)
{
    return strcmp(as, "unconfirmed") != 0 && strcmp(as, "unsent") != 0;
}

static void be_told(const struct clerk *clerk, const struct desk *desk, const char *subject,
                    struct pty *pty)
{
    const char *said = form_said(pty);
    if (!is_settled(said)) return;
    char *id = form_record(pty);
    evidence_told(soak_evidence(clerk->soak),
                  &(struct evidence_telling){
                      .client = desk->client, .subject = subject, .said = said, .record = id});
    soak_evidence_done(clerk->soak);
    free(id);
}

/* The screen, without its line ends, as words there end anywhere. The caller's to free. */
static char *words_of(struct pty *pty)
{
    char *text = screen_text(pty);
    char *end = text;
    for (const char *at = text; *at; at++)
        if (*at != '\n') *end++ = *at;
    *end = '\0';
    return text;
}

/* Nothing could be written, and it says so: the only reason to end without having been told. */
static bool could_not_write(struct pty *pty)
{
    char *text = words_of(pty);
    bool could_not = strstr(text, "the disk is full") || strstr(text, "holds it locked");
    free(text);
    return could_not;
}

static void complain(const struct desk *desk, struct pty *pty, const char *what, int status)
{
    char *text = screen_text(pty);
    complaint_make("%s: the form %s (status %#x):\n%s", desk->client, what, (unsigned)status, text);
    free(text);
}

static bool has_ended(struct pty *pty)
{
    return pty_processes(pty) == 0;
}

/* It didn't come to what was waited for. */
static void give_up(const struct desk *desk, struct pty *pty, const char *awaited)
{
    int status = 0;
    bool ended = has_ended(pty) && pty_wait_exit(pty, &status);
    if (could_not_write(pty) && (!ended || (WIFEXITED(status) && WEXITSTATUS(status) == 1)))
        tally_count(TALLY_FORM_FAILED);
    else
        complain(desk, pty, ended ? "ended by itself" : awaited, status);
}

/* Its exit code says else no more than whether something waits. Left at once, it may not have been
 * able to keep what was typed: it says so, and gives it back. */
static void leave(const struct desk *desk, struct pty *pty)
{
    int status = 0;
    keys_press(pty, "<C-q>");
    if (!pty_wait_exit(pty, &status))
        complain(desk, pty, "can't be left", status);
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && could_not_write(pty))
        tally_count(TALLY_FORM_UNKEPT);
    else if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 5))
        complain(desk, pty, "ended otherwise than it must", status);
}

static void kill_soon(struct clerk *clerk, const struct desk *desk, struct pty *pty)
{
    pty_read_for(pty, (int)dice_below(&clerk->dice, 300));
    if (has_ended(pty))
        give_up(desk, pty, "ended");
    else
        tally_count(TALLY_FORM_KILLED);
}

/* What the form said, or that it was killed; the rest is in the journal. */
static void submit(struct clerk *clerk, const struct desk *desk, const char *subject,
                   const char *body, bool *is_killed)
{
    struct pty *pty = start(desk, body);
    *is_killed =
        !clerk->shared && clerk->desk_count < CLERK_DESKS_MAX && dice_once_in(&clerk->dice, 3);
    if (!pty_wait(pty, form_shows, FORM_BUTTON) || !pty_wait(pty, form_shows, subject)) {
        give_up(desk, pty, "doesn't come");
    } else {
        keys_press(pty, dice_once_in(&clerk->dice, 2) ? "<Enter><Enter>" : "<C-s>");
        tally_count(TALLY_FORM_SUBMITTED);
        if (*is_killed)
            kill_soon(clerk, desk, pty);
        else if (!pty_wait(pty, form_has_said, NULL))
            give_up(desk, pty, "never says how it ended");
        else {
            be_told(clerk, desk, subject, pty);
            leave(desk, pty);
        }
    }
    pty_free(pty);
}

static struct desk *desk_of(struct clerk *clerk, bool is_new)
{
    if (clerk->shared) return clerk->shared;
    if (!is_new && clerk->desk_count > 0) return clerk->desks[clerk->desk_count - 1];
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk) support_die("out of memory");
    desk_open(desk, clerk->soak, 200 + 100 * clerk->number + clerk->desk_count, clerk->url, "north",
              TOKEN_BOB);
    return clerk->desks[clerk->desk_count++] = desk;
}

/* It counts as meant once the journal has it: who is killed before types it again. */
static void enter_one(struct clerk *clerk, unsigned index, bool *is_killed)
{
    const struct desk *desk = desk_of(clerk, *is_killed);
    char *subject = support_format("form%u-%u", clerk->number, index);
    char *body = sample_body(subject, NULL);
    submit(clerk, desk, subject, body, is_killed);
    if (is_in_journal(desk, subject)) {
        struct evidence *evidence = soak_evidence(clerk->soak);
        evidence_meant(evidence, desk->client, desk->tenant, subject, body);
        soak_evidence_done(clerk->soak);
        atomic_fetch_add(&clerk->soak->intents, 1);
    }
    free(body);
    free(subject);
}

void *clerk_run(void *context)
{
    struct clerk *clerk = context;
    bool is_killed = false;
    clerk->dice = dice_of(clerk->soak->seed, 500 + clerk->number);
    for (unsigned i = 0; !atomic_load(&clerk->soak->is_closing); i++) {
        enter_one(clerk, i, &is_killed);
        soak_pause(clerk->soak, &clerk->dice, PAUSE_MS);
    }
    while (!atomic_load(&clerk->soak->is_healed))
        soak_sleep(20);
    for (size_t i = 0; i < clerk->desk_count; i++)
        desk_settle(clerk->desks[i], clerk->soak);
    if (clerk->shared) desk_settle(clerk->shared, clerk->soak);
    return NULL;
}

void clerk_close(struct clerk *clerk)
{
    for (size_t i = 0; i < clerk->desk_count; i++) {
        desk_close(clerk->desks[i], clerk->soak);
        free(clerk->desks[i]);
    }
}
