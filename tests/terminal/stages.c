#include "tests/terminal/stages_inside.h"

#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LINES 40 /* more than any view shows at 80 x 24 */
#define KNOWN 40

/* Numbers that no stage has used before. */
static int next_number = 1000;

void stages_fresh_number(char number[16])
{
    snprintf(number, 16, "2026-%04d", next_number++);
}

char *stages_long_changes(const char *email)
{
    struct json *lines = json_new_array();
    for (int i = 0; i < LINES; i++)
        json_append(lines, json_new_texts("description", "Consulting by the hour", "quantity",
                                          "1.5", "unit_price", "120.00", "tax_rate", "21", NULL));
    struct json *changes =
        json_with(json_with(json_new_object(), "lines", lines), "customer",
                  json_new_texts("email", email, "name", "North Wind Trading", NULL));
    char *text = json_to(changes);
    json_free(changes);
    return text;
}

static void post(const struct desk *desk, const char *number, const char *changes)
{
    char *url = support_format("%s/v1/invoices", desk->mock.url);
    char *key = support_format("\"known-%s\"", number);
    char *body = sample_body(number, changes);
    struct http_reply reply =
        http_send(&(struct http_request){.url = url, .token = TOKEN_BOB, .key = key, .body = body});
    assert_int_equal(reply.status, 201);
    http_reply_clear(&reply);
    free(url);
    free(key);
    free(body);
}

static void open_desk(struct desk *desk)
{
    desk_open(desk, (const char *const[]){"--faults-api", NULL});
    char *changes = stages_long_changes(STAGES_CUSTOMER);
    for (int i = 1; i <= KNOWN; i++) {
        char number[16];
        snprintf(number, sizeof number, "2026-%04d", i);
        post(desk, number, changes);
    }
    free(changes);
}

int stages_set_up(void **desk)
{
    open_desk(*desk);
    return 0;
}

void stages_clean_home(struct desk *desk)
{
    desk_forget_home(desk);
}

void stages_refuse_posts(struct desk *desk, bool refuse)
{
    char *url = support_format("%s/_mock/faults", desk->mock.url);
    struct http_reply reply = http_send(
        &(struct http_request){.method = "PUT",
                               .url = url,
                               .token = TOKEN_ANA,
                               .body = refuse ? "{\"rules\":[\"status=503\"]}" : "{\"rules\":[]}"});
    assert_int_equal(reply.status, 200);
    http_reply_clear(&reply);
    free(url);
}

const char *const stages_patient[] = {"INVONCE_ATTEMPT_TIMEOUT=300s", "INVONCE_RETRY_BUDGET=600s",
                                      NULL};
const char *const stages_once[] = {"INVONCE_ATTEMPT_TIMEOUT=30s", "INVONCE_RETRY_BUDGET=50ms",
                                   NULL};
static const char *const impatient[] = {"INVONCE_ATTEMPT_TIMEOUT=500ms",
                                        "INVONCE_RETRY_BUDGET=100ms", NULL};

/* A form of many lines, whose account is known. */
static void open_long_form(struct desk *desk, const char *number, const char *email,
                           const char *const *environment)
{
    stages_refuse_posts(desk, false);
    char *changes = stages_long_changes(email);
    desk_start_filled(desk, number, changes, &(struct desk_options){.environment = environment});
    free(changes);
    free(desk_picture(desk));
}

/* Behind a change, in the middle of the words of a line in the middle. */
#define TO_THE_MIDDLE "<Down><Down><Down><Down><Down><Down><Down><Down><Down><Down>"
#define INTO_THE_WORDS                                                                             \
    "<Home><Right><Right><Right><Right><Right><Right><Right><Right><Right><Right><Right><Right>"

static void open_form(struct desk *desk)
{
    char number[16];
    stages_fresh_number(number);
    open_long_form(desk, number, STAGES_CUSTOMER, stages_patient);
    keys_press(desk->pty, "<Tab><Tab><Tab><Tab><Tab><Tab>" TO_THE_MIDDLE INTO_THE_WORDS "<Del>d");
    look_row(desk->pty, "11  Consulting bd the hour", "180.00");
}

static void open_rejected(struct desk *desk)
{
    open_long_form(desk, "2026-0902", "nobody", stages_patient);
    keys_press(desk->pty, "<Tab><Tab><Tab><Tab><Tab><Tab>" TO_THE_MIDDLE "<Home><Right><Del>d");
    keys_press(desk->pty, "<Enter>");
    look_status(desk->pty, "Rejected");
    keys_press(desk->pty, "<Tab><Tab>" TO_THE_MIDDLE "<Home><M-f><M-f><M-b>");
    look_row(desk->pty, "11  Cdnsulting by the hour", "180.00");
}

