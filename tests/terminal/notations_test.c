/* Amounts and dates as people type and paste them, in the real form: each is written out where it
 * is left, or refused, and what can be read in two ways says both. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/notations.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct desk desk;

/* The words of a language that are looked for. */
static const struct words {
    enum notation_language language;
    const char *environment, *button, *due, *read_as, *or_as, *no_date;
} languages[] = {
    {NOTATION_EN, "INVONCE_LANG=en", "[ Create invoice ]", "Due date", "can be read as", "and as",
     "not a date"},
    {NOTATION_PT, "INVONCE_LANG=pt_BR", "[ Criar fatura ]", "Vencimento", "pode ser lido como",
     "e como", "data inv"},
};

static void start(const struct words *words)
{
    desk_start(&desk, &(struct desk_options){.environment =
                                                 (const char *const[]){words->environment, NULL}});
    look_for(desk.pty, words->button);
}

static void look_for_readings(const struct words *words, const struct notation *notation)
{
    char *sentence = support_format("\"%s\" %s %s %s %s", notation->typed, words->read_as,
                                    notation->read, words->or_as, notation->other);
    look_sentence(desk.pty, sentence);
    free(sentence);
}

/* In the unit price, as pasted, so that no blank is a key of its own. The currency is EUR. */
static void try_amount(const struct words *words, const struct notation *notation)
{
    keys_press(desk.pty, "<C-a><C-k>");
    pty_paste(desk.pty, notation->typed);
    keys_press(desk.pty, "<Tab>");
    if (notation->other) {
        look_for_readings(words, notation);
    } else if (notation->read) {
        char *read = support_format("_%s  _____", notation->read);
        look_row(desk.pty, "1  Tea", read);
        free(read);
    }
    keys_press(desk.pty, "<S-Tab>");
    if (!notation->read) look_row(desk.pty, "1  Tea", "!");
}

static void amounts_are_written_out_where_they_are_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(languages); i++) {
        start(&languages[i]);
        keys_press(desk.pty, "<Tab><Tab><Tab>EUR<Tab><Tab><Tab>Tea<Tab>1<Tab>");
        look_row(desk.pty, "1  Tea", "1");
        for (size_t n = 0; n < COUNT(notations_of_amounts); n++)
            if (notations_of_amounts[n].language & languages[i].language)
                try_amount(&languages[i], &notations_of_amounts[n]);
        desk_forget_home(&desk);
    }
}

static void try_date(const struct words *words, const struct notation *notation)
{
    keys_press(desk.pty, "<C-a><C-k>");
    keys_press(desk.pty, notation->typed);
    keys_press(desk.pty, "<Tab>");
    if (notation->other)
        look_for_readings(words, notation);
    else
        look_row(desk.pty, words->due, notation->read ? notation->read : words->no_date);
    keys_press(desk.pty, "<S-Tab>");
}

static void dates_are_written_out_where_they_are_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(languages); i++) {
        start(&languages[i]);
        keys_press(desk.pty, "<Tab>" NOTATIONS_TODAY "<Tab>");
        for (size_t n = 0; n < COUNT(notations_of_dates); n++)
            if (notations_of_dates[n].language & languages[i].language)
                try_date(&languages[i], &notations_of_dates[n]);
        desk_forget_home(&desk);
    }
}

/* Enter reads what has not been left; the server gets the strict spelling, and nothing is rounded.
 */
static void enter_reads_what_was_not_left(void **state)
{
    (void)state;
    start(&languages[0]);
    keys_press(desk.pty, "2026-0701<Tab><Tab>31.12.<Tab>EUR<Tab>a@b.example<Tab>B<Tab>Tea<Tab>"
                         "1,5<Tab>3*0.33333");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Rejected");
    look_row(desk.pty, "1  Tea", "0.99999");
    look_sentence(desk.pty, "has 5 decimals; 4 are the most.");
    keys_press(desk.pty, "<C-a><C-k>1 234,5");
    look_row(desk.pty, "Total", "1851.75"); /* it shows before it is left */
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "1  Tea", "1234.5");
    look_for(desk.pty, "due 2026-12-31");
    ledger_expect_one(&desk, "2026-0701");
}

