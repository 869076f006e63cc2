/* The outbox, and what is looked at in it. */
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/stages_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WAITING 40

static void change_journal(const struct desk *desk, const char *script)
{
    char *journal = support_format("%s/state/invonce/journal.db", desk->home);
    rows_change(journal, script);
    free(journal);
}

/* Records in the journal that the server has refused to speak about. */
static void fill_outbox(struct desk *desk)
{
    struct support_buffer lines = {0};
    for (int i = 0; i < WAITING; i++) {
        char number[16];
        stages_fresh_number(number);
        char *body = sample_body(number, NULL);
        support_append(&lines, body, strlen(body));
        support_append(&lines, "\n", 1);
        free(body);
    }
    free(temp_dir_write(desk->home, "waiting.jsonl", lines.bytes, lines.length));
    free(lines.bytes);
    desk_start(desk, &(struct desk_options){
                         .arguments = (const char *const[]){"create", "waiting.jsonl", NULL},
                         .environment = stages_once});
    int status;
    assert_true(pty_wait_exit(desk->pty, &status));
    /* And one that was refused behind the form's back. Each has two digits of attempts, however
     * many more come: pictures are compared. */
    change_journal(desk, "UPDATE intents SET state = 'rejected', unseen = 1, owner = NULL,"
                         " settled_ms = created_ms WHERE id = (SELECT min(id) FROM intents);"
                         "UPDATE attempts SET attempt = attempt + 10");
}

static bool outbox_is_filled(const struct desk *desk)
{
    static char filled_home[TEMP_DIR_SIZE]; /* once for each desk */
    bool filled = strcmp(filled_home, desk->home) == 0;
    memcpy(filled_home, desk->home, sizeof filled_home);
    return filled;
}

/* The server has written down all that was sent: it does so a moment after its answer. */
static bool audit_is_written(void *context)
{
    const struct desk *desk = context;
    char *journal = support_format("%s/state/invonce/journal.db", desk->home);
    long long sent = rows_number(journal, "SELECT count(*) FROM attempts");
    free(journal);
    return rows_number(desk->mock.store, "SELECT count(*) FROM audit WHERE outcome = 'failed'") ==
           sent;
}

void stages_open_outbox(struct desk *desk)
{
    stages_refuse_posts(desk, true);
    if (!outbox_is_filled(desk)) fill_outbox(desk);
    desk_start_filled(desk, "2026-0903", NULL, &(struct desk_options){.environment = stages_once});
    look_row(desk->pty, "Editing", "is still waiting for confirmation");
    keys_press(desk->pty, "<F4>");
    look_row(desk->pty, "Number", "Attempts");
    keys_press(desk->pty, "<PageDown><Down>");
    assert_true(support_wait_until(audit_is_written, desk, PATIENCE_MS));
}

/* As if a window had been killed before anybody saw it. */
void stages_open_refused(struct desk *desk)
{
    stages_clean_home(desk); /* the only one in the outbox */
    stages_refuse_posts(desk, false);
    char *changes = stages_long_changes(STAGES_CUSTOMER);
    char *body = sample_body(TAKEN, changes);
    free(temp_dir_write(desk->home, "taken.json", body, strlen(body)));
    free(changes);
    free(body);
    desk_start(desk, &(struct desk_options){
                         .arguments = (const char *const[]){"create", "taken.json", NULL}});
    int status;
    assert_true(pty_wait_exit(desk->pty, &status));
    change_journal(desk, "UPDATE intents SET unseen = 1");
    desk_start(desk, &(struct desk_options){.environment = stages_patient});
    look_row(desk->pty, "Editing", "1 refused, to be seen: F4");
    look_row(desk->pty, "Invonce", "north / ana");
    keys_press(desk->pty, "<F4>");
    look_row(desk->pty, "> " TAKEN, "not created");
    keys_press(desk->pty, "<Enter>");
    look_status(desk->pty, "Conflict");
}

void stages_open_standing(struct desk *desk)
{
    stages_open_refused(desk);
    keys_press(desk->pty, "v");
    look_for(desk->pty, "The original invoice");
    keys_press(desk->pty, "<PageDown><Down>");
    look_for(desk->pty, IN_THE_MIDDLE);
}
