/* --plain looks by the way at what the server has and at what isn't settled, line by line, and the
 * form is as it was. */
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/support/test_clock.h"
#include "tests/terminal/dialogue.h"
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

#define LIST   "a number Open, /text Search, m More"
#define OPENED "d Again, c Credit, b Back"
#define OUTBOX "r Resume now, b Back"

static const char rent[] = "{\"issue_date\":\"2026-11-01\",\"due_date\":null,\"lines\":[{"
                           "\"description\":\"Rent\",\"quantity\":\"1\",\"unit_price\":"
                           "\"12345.60\",\"tax_rate\":\"0\"}],\"notes\":\"Ordem de Lúcia\"}";

static void fill(void)
{
    open_desk(NULL);
    desk_create(&desk, "2026-0501", rent);
    desk_create(&desk, "2026-0502", "{\"currency\":\"USD\"}");
}

/* Where the point of the amount stands on the row with those words. */
static size_t point_of(const char *words, const char *amount)
{
    look_row(desk.pty, words, amount);
    int rows, cols;
    pty_size(desk.pty, &rows, &cols);
    for (int i = rows; i-- > 0;) {
        char *row = screen_row(desk.pty, i);
        const char *at = strstr(row, words) != NULL ? strstr(row, amount) : NULL;
        size_t place = at != NULL ? (size_t)(at - row) + strcspn(amount, ".") : 0;
        free(row);
        if (at != NULL) return place;
    }
    return 0;
}

static void recent_is_listed_searched_and_opened(void **state)
{
    (void)state;
    fill();
    start_plain(NULL);
    answer("Number [2026-0503]", "2026-0510");
    answer("Issue date", "/recent");
    expect_question(LIST);
    look_row(desk.pty, "1  2026-0502  2026-11-22", "217.80 USD");
    look_row(desk.pty, "2  2026-0501  2026-11-01", "12,345.60 EUR  Northwind");
    look_for(desk.pty, "Sum of these 2");
    assert_int_equal(point_of("1  2026-0502", "217.80"), point_of("2  2026-0501", "12,345.60"));
    assert_int_equal(point_of("1  2026-0502", "USD"), point_of("2  2026-0501", "EUR"));
    answer(LIST, "/nowhere said");
    expect_question("/text Search, m More");
    look_sentence(desk.pty, "Nothing like that among the newest");
    answer("/text Search", "/");
    answer(LIST, "/LÚCIA");
    expect_question(LIST);
    look_row(desk.pty, "1  2026-0501", "12,345.60 EUR");
    look_for(desk.pty, "Sum of these 1");
    answer(LIST, "7");
    expect_question(LIST);
    look_for(desk.pty, "There is no 7 in the list");
    answer(LIST, "1");
    expect_question(OPENED);
    look_row(desk.pty, "Line 1: Rent", "12,345.60");
    look_row(desk.pty, "Notes", "Ordem de Lúcia");
    answer(OPENED, "d");
    expect_question(OPENED);
    look_for(desk.pty, "the form holds another invoice: finish that one first");
    answer(OPENED, "b");
    answer(LIST, "b");
    expect_question("Issue date"); /* as it was */
    answer("Issue date", "/outbox");
    expect_question("r Resume now");
    look_for(desk.pty, "Everything is settled");
    answer("r Resume now", "b");
    expect_question("Issue date");
    ledger_expect_invoices(&desk, 2);
}

/* From one that is opened the next is begun: another intent, at its own press. */
static void one_is_entered_again_from_the_list(void **state)
{
    (void)state;
    fill();
    start_plain(NULL);
    answer("Number [2026-0503]", "-");
    answer("Number", "/RECENT");
    answer(LIST, "2");
    answer(OPENED, "d");
    answer("Number", "2026-0511");
    for (int i = 0; i < 5; i++) {
        static const char *const questions[] = {"Issue date", "Due date", "Currency",
                                                "Customer e-mail", "Customer name"};
        answer(questions[i], "");
    }
    answer("Line 1, Description [Rent]", "");
    answer("Line 1, Quantity", "");
    answer("Line 1, Unit price", "");
    answer("Line 1, Tax %", "");
    answer("Line 2, Description", "");
    answer("Notes", "");
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
    ledger_expect_invoices(&desk, 3);
    assert_int_equal(desk_keys(&desk), 3);
}

static void change_journal(const char *script)
{
    char *journal = support_format("%s/state/invonce/journal.db", desk.home);
    rows_change(journal, script);
    free(journal);
}

