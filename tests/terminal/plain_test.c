/* --plain: the form line by line. The same audit trail as on the screen, for the same answers; and
 * what only a conversation has: questions asked again, answers that come too early, no terminal. */
#include "protocol/wire/canonical_json.h"
#include "tests/support/http.h"
#include "tests/support/support.h"
#include "tests/support/test_clock.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/puppet.h"
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
#define IGNORED "Invoice created - we ignored the duplicate submission and kept your first request."

static struct desk desk;
static size_t answered; /* of what the program wrote: all this was before the last answer */
static const char *const plainly[] = {"--plain", NULL};

static void open_desk(const char *fault)
{
    desk_open(&desk, fault != NULL ? (const char *const[]){"--fault", fault, NULL} : NULL);
}

static void begin(const struct desk_options *options)
{
    answered = 0;
    desk_start(&desk, options);
}

static void start_plain(const char *const *environment)
{
    begin(&(struct desk_options){
        .arguments = plainly, .environment = environment, .rows = 48, .cols = 200});
}

/* --- questions and answers --- */

static bool is_asked(struct pty *pty, const void *question)
{
    size_t length;
    const char *raw = pty_raw(pty, &length);
    if (answered > length) answered = 0;
    const char *line = memrchr(raw + answered, '\n', length - answered);
    return line != NULL && strncmp(line + 1, question, strlen(question)) == 0;
}

/* The last line is a question that begins so, and newer than the last answer. */
#define expect_question(question) expect_question_at(question, __FILE__, __LINE__)
static void expect_question_at(const char *question, const char *file, int line)
{
    if (!pty_wait(desk.pty, is_asked, question))
        look_fail(desk.pty, file, line, "\"%s\" isn't asked", question);
}

#define answer(question, text) answer_at(question, text, __FILE__, __LINE__)
static void answer_at(const char *question, const char *text, const char *file, int line)
{
    expect_question_at(question, file, line);
    pty_raw(desk.pty, &answered);
    keys_press(desk.pty, text);
    keys_press(desk.pty, "<Enter>");
}

#define ASK_DESCRIPTION "Line 1, Description"
#define ASK_CREATE      "Create this invoice? [y/N]"

static void answer_fields(const char *number)
{
    answer("Number", number);
    answer("Issue date", "");
    answer("Due date", "+30");
    answer("Currency", "");
    answer("Customer e-mail", "ap@northwind.example");
    answer("Customer name", "Northwind Ltd");
    answer(ASK_DESCRIPTION, "Consulting");
    answer("Line 1, Quantity", "1.5");
    answer("Line 1, Unit price", "120.00");
    answer("Line 1, Tax %", "21");
    answer("Line 2, Description", "");
    answer("Notes", "");
}

static void type_fields(const char *number)
{
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, number);
    keys_press(desk.pty, "<Tab><Tab>+30<Tab><Tab>ap@northwind.example<Tab>Northwind Ltd<Tab>");
    keys_press(desk.pty, "Consulting<Tab>1.5<Tab>120.00<Tab>21");
}

/* --- the same stories in both --- */