/* Nothing is sent while it can be read in two ways, even where one of them is the strict one. */
static void what_can_be_read_in_two_ways_is_not_sent(void **state)
{
    (void)state;
    start(&languages[1]);
    keys_press(desk.pty, "2026-0702<Tab><Tab><Tab>EUR<Tab>a@b.example<Tab>B<Tab>Tea<Tab>1<Tab>"
                         "1.234<Enter>");
    look_status(desk.pty, "Rejeitada");
    look_sentence(desk.pty, "\"1.234\" pode ser lido como 1.2340 e como 1234");
    ledger_expect_invoices(&desk, 0);
    keys_press(desk.pty, "<C-a><C-k>1.2340<Enter>");
    look_status(desk.pty, "Criada");
    look_row(desk.pty, "1  Tea", "1.2340");
    ledger_expect_invoices(&desk, 1);
}

/* The keypad's comma, in application mode, and its times. */
static void the_keypad_types_amounts(void **state)
{
    (void)state;
    start(&languages[0]);
    keys_press(desk.pty, "<Tab><Tab><Tab>EUR<Tab><Tab><Tab>Tea<Tab>1<Tab>");
    pty_send(desk.pty, "\x1bOr\x1bOj\x1bOs\x1bOl\x1bOu", 15);
    keys_press(desk.pty, "<Tab>");
    look_row(desk.pty, "1  Tea", "7.0"); /* 2*3,5 */
}

static void days_are_counted_from_the_issue_date_as_it_changes(void **state)
{
    (void)state;
    start(&languages[0]);
    keys_press(desk.pty, "<Tab><Tab>+30<Tab>");
    look_row(desk.pty, "Due date", "2026-12-22 Tue");
    keys_press(desk.pty, "<S-Tab><S-Tab>2026-12-01");
    look_row(desk.pty, "2026-12-22", "Thu 12-31"); /* what it will be */
    keys_press(desk.pty, "<Tab>");
    look_row(desk.pty, "Due date", "2026-12-31 Thu");
    keys_press(desk.pty, "<S-Tab>2026-12-20<Tab>");
    look_row(desk.pty, "Due date", "2027-01-19 Tue");
    keys_press(desk.pty, "2027-02-01<Tab><S-Tab>"); /* a day is no count of days */
    look_row(desk.pty, "Due date", "2027-02-01 Mon");
    keys_press(desk.pty, "<S-Tab>2026-12-01<Tab>");
    look_row(desk.pty, "2027-02-01 Mon", "EUR");
    keys_press(desk.pty, "<C-_>");
    look_row(desk.pty, "Issue date", "2026-12-20");
}

/* The year is seen where it isn't this one. */
static void another_year_is_seen_before_it_is_left(void **state)
{
    (void)state;
    start(&languages[0]);
    keys_press(desk.pty, "<Tab><Tab>+20");
    look_row(desk.pty, "Due date  +20", "Sat 12-12");
    keys_press(desk.pty, "<C-u>+60");
    look_row(desk.pty, "Due date  +60", "2027-01-21");
    keys_press(desk.pty, "<C-u><S-Tab>1/6");
    look_row(desk.pty, "1/6", "Wed 2027-01-06");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(amounts_are_written_out_where_they_are_left),
        DESK_TEST(dates_are_written_out_where_they_are_left),
        DESK_TEST(enter_reads_what_was_not_left),
        DESK_TEST(what_can_be_read_in_two_ways_is_not_sent),
        DESK_TEST(the_keypad_types_amounts),
        DESK_TEST(days_are_counted_from_the_issue_date_as_it_changes),
        DESK_TEST(another_year_is_seen_before_it_is_left),
    };
    return cmocka_run_group_tests_name("notations", tests, NULL, NULL);
}