static void open_saving(struct desk *desk)
{
    char number[16];
    stages_fresh_number(number);
    open_long_form(desk, number, STAGES_CUSTOMER, stages_patient);
    desk_hold_server(desk);
    keys_press(desk->pty, "<Enter>");
    look_status(desk->pty, "Saving");
}

static void open_record(struct desk *desk)
{
    char number[16];
    stages_fresh_number(number);
    open_long_form(desk, number, STAGES_CUSTOMER, stages_patient);
    keys_press(desk->pty, "<Enter>");
    look_status(desk->pty, "Created");
    keys_press(desk->pty, "<PageDown><Down>");
    look_for(desk->pty, IN_THE_MIDDLE);
}

static void open_conflict(struct desk *desk)
{
    stages_clean_home(desk); /* killed before it was seen, it would stay in the outbox */
    open_long_form(desk, TAKEN, STAGES_CUSTOMER, stages_patient);
    keys_press(desk->pty, "<Enter>");
    look_status(desk->pty, "Conflict");
    look_for(desk->pty, "inv_");
}

static void open_original(struct desk *desk)
{
    open_conflict(desk);
    keys_press(desk->pty, "v");
    look_for(desk->pty, "The original invoice");
    keys_press(desk->pty, "<PageDown><Down>");
    look_for(desk->pty, IN_THE_MIDDLE);
}

struct lateness {
    const struct desk *desk;
    long long invoices;
};

/* The server has carried out what it had taken before it was held. */
static bool has_come_late(void *context)
{
    const struct lateness *lateness = context;
    return desk_invoices(lateness->desk) > lateness->invoices;
}

static void open_unconfirmed(struct desk *desk)
{
    char number[16];
    stages_clean_home(desk); /* the only one in the outbox */
    stages_fresh_number(number);
    open_long_form(desk, number, STAGES_CUSTOMER, impatient);
    desk_hold_server(desk);
    keys_press(desk->pty, "<Enter>");
    look_status(desk->pty, "Unconfirmed");
    long long before = desk_invoices(desk);
    desk_let_go_server(desk);
    assert_true(support_wait_until(has_come_late, &(struct lateness){desk, before}, PATIENCE_MS));
}

static void go_into_recent(struct desk *desk)
{
    keys_press(desk->pty, "<F3>north winx<Backspace>d");
    look_row(desk->pty, "> ", "North Wind Trading");
    keys_press(desk->pty, "<Left><Left><PageDown><Down>");
    look_row(desk->pty, "> 2026-", "North Wind Trading");
}

static void open_recent(struct desk *desk)
{
    open_form(desk);
    go_into_recent(desk);
}

/* What is looked into by the way isn't locked. */
static void open_recent_over_unconfirmed(struct desk *desk)
{
    open_unconfirmed(desk);
    go_into_recent(desk);
}

static void open_past(struct desk *desk)
{
    open_recent(desk);
    keys_press(desk->pty, "<Enter>");
    look_row(desk->pty, "Invoice", "inv_");
    keys_press(desk->pty, "<PageDown><Down>");
    look_for(desk->pty, IN_THE_MIDDLE);
}

static void open_offer(struct desk *desk)
{
    stages_refuse_posts(desk, false);
    desk_start(desk, &(struct desk_options){.environment = stages_patient});
    if (pty_wait_idle(desk->pty)) keys_press(desk->pty, "<Esc>");
    free(desk_picture(desk));
    keys_press(desk->pty, "<C-u>2026-0904<Tab><Tab><Tab><Tab>");
    keys_press(desk->pty, STAGES_CUSTOMER "<Tab>");
    look_row(desk->pty, "Editing", "draft kept");
    pty_signal(desk->pty, SIGKILL);
    int status;
    assert_true(pty_wait_exit(desk->pty, &status));
    desk_start(desk, &(struct desk_options){.environment = stages_patient});
    look_for(desk->pty, "A draft was kept");
    look_for(desk->pty, "2026-0904");
    look_row(desk->pty, "Invonce", "north / ana");
}

static void go_into_help(struct desk *desk)
{
    keys_press(desk->pty, "<F1>");
    look_for(desk->pty, "create the invoice, from any field");
    keys_press(desk->pty, "<Down><Down><Down>");
    look_gone(desk->pty, "create the invoice, from any field");
}

static void open_help(struct desk *desk)
{
    open_form(desk);
    go_into_help(desk);
}