static void create_on_screen(void)
{
    type_fields("2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
}

static void create_plainly(void)
{
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
}

static void renumber_on_screen(void)
{
    create_on_screen();
    keys_press(desk.pty, "n");
    type_fields("2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    keys_press(desk.pty, "<Esc>");
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<C-u>2026-0044<Enter>");
    look_status(desk.pty, "Created");
}

static void renumber_plainly(void)
{
    create_plainly();
    answer("n New invoice", "n");
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("e Back to the form");
    look_sentence(desk.pty, TAKEN);
    answer("e Back to the form", "e");
    answer("Number [2026-0042]", "2026-0044");
    answer(ASK_CREATE, "yes");
    expect_question("n New invoice");
}

static void try_again_on_screen(void)
{
    type_fields("2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    keys_press(desk.pty, "t");
    look_status(desk.pty, "Created");
}

static void try_again_plainly(void)
{
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("t Try again now");
    look_for(desk.pty, "may or may not exist");
    answer("t Try again now", "t");
    expect_question("n New invoice");
}

/* The audit as the server gives it, without times and request ids, keys told apart by their order.
 * New reference. */
static struct json *audit_trail(void)
{
    char *url = support_format("%s/v1/audit", desk.mock.url);
    struct http_reply reply = http_send(&(struct http_request){.url = url, .token = TOKEN_ANA});
    free(url);
    struct json *data = json_take(reply.json, json_member(reply.json, "data"));
    struct json *keys = json_new_object();
    size_t i;
    struct json *entry;
    for (i = 0, entry = json_first(data); entry != NULL; entry = json_next(entry), i++) {
        const char *key = json_text(entry, "key");
        if (json_member(keys, key) == NULL)
            json_put(keys, key, json_new_integer((int64_t)json_count(keys) + 1));
        json_put(entry, "key", json_copy(json_member(keys, key)));
        json_remove(entry, "at");
        json_remove(entry, "request_id");
    }
    json_free(keys);
    http_reply_clear(&reply);
    return data;
}

static struct json *audit_of(const char *fault, const char *const *arguments, void (*play)(void))
{
    open_desk(fault);
    begin(&(struct desk_options){.arguments = arguments,
                                 .environment =
                                     (const char *const[]){"INVONCE_RETRY_BUDGET=5s", NULL},
                                 .rows = 48,
                                 .cols = 200});
    play();
    struct json *trail = audit_trail();
    assert_true(desk_close(&desk));
    return trail;
}

static void expect_the_same_audit(const char *fault, void (*on_screen)(void), void (*plain)(void),
                                  size_t entries)
{
    struct json *screen = audit_of(fault, NULL, on_screen);
    struct json *lines = audit_of(fault, plainly, plain);
    char *both[2] = {canonical_json(screen, NULL), canonical_json(lines, NULL)};
    assert_string_equal(both[0], both[1]);
    assert_int_equal(json_count(screen), entries);
    free(both[0]);
    free(both[1]);
    json_free(screen);
    json_free(lines);
}

static void both_modes_leave_the_same_audit(void **state)
{
    (void)state;
    expect_the_same_audit(NULL, create_on_screen, create_plainly, 1);
    expect_the_same_audit("drop-response@attempt=1", create_on_screen, create_plainly, 2);
    expect_the_same_audit(NULL, renumber_on_screen, renumber_plainly, 3);
    expect_the_same_audit("status=503:retry-after=60@attempt=1", try_again_on_screen,
                          try_again_plainly, 2);
}

/* --- only here --- */

static void a_lost_reply_is_told_line_by_line(void **state)
{
    (void)state;
    open_desk("drop-response@attempt=1");
    start_plain(NULL);
    create_plainly();
    look_for(desk.pty, "Saving...");
    look_for(desk.pty, "trying again with the same key, attempt 2");
    look_for(desk.pty, "2 attempts, 1 record");
    look_row(desk.pty, "Invoice created", "inv_");
    ledger_expect(&desk, "created replayed", NULL);
}

/* What is typed while it is being saved counts where it is Enter, and acts on nothing. */
static void many_enters_make_one_invoice(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    expect_question(ASK_CREATE);
    desk_hold_server(&desk);
    keys_press(desk.pty, "y<Enter><Enter>y<Enter><Enter>");
    look_for(desk.pty, "Saving...");
    keys_press(desk.pty, "n<Enter>q<Enter>y<Enter>half of a line");
    assert_true(pty_wait_read(desk.pty));
    desk_let_go_server(&desk);
    expect_question("n New invoice");
    look_sentence(desk.pty, IGNORED);
    answer("n New invoice", "");
    answer("n New invoice", "q");
    look_clean_exit(desk.pty, 0);
    ledger_expect_one(&desk, "2026-0042");
}

/* Several lines in one go, as from a paste: what stood ready before the question isn't its answer.
 */
static void a_pasted_yes_creates_nothing(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "2026-0042");
    answer("Issue date", "");
    answer("Due date", "");
    answer("Currency", "");
    answer("Customer e-mail", "ana@example.com tel. 123"); /* joined it would pass */
    look_sentence(desk.pty, "There is more than an e-mail address in that");
    answer("Customer e-mail", "Ana Silva <lt>ana@example.com>");
    answer("Customer name [Ana Silva]", "");
    answer(ASK_DESCRIPTION, "Consulting");
    answer("Line 1, Quantity", "1");
    answer("Line 1, Unit price", "120.00");
    answer("Line 1, Tax %", "21");
    answer("Line 2, Description", "");
    expect_question("Notes");
    pty_send(desk.pty, "Many thanks\ny\ny\ny", 17);
    expect_question(ASK_CREATE);
    assert_true(pty_wait_idle(desk.pty));
    assert_int_equal(desk_invoices(&desk), 0);
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
    ledger_expect_one(&desk, "2026-0042");
}

/* What can't be is asked for again, with a sentence; what stands in brackets is kept by Enter, and
 * is never the answer that was refused. */
static void a_wrong_answer_is_asked_for_again(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "");
    look_for(desk.pty, "required");
    answer("Number", "2026-0042");
    answer("Issue date", "13/45");
    look_sentence(desk.pty, "date");
    answer("Issue date [2", "2026-11-22");
    answer("Due date", "-1");
    answer("Due date (may stay empty)", "");
    answer("Currency [EUR]", "ZZZ");
    answer("Currency [EUR]", "-");
    look_for(desk.pty, "required");
    answer("Currency [EUR]", "");
    answer("Customer e-mail: ", "nobody");
    answer("Customer e-mail: ", "ap@northwind.example");
    answer("Customer name (may stay empty)", "");
    answer(ASK_DESCRIPTION, "");
    look_for(desk.pty, "one line at least");
    answer(ASK_DESCRIPTION, "Tea");
    answer("Line 1, Quantity", "0");
    answer("Line 1, Quantity: ", "2");
    answer("Line 1, Unit price", "1.25");
    answer("Line 1, Tax % [0]", "101");
    answer("Line 1, Tax % [0]", "");
    answer("Line 2, Description", "");
    answer("Notes", "");
    expect_question(ASK_CREATE);
    look_for(desk.pty, "Total  EUR: 2.50");
    answer(ASK_CREATE, "");
    look_for(desk.pty, "Nothing was created");
    answer("Number [2026-0042]", "<C-d>");
    look_for(desk.pty, "kept as a draft");
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 0);
}

