/* What the form does with each answer, and with none: a lost reply, a taken number, a refusal, a
 * server that is gone. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TAKEN                                                                                      \
    "This invoice number already exists. We kept the original and didn't create a second one."

static struct desk desk;

static void open_form(const char *number, const char *fault)
{
    desk_open(&desk, fault != NULL ? (const char *const[]){"--fault", fault, NULL} : NULL);
    desk_start_filled(&desk, number, NULL, &(struct desk_options){0});
}

static void a_lost_reply_is_asked_for_again_with_the_same_key(void **state)
{
    (void)state;
    open_form("2026-0101", "drop-response@attempt=1");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "Invoice created");
    look_for(desk.pty, "2 attempts");
    char key[IDEMPOTENCY_KEY_SIZE];
    ledger_expect(&desk, "created replayed", key);
    look_for(desk.pty, key);
    ledger_expect_invoices(&desk, 1);
}

/* Between the attempts the status line says why. The second reply is held, so that it stays. */
static void the_second_attempt_is_seen(void **state)
{
    (void)state;
    desk_open(&desk,
              (const char *const[]){"--faults-api", "--fault", "drop-response@attempt=1", "--fault",
                                    "delay-before-commit" MOCK_HOLDS "@attempt=2", NULL});
    desk_start_filled(&desk, "2026-0102", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Saving", "trying again with the same key, attempt 2");
    keys_press(desk.pty, "<Enter>");
    assert_true(pty_wait_idle(desk.pty));
    mock_let_go(&desk.mock);
    look_status(desk.pty, "Created");
    look_sentence(desk.pty, "we ignored the duplicate submission and kept your first request.");
    ledger_expect(&desk, "created replayed", NULL);
    ledger_expect_invoices(&desk, 1);
}

static void refusals_that_pass_are_waited_out(void **state)
{
    (void)state;
    open_form("2026-0103", "status=503@first=2");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "3 attempts");
    ledger_expect(&desk, "failed failed created", NULL);
    ledger_expect_invoices(&desk, 1);
}

/* Numbers are compared as people do: full-width capitals are no other number. The original is
 * shown, nothing typed is lost. */
static void a_taken_number_is_a_conflict(void **state)
{
    (void)state;
    open_form("inv-0104", NULL);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    desk_start_filled(&desk, "\xef\xbc\xa9\xef\xbc\xae\xef\xbc\xb6-0104",
                      "{\"notes\":\"typed by the second\"}", &(struct desk_options){0});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    look_sentence(desk.pty, TAKEN);
    look_for(desk.pty, "inv_");
    ledger_expect_invoices(&desk, 1);
    keys_press(desk.pty, "<Enter>");
    keys_press(desk.pty, "<Esc>");
    look_status(desk.pty, "Editing");
    look_row(desk.pty, "Notes", "typed by the second");
    keys_press(desk.pty, "<C-a><C-k>2026-0105<Enter>");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "2026-0105");
    ledger_expect_invoices(&desk, 2);
    assert_int_equal(desk_keys(&desk), 3);
}

/* The form's own check is the server's: what breaks a rule is said without asking. */
/* Another number would not help, and isn't asked for. */
static void a_taken_reference_is_named(void **state)
{
    (void)state;
    static const char reference[] = "{\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}";
    desk_open(&desk, NULL);
    desk_create(&desk, "2026-0121", reference);
    desk_start_filled(&desk, "2026-0122", reference, &(struct desk_options){0});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    look_row(desk.pty, "Reference", "shop A-17");
    look_sentence(desk.pty, "its reference (from the file of --prefill) is what must change.");
    look_gone(desk.pty, "change the number");
    ledger_expect_invoices(&desk, 1);
}

static void an_invalid_form_says_what_is_wrong(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    desk_start_filled(&desk, "2026-0106", "{\"customer\":{\"email\":\"nobody\"}}",
                      &(struct desk_options){0});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Rejected");
    look_focus(desk.pty, "Customer e-mail");
    look_row(desk.pty, "Customer e-mail", "nobody");
    ledger_expect_invoices(&desk, 0);
    ledger_expect(&desk, "", NULL);
    keys_press(desk.pty, "<C-a><C-k>someone@example.org<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0106");
}

/* A token that the server doesn't know: nothing can have been done, so the form unlocks. */
static void a_refused_token_unlocks(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    desk_start_filled(&desk, "2026-0107", NULL,
                      &(struct desk_options){.arguments = (const char *const[]){
                                                 "--token", "nobody-knows-this-token", NULL}});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Rejected");
    look_row(desk.pty, "Number", "2026-0107");
    ledger_expect_invoices(&desk, 0);
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    size_t length;
    assert_null(strstr(pty_raw(desk.pty, &length), "nobody-knows-this-token"));
}

/* The server takes the request and says nothing; later it comes back: the same key settles it. */
static void no_answer_is_unconfirmed_until_one_comes(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    desk_start_filled(&desk, "2026-0108", NULL,
                      &(struct desk_options){.environment = desk_impatient});
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    look_for(desk.pty, "Try again now");
    look_for(desk.pty, "Keep in the outbox");
    look_for(desk.pty, "2026-0108");
    keys_press(desk.pty, "<Enter><C-s>");
    look_status(desk.pty, "Unconfirmed");
    desk_let_go_server(&desk);
}

/* Nothing listens there. */
static void a_dead_server_is_unconfirmed(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    mock_kill(&desk.mock);
    desk_start_filled(&desk, "2026-0109", NULL,
                      &(struct desk_options){.environment = desk_impatient});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    look_status(desk.pty, "Unconfirmed");
    look_for(desk.pty, "Try again now");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 5);
    look_for(desk.pty, "2026-0109");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_OPENING_TEST(a_lost_reply_is_asked_for_again_with_the_same_key),
        DESK_OPENING_TEST(the_second_attempt_is_seen),
        DESK_OPENING_TEST(refusals_that_pass_are_waited_out),
        DESK_OPENING_TEST(a_taken_number_is_a_conflict),
        DESK_OPENING_TEST(a_taken_reference_is_named),
        DESK_OPENING_TEST(an_invalid_form_says_what_is_wrong),
        DESK_OPENING_TEST(a_refused_token_unlocks),
        DESK_OPENING_TEST(no_answer_is_unconfirmed_until_one_comes),
        DESK_OPENING_TEST(a_dead_server_is_unconfirmed),
    };
    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