static void open_help_while_saving(struct desk *desk)
{
    open_saving(desk);
    go_into_help(desk);
}

static bool draft_is_kept(void *context)
{
    const struct desk *desk = context;
    char *journal = support_format("%s/state/invonce/journal.db", desk->home);
    long long drafts = rows_number(journal, "SELECT count(*) FROM drafts");
    free(journal);
    return drafts > 0;
}

static void wait_for_kept_draft(struct desk *desk)
{
    assert_true(support_wait_until(draft_is_kept, desk, PATIENCE_MS));
}

static void wait_for_draft(struct desk *desk)
{
    look_row(desk->pty, "Editing", "draft kept");
}

static void make_small(struct desk *desk)
{
    pty_resize(desk->pty, 23, 80);
    look_sentence(desk->pty, "please make it larger.");
}

static void open_small(struct desk *desk)
{
    open_form(desk);
    make_small(desk);
}

static void open_small_while_saving(struct desk *desk)
{
    open_saving(desk);
    make_small(desk);
}

static void open_first_steps(struct desk *desk)
{
    desk_start(desk, &(struct desk_options){.environment = (const char *const[]){
                                                "INVONCE_TOKEN=nobody-0123456789abcdef", NULL}});
    look_for(desk->pty, "First steps");
}

static const struct stage table[] = {
    {.name = "form", .view = VIEW_FORM, .open = open_form, .settle = wait_for_draft},
    {.name = "rejected", .view = VIEW_FORM, .open = open_rejected, .settle = wait_for_kept_draft},
    {.name = "saving", .view = VIEW_FORM, .locked = true, .saving = true, .open = open_saving},
    {.name = "record", .view = VIEW_RECORD, .open = open_record},
    {.name = "conflict",
     .view = VIEW_CONFLICT,
     .open = open_conflict,
     .settle = wait_for_kept_draft},
    {.name = "original",
     .view = VIEW_ORIGINAL,
     .open = open_original,
     .settle = wait_for_kept_draft},
    {.name = "unconfirmed", .view = VIEW_UNCONFIRMED, .locked = true, .open = open_unconfirmed},
    {.name = "recent",
     .view = VIEW_RECENT,
     .open = open_recent,
     .settle = wait_for_draft,
     .back = "<Esc>",
     .behind = "11  Consulting bd the hour"},
    {.name = "recent over unconfirmed",
     .view = VIEW_RECENT,
     .open = open_recent_over_unconfirmed,
     .back = "<Esc>",
     .behind = "Try again now"},
    {.name = "past",
     .view = VIEW_PAST,
     .open = open_past,
     .settle = wait_for_kept_draft,
     .back = "<Esc><Esc><F12>",
     .behind = "11  Consulting bd the hour"},
    {.name = "outbox",
     .view = VIEW_OUTBOX,
     .open = stages_open_outbox,
     .back = "<Esc>",
     .behind = "2026-0903"},
    {.name = "refused",
     .view = VIEW_REFUSED,
     .open = stages_open_refused,
     .back = "<Esc>",
     .behind = "not created"},
    {.name = "standing",
     .view = VIEW_STANDING,
     .open = stages_open_standing,
     .back = "<Esc>",
     .behind = "Take back"},
    {.name = "offer", .view = VIEW_OFFER, .open = open_offer},
    {.name = "first steps",
     .view = VIEW_FIRST_STEPS,
     .open = open_first_steps,
     .back = "<Esc>",
     .behind = "[ Create invoice ]"},
    {.name = "help",
     .view = VIEW_HELP,
     .open = open_help,
     .settle = wait_for_draft,
     .back = "<Esc>",
     .behind = "11  Consulting bd the hour"},
    {.name = "help while saving",
     .view = VIEW_HELP,
     .locked = true,
     .saving = true,
     .open = open_help_while_saving},
    {.name = "small",
     .view = VIEW_FORM,
     .unseen = true,
     .open = open_small,
     .settle = wait_for_kept_draft},
    {.name = "small while saving",
     .view = VIEW_FORM,
     .locked = true,
     .unseen = true,
     .open = open_small_while_saving},
    {.name = "demo", .view = VIEW_FORM, .demo = true, .open = stages_open_demo},
    {.name = "demo, audit beside",
     .view = VIEW_FORM,
     .demo = true,
     .open = stages_open_demo_beside},
    {.name = "audit",
     .view = VIEW_AUDIT,
     .demo = true,
     .open = stages_open_audit,
     .settle = wait_for_draft},
};

const struct stage *stages_row(size_t index)
{
    return index < sizeof table / sizeof *table ? &table[index] : NULL;
}