/* All fields were asked for: one can be changed without going through the others. */
static void one_field_alone_can_be_changed(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    answer(ASK_CREATE, "n");
    look_for(desk.pty, "/7 Line 1, /8 New line, /9 Notes");
    answer("Number [2026-0042]", "/9");
    answer("Notes", "Thank you");
    answer(ASK_CREATE, "n");
    answer("Number [2026-0042]", "/line 1");
    answer("Line 1, Description [Consulting]", "");
    answer("Line 1, Quantity [1.5]", "0");
    answer("Line 1, Quantity [1.5]", "2");
    answer("Line 1, Unit price [120.00]", "");
    answer("Line 1, Tax % [21]", "");
    answer(ASK_CREATE, "n");
    answer("Number [2026-0042]", "/8");
    answer("Line 2, Description", "Tea");
    answer("Line 2, Quantity", "1");
    answer("Line 2, Unit price", "10.00");
    answer("Line 2, Tax % [0]", "");
    answer(ASK_CREATE, "n");
    answer("Number [2026-0042]", "");
    answer("Issue date [2", "/colour");
    look_for(desk.pty, "no such field");
    answer("Issue date [2", "/");
    look_for(desk.pty, "Total  EUR: 300.40");
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
    ledger_expect_one(&desk, "2026-0042");
}