/* 2026-0501 once more, which is taken; the journal is changed as if nobody had seen it. */
static void leave_refused(const char *script)
{
    fill();
    desk_start_filled(&desk, "2026-0501", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    desk_leave(&desk);
    change_journal(script);
    change_journal("DELETE FROM drafts");
}

/* What was refused behind one's back is opened and taken back, in the language spoken. */
static void a_refusal_is_taken_back_from_the_outbox(void **state)
{
    (void)state;
    leave_refused("UPDATE intents SET unseen = 1, owner = NULL WHERE state = 'conflict'");
    start_plain((const char *const[]){"INVONCE_LANG=pt_BR", NULL});
    answer("Número", "/envios");
    expect_question("um número Abrir");
    look_row(desk.pty, "1  2026-0501", "não criada: conflito");
    answer("um número Abrir", "1");
    expect_question("t Retomar");
    look_sentence(desk.pty, "Esse número de fatura já existe.");
    answer("t Retomar", "v");
    look_row(desk.pty, "A fatura original", "inv_1001");
    answer("t Retomar", "t");
    answer("Número [2026-0501]", "2026-0512");
    answer("Criar esta fatura?", "s");
    expect_question("n Nova fatura");
    ledger_expect_invoices(&desk, 3);
}

/* What was refused for what is in it is told, and is done with when it has been seen. */
static void a_refusal_is_seen_to_the_end(void **state)
{
    (void)state;
    leave_refused("UPDATE intents SET unseen = 1, owner = NULL, state = 'rejected'"
                  " WHERE state = 'conflict'");
    start_plain(NULL);
    answer("Number", "/outbox");
    expect_question("a number Open");
    look_row(desk.pty, "1  2026-0501", "not created: refused");
    answer("a number Open", "9");
    expect_question("a number Open");
    look_for(desk.pty, "There is no 9 in the list");
    answer("a number Open", "1");
    expect_question("t Take back");
    look_for(desk.pty, "Not created");
    look_sentence(desk.pty, "This invoice number already exists.");
    answer("t Take back", "a");
    expect_question(OUTBOX);
    look_for(desk.pty, "Everything is settled");
    ledger_expect_invoices(&desk, 2);
}

/* Of 45 there are three pages, and an order of another kind. */
static void recent_goes_on_to_its_last_page(void **state)
{
    (void)state;
    open_desk(NULL);
    struct support_buffer list = {0};
    for (int i = 1; i <= 45; i++) {
        char *number = support_format("2026-%04d", i);
        char *body = sample_body(number, NULL);
        support_append(&list, body, strlen(body));
        support_append(&list, "\n", 1);
        free(number);
        free(body);
    }
    free(temp_dir_write(desk.home, "many.jsonl", list.bytes, list.length));
    free(list.bytes);
    begin(&(struct desk_options){
        .arguments = (const char *const[]){"create", "--in-flight", "1", "many.jsonl", NULL}});
    int status;
    assert_true(pty_wait_exit(desk.pty, &status));
    start_plain(NULL);
    answer("Number", "/recent");
    expect_question(LIST);
    look_row(desk.pty, "20  2026-0026", "217.80 EUR");
    answer(LIST, "m");
    expect_question(LIST);
    look_row(desk.pty, "40  2026-0006", "217.80 EUR");
    answer(LIST, "m");
    expect_question(LIST);
    look_row(desk.pty, "45  2026-0001", "217.80 EUR");
    answer(LIST, "m");
    expect_question(LIST);
    look_for(desk.pty, "That was the last page.");
    answer(LIST, "g");
    expect_question(LIST);
    look_row(desk.pty, " 1  2026-0045", "217.80 EUR");
    answer(LIST, "45");
    expect_question(OPENED);
    look_for(desk.pty, "2026-0001");
}

/* What waits is sent again, with its own key. */
static void what_waits_is_resumed(void **state)
{
    (void)state;
    open_desk("status=503@first=1");
    start_plain((const char *const[]){"INVONCE_RETRY_BUDGET=1ms", NULL});
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("t Try again now");
    desk_hold_server(&desk);
    answer("t Try again now", "k");
    answer("Number", "/outbox");
    expect_question(OUTBOX);
    look_row(desk.pty, "1  2026-0042", "attempt");
    desk_let_go_server(&desk);
    answer(OUTBOX, "r");
    expect_question(OUTBOX);
    look_for(desk.pty, "2026-0042 from before is saved");
    answer(OUTBOX, "o");
    answer(OUTBOX, "b");
    expect_question("Number");
    ledger_expect_invoices(&desk, 1);
    assert_int_equal(desk_keys(&desk), 1);
}

/* Over what is unconfirmed one can look, and what is sent again first is that one. */
static void the_unconfirmed_one_is_sent_from_the_outbox(void **state)
{
    (void)state;
    open_desk("status=503@first=1");
    start_plain((const char *const[]){"INVONCE_RETRY_BUDGET=1ms", NULL});
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    answer("t Try again now, k Keep in the outbox, s Recent, o Outbox", "s");
    expect_question("/text Search");
    look_for(desk.pty, "There is no invoice yet");
    answer("/text Search", "b");
    answer("t Try again now", "o");
    expect_question(OUTBOX);
    look_row(desk.pty, "1  2026-0042", "waiting for confirmation");
    answer(OUTBOX, "b");
    answer("t Try again now", "o");
    answer(OUTBOX, "r");
    expect_question("n New invoice");
    ledger_expect_invoices(&desk, 1);
    assert_int_equal(desk_keys(&desk), 1);
}

int main(void)
{
    test_clock_set("=2026-11-22T10:02:11Z");
    const struct CMUnitTest tests[] = {
        DESK_OPENING_TEST(recent_is_listed_searched_and_opened),
        DESK_OPENING_TEST(one_is_entered_again_from_the_list),
        DESK_OPENING_TEST(a_refusal_is_taken_back_from_the_outbox),
        DESK_OPENING_TEST(a_refusal_is_seen_to_the_end),
        DESK_OPENING_TEST(recent_goes_on_to_its_last_page),
        DESK_OPENING_TEST(what_waits_is_resumed),
        DESK_OPENING_TEST(the_unconfirmed_one_is_sent_from_the_outbox),
    };
    return cmocka_run_group_tests_name("plain asides", tests, NULL, NULL);
}