/* As in the form: the name that goes with the e-mail, to be kept or not. */
static void a_known_customer_is_suggested(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    create_plainly();
    answer("n New invoice", "n");
    answer("Number", "2026-0043");
    answer("Issue date", "");
    answer("Due date", "");
    answer("Currency", "");
    answer("Customer e-mail", "stranger@northwind.example");
    answer("Customer name (may stay empty)", "<C-c>");
    look_clean_exit(desk.pty, 0);
    start_plain(NULL);
    answer("r Recover", "r");
    answer("Number [2026-0043]", "");
    answer("Issue date [2", "");
    answer("Due date", "");
    answer("Currency [EUR]", "");
    answer("Customer e-mail [stranger@northwind.example]", "AP@northwind.example");
    answer("Customer name [Northwind Ltd]", "");
    answer(ASK_DESCRIPTION, "<C-c>");
    look_clean_exit(desk.pty, 0);
}

static void a_draft_is_offered(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "2026-0042");
    answer("Issue date", "<C-c>");
    look_clean_exit(desk.pty, 0);
    start_plain(NULL);
    look_for(desk.pty, "A draft was kept");
    answer("r Recover", "");
    answer("r Recover", "r");
    answer("Number [2026-0042]", "<C-d>");
    look_clean_exit(desk.pty, 0);
    begin(&(struct desk_options){.arguments = (const char *const[]){"--plain", "--recover", NULL}});
    expect_question("Number [2026-0042]");
}

/* Only what the server refused is asked for again, and nothing it says reaches the terminal raw. */
static void what_cannot_be_read_is_asked_for_again(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "2026-0042");
    answer("Issue date", "");
    answer("Due date", "");
    answer("Currency", "");
    answer("Customer e-mail", "ap@northwind.example");
    answer("Customer name", "Caf\xe9");
    look_for(desk.pty, "bytes that are no UTF-8");
    answer("Customer name (may", "Cafe\x1b[D\xc3\xa9");
    look_for(desk.pty, "control characters");
    answer("Customer name (may", "Caf\xc3\xa9");
    expect_question(ASK_DESCRIPTION);
}

/* The question is there to be answered once more; any other answer keeps what was typed. */
static void throwing_away_takes_two_answers(void **state)
{
    (void)state;
    open_desk(NULL);
    desk_create(&desk, "2026-0042", NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    answer("e Back to the form", "n");
    look_for(desk.pty, "That throws away what was typed");
    answer("e Back to the form", "v");
    answer("e Back to the form", "n");
    answer("e Back to the form", "q");
    look_clean_exit(desk.pty, 0);
    start_plain(NULL);
    answer("r Recover", "d");
    answer("r Recover", "x");
    answer("r Recover", "d");
    answer("r Recover", "d");
    expect_question("Number");
}

static void what_was_refused_is_asked_for_again(void **state)
{
    (void)state;
    struct puppet *puppet = puppet_start(
        "422 Unprocessable Content", "application/problem+json",
        "{\"type\":\"urn:invonce:problem:validation-failed\",\"title\":\"t\",\"status\":422,"
        "\"detail\":\"d\",\"effect\":\"none\",\"retry\":\"new_key\",\"errors\":[{\"pointer\":"
        "\"/customer/email\",\"code\":\"not-an-email\",\"detail\":\"It is \\u001b[41mred.\"}]}");
    char *server = support_format("INVONCE_SERVER=%s", puppet_url(puppet));
    open_desk(NULL);
    start_plain((const char *const[]){server, NULL});
    free(server);
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    look_for(desk.pty, "Rejected: Customer e-mail");
    answer("Customer e-mail [ap@northwind.example]", "ap@south.example");
    expect_question(ASK_CREATE);
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    assert_null(memmem(raw, length, "\033[41m", 5));
    assert_non_null(memmem(raw, length, "[41mred.", 8));
    puppet_stop(puppet);
}

/* Left while saving it is in the journal, and the next start tells what became of it first. */
static void what_was_left_is_settled_and_told(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    expect_question(ASK_CREATE);
    desk_hold_server(&desk);
    answer(ASK_CREATE, "y");
    look_for(desk.pty, "Saving...");
    keys_press(desk.pty, "<C-c>");
    look_clean_exit(desk.pty, 5);
    look_sentence(desk.pty, "2026-0042 is in the journal");
    desk_let_go_server(&desk);
    start_plain(NULL);
    expect_question("Number [2026-0043]");
    look_for(desk.pty, "2026-0042 from before is saved");
    ledger_expect_invoices(&desk, 1);
    assert_int_equal(desk_keys(&desk), 1);
}

static void a_number_that_waits_is_caught(void **state)
{
    (void)state;
    open_desk("status=503:retry-after=60@attempt=1");
    start_plain((const char *const[]){"INVONCE_RETRY_BUDGET=1s", NULL});
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("t Try again now");
    desk_hold_server(&desk);
    answer("t Try again now", "k");
    answer("Number", "2026-0042");
    look_sentence(desk.pty, "2026-0042 is waiting for confirmation");
    answer("Number: ", "2026-0043");
    expect_question("Issue date");
}

static void run_piped(const char *lines)
{
    char *command = support_format("printf '%s' | \"$0\" --plain", lines);
    begin(&(struct desk_options){
        .runner = (const char *const[]){"/bin/sh", "-c", command, NULL}, .rows = 48, .cols = 200});
    free(command);
}

#define PIPED                                                                                      \
    "2026-0042\\n\\n+30\\n\\nap@northwind.example\\nNorthwind\\nTea\\n2\\n1.25\\n\\n\\n\\n"

static void answers_may_come_from_a_pipe(void **state)
{
    (void)state;
    open_desk(NULL);
    run_piped(PIPED);
    look_for(desk.pty, ASK_CREATE);
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 0);
    run_piped("d\\n" PIPED "y");
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 0);
    run_piped("d\\n" PIPED "y\\n\\n\\ny\\nn\\n");
    look_for(desk.pty, "n New invoice");
    look_clean_exit(desk.pty, 0);
    ledger_expect_one(&desk, "2026-0042");
}

static void accessible_turns_it_on(void **state)
{
    (void)state;
    open_desk(NULL);
    begin(&(struct desk_options){.environment = (const char *const[]){"ACCESSIBLE=1", NULL}});
    answer("Number", "<C-d>");
    look_clean_exit(desk.pty, 0);
    begin(&(struct desk_options){.environment = (const char *const[]){"ACCESSIBLE=", NULL}});
    look_for(desk.pty, "[ Create invoice ]");
}

int main(void)
{
    /* Numbers are taken for a year: the samples' and today's is to be the same. */
    test_clock_set("=2026-11-22T10:02:11Z");
    const struct CMUnitTest tests[] = {
        DESK_OPENING_TEST(both_modes_leave_the_same_audit),
        DESK_OPENING_TEST(a_lost_reply_is_told_line_by_line),
        DESK_OPENING_TEST(a_pasted_yes_creates_nothing),
        DESK_OPENING_TEST(many_enters_make_one_invoice),
        DESK_OPENING_TEST(a_wrong_answer_is_asked_for_again),
        DESK_OPENING_TEST(one_field_alone_can_be_changed),
        DESK_OPENING_TEST(a_known_customer_is_suggested),
        DESK_OPENING_TEST(a_draft_is_offered),
        DESK_OPENING_TEST(what_cannot_be_read_is_asked_for_again),
        DESK_OPENING_TEST(throwing_away_takes_two_answers),
        DESK_OPENING_TEST(what_was_refused_is_asked_for_again),
        DESK_OPENING_TEST(what_was_left_is_settled_and_told),
        DESK_OPENING_TEST(a_number_that_waits_is_caught),
        DESK_OPENING_TEST(answers_may_come_from_a_pipe),
        DESK_OPENING_TEST(accessible_turns_it_on),
    };
    return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
