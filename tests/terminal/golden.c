/* Makes the golden screens from the running program: each view in each language at each size, as
 * characters and, below them, how each of them looks.
 * usage: golden DIRECTORY */
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/support/test_clock.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/golden_mask.h"
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

/* What a scene is taken in. */
static struct setting {
    const char *language;
    int rows, cols;
    const char *saving, *conflict, *rejected, *unconfirmed, *kept, *offer, *faults,
        *waiting; /* its words */
} settings[] = {
    {"en", 24, 80, "Saving", "Conflict", "Rejected", "Unconfirmed", "draft kept",
     "A draft was kept", "faults: none", "is still waiting"},
    {"en", 43, 132, "Saving", "Conflict", "Rejected", "Unconfirmed", "draft kept",
     "A draft was kept", "faults: none", "is still waiting"},
    {"pt_BR", 24, 80, "Salvando", "Conflito", "Rejeitada", "Não confirmada", "rascunho guardado",
     "Há um rascunho", "falhas: nenhuma", "ainda espera"},
    {"pt_BR", 43, 132, "Salvando", "Conflito", "Rejeitada", "Não confirmada", "rascunho guardado",
     "Há um rascunho", "falhas: nenhuma", "ainda espera"},
};

static const char *directory;
static const struct setting *setting;
static struct desk desk;

static void take(const char *name)
{
    if (!pty_wait_idle(desk.pty)) support_die("%s has ended", name);
    char *path = support_format("%s/%s.%s.%dx%d.txt", directory, name, setting->language,
                                setting->cols, setting->rows);
    FILE *file = fopen(path, "we");
    if (file == NULL) support_die("cannot write %s", path);
    free(path);
    int rows, cols, row, col;
    pty_size(desk.pty, &rows, &cols);
    pty_cursor(desk.pty, &row, &col);
    for (int i = 0; i < rows; i++) {
        char *text = screen_row(desk.pty, i);
        golden_mask(text, setting->saving);
        fprintf(file, "%s\n", text);
        free(text);
    }
    /* Where a hidden one stands depends on the order in which the screen was painted. */
    if (dialect_mode(pty_dialect(desk.pty), DIALECT_CURSOR_SHOWN) == DIALECT_OFF)
        fputs("---- cursor hidden\n", file);
    else
        fprintf(file, "---- cursor at row %d, column %d\n", row, col);
    for (int i = 0; i < rows; i++) {
        char *looks = screen_looks(desk.pty, i);
        fprintf(file, "%s\n", looks);
        free(looks);
    }
    if (fflush(file) != 0 || ferror(file) || fclose(file) != 0)
        support_die("cannot write a golden screen");
}

/* --- scenes --- */

static void start(const char *const *arguments, const char *budget)
{
    char *language = support_format("INVONCE_LANG=%s", setting->language);
    char *retry = support_format("INVONCE_RETRY_BUDGET=%s", budget);
    desk_start(&desk, &(struct desk_options){
                          .arguments = arguments,
                          .environment = (const char *const[]){language, retry,
                                                               "INVONCE_ATTEMPT_TIMEOUT=30s", NULL},
                          .rows = setting->rows,
                          .cols = setting->cols});
    free(language);
    free(retry);
    if (desk.mock.process.pid > 0) look_row(desk.pty, "Invonce", " / ");
    look_row(desk.pty, "Enter", "F10");
}

static void start_with(const char *number, const char *changes, const char *budget)
{
    char *body = sample_body(number, changes);
    char *file = temp_dir_write(desk.home, "prefill.json", body, strlen(body));
    start((const char *const[]){"--prefill", file, NULL}, budget);
    look_for(desk.pty, number);
    free(file);
    free(body);
}

#define DATES "\"issue_date\":\"2026-03-17\",\"due_date\":\"2026-04-16\""

static const char two_lines[] =
    "{" DATES ",\"customer\":{\"email\":\"ap@northwind.example\",\"name\":\"Northwind Ltd\"},"
    "\"lines\":[{\"description\":\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\","
    "\"tax_rate\":\"21\"},{\"description\":\"Travel costs, Berlin to Hamburg\",\"quantity\":\"1\","
    "\"unit_price\":\"89.00\",\"tax_rate\":\"19\"}],\"notes\":\"\"}";

static void press(const char *keys)
{
    keys_press(desk.pty, keys);
}

static void forms(void)
{
    start(NULL, "60s");
    take("form-empty");
    press("<Enter>");
    look_status(desk.pty, setting->rejected);
    take("form-errors");
}

static char *many_lines(void)
{
    struct json *lines = json_new_array();
    for (int i = 1; i <= 200; i++) {
        char *description = support_format("%s %d",
                                           i % 3 == 0   ? "\u54A8\u8BE2\u670D\u52A1, per hour"
                                           : i % 3 == 1 ? "Cafe\u0301 and re\u0301sume\u0301"
                                                        : "Travel costs",
                                           i);
        json_append(lines, json_new_texts("description", description, "quantity",
                                          i % 2 ? "1.5" : "-2", "unit_price", "1234.5678",
                                          "tax_rate", i % 5 ? "21" : "7.5", NULL));
        free(description);
    }
    struct json *changes = json_with(
        json_new_texts("issue_date", "2026-03-17", "due_date", "2026-04-16", NULL), "lines", lines);
    char *text = json_to(changes);
    json_free(changes);
    return text;
}

static void form_of_many_lines(void)
{
    char *changes = many_lines();
    start_with("2026-0200", changes, "60s");
    free(changes);
    press("<Tab><Tab><Tab><Tab><Tab><Tab>");
    for (int i = 0; i < 8; i++)
        press("<PageDown>");
    take("form-lines");
}

static void saving_and_record(void)
{
    start_with("2026-0301", two_lines, "60s");
    desk_hold_server(&desk);
    press("<Enter>");
    look_status(desk.pty, setting->saving);
    take("saving");
    desk_let_go_server(&desk);
    look_for(desk.pty, "inv_");
    take("record");
    start_with("2026-0302", two_lines, "60s");
    desk_hold_server(&desk);
    press("<Enter>");
    look_status(desk.pty, setting->saving);
    press("<Enter><Enter><Enter><Enter>");
    pty_wait_idle(desk.pty);
    desk_let_go_server(&desk);
    look_for(desk.pty, "inv_");
    take("record-ignored");
}

static void conflict(void)
{
    start_with("2026-0301",
               "{" DATES
               ",\"customer\":{\"email\":\"ap@northwind.example\",\"name\":\"Northwind\"}}",
               "60s");
    press("<Enter>");
    look_status(desk.pty, setting->conflict);
    take("conflict");
    press("v");
    look_for(desk.pty, "Travel costs");
    take("original");
    press("<Esc><F12>");
    look_status(desk.pty, setting->conflict);
    pty_wait_idle(desk.pty);
    press("n"); /* it has been seen */
    look_gone(desk.pty, setting->conflict);
    pty_wait_idle(desk.pty);
}

static void recent(void)
{
    start_with("2026-0303", two_lines, "60s");
    press("<F3>");
    look_for(desk.pty, "> 2026-0302");
    press("<Down>");
    look_for(desk.pty, "> 2026-0301");
    take("recent");
    press("<Enter>");
    look_for(desk.pty, "inv_");
    take("past");
    press("<Esc><F12><Esc><F12>");
    pty_wait_idle(desk.pty);
    press("<F1>");
    look_for(desk.pty, "Ctrl-S");
    take("help");
}

#define LINE(price, rate)                                                                          \
    "{\"description\":\"Rent\",\"quantity\":\"1\",\"unit_price\":\"" price                         \
    "\",\"tax_rate\":\"" rate "\"}"
#define SOUTH "\"customer\":{\"email\":\"b@south.example\",\"name\":\"South\"}"

static void create(const char *number, const char *changes)
{
    start_with(number, changes, "60s");
    press("<Enter>");
    look_for(desk.pty, "inv_");
}

/* Long amounts, notes, a tax of each rate; several currencies, a search among them, another order.
 */
static void found(void)
{
    create("2026-0502", "{" DATES "," SOUTH ",\"currency\":\"USD\",\"notes\":\"\"}");
    create("2026-0503",
           "{\"issue_date\":\"2026-03-20\",\"due_date\":null,\"currency\":\"JPY\",\"notes\":\"\","
           "\"lines\":[" LINE("1234567", "0") "]}");
    create("2026-0501",
           "{" DATES
           ",\"notes\":\"Order of L\u00FAcia, for the house at the corner of the market, as "
           "it was said on the telephone in February; the keys are with the caretaker.\","
           "\"lines\":[" LINE("100000.00", "21") "," LINE("10.00", "7.5") "]}");
    take("record-noted");
    start_with("2026-0504", two_lines, "60s");
    press("<F3>");
    look_row(desk.pty, "> 2026-0501", "EUR");
    take("recent-sums");
    press("L\u00DACIA");
    look_gone(desk.pty, "2026-0502");
    look_row(desk.pty, "> 2026-0501", "EUR");
    take("recent-found");
    press("<C-u><C-t>");
    look_row(desk.pty, "> 2026-0503", "JPY");
    take("recent-sorted");
}

/* 2026-0302 is merged into 2026-0301, and then no more. */
static void merged(void)
{
    rows_change(
        desk.mock.store,
        "UPDATE records SET merged = 1001, current = replace(created, '\"status\":\"open\"',"
        " '\"status\":\"merged\",\"merged_into\":\"inv_1001\"')"
        " WHERE created LIKE '%\"id\":\"inv_1002\"%'");
    start(NULL, "60s");
    press("<F3>");
    look_for(desk.pty, "> 2026-0302");
    press("<Down>");
    look_for(desk.pty, "> 2026-0301");
    take("recent-merged");
    press("<Up><Enter>");
    look_for(desk.pty, "inv_1002");
    take("past-merged");
    press("<Esc><F12><Esc><F12>");
    pty_wait_idle(desk.pty);
    rows_change(desk.mock.store, "UPDATE records SET merged = NULL, current = NULL");
}

static void refused(void)
{
    start_with("2026-0304",
               "{\"issue_date\":\"2026-03-17\",\"due_date\":\"2026-03-01\",\"currency\":\"XYZ\","
               "\"customer\":{\"email\":\"nobody\",\"name\":\"\"}}",
               "60s");
    press("<Enter>");
    look_status(desk.pty, setting->rejected);
    take("rejected");
}

/* What was entered before is suggested, and what can be read in two ways isn't guessed; the credit
 * note of an invoice that is opened. */
static void entering(void)
{
    start(NULL, "60s");
    look_for(desk.pty, "2026-0303");
    press("<Tab><Tab><Tab><Tab><C-y>");
    look_for(desk.pty, "ap@northwind.example");
    take("form-recalled");
    press("<Tab><Tab>con");
    look_for(desk.pty, "consulting");
    look_for(desk.pty, setting->kept);
    take("form-suggested");
    press("<C-y><Tab>1,234<Tab>");
    look_for(desk.pty, "\"1,234\"");
    take("form-twofold");
    desk_forget_home(&desk);
    start(NULL, "60s");
    press("<F3>");
    look_for(desk.pty, "> 2026-0302");
    press("<Enter>");
    look_for(desk.pty, "inv_");
    press("c");
    look_for(desk.pty, setting->kept);
    take("form-credit");
    desk_forget_home(&desk);
}

static void draft_offered(void)
{
    start(NULL, "60s");
    press("<C-a><C-k>2026-0305<Tab>2026-03-17<Tab><Tab><Tab>new@south.example<Tab>");
    look_for(desk.pty, setting->kept);
    pty_signal(desk.pty, SIGKILL);
    int status;
    assert_true(pty_wait_exit(desk.pty, &status));
    char *language = support_format("INVONCE_LANG=%s", setting->language);
    desk_start(&desk, &(struct desk_options){.environment = (const char *const[]){language, NULL},
                                             .rows = setting->rows,
                                             .cols = setting->cols});
    free(language);
    look_for(desk.pty, setting->offer);
    look_row(desk.pty, "Invonce", " / ");
    take("offer");
    for (int i = 0; i < 2; i++) {
        press("d");
        pty_wait_idle(desk.pty);
    }
}

static void unconfirmed(void)
{
    start_with("2026-0306", two_lines, "1ms");
    mock_kill(&desk.mock);
    press("<Enter>");
    look_status(desk.pty, setting->unconfirmed);
    take("unconfirmed");
    press("k");
    look_for(desk.pty, setting->waiting);
    press("<F4>");
    look_row(desk.pty, "2026-0306", "2  ");
    take("outbox");
}

/* A conflict that nobody saw: the form was killed with it. */
static void refused_behind(void)
{
    start_with("2026-0301", "{" DATES "}", "60s");
    press("<Enter>");
    look_status(desk.pty, setting->conflict);
    pty_signal(desk.pty, SIGKILL);
    int status;
    assert_true(pty_wait_exit(desk.pty, &status));
    start_with("2026-0308", two_lines, "60s");
    look_for(desk.pty, ": F4");
    take("form-noted");
    press("<F4>");
    look_for(desk.pty, "> 2026-0301");
    take("outbox-refused");
    press("<Enter>");
    look_status(desk.pty, setting->conflict);
    take("refused");
    press("a");
    look_gone(desk.pty, setting->conflict);
}

static void too_small(void)
{
    start_with("2026-0307", two_lines, "60s");
    pty_resize(desk.pty, 12, 60);
    look_for(desk.pty, "60 x 12");
    take("too-small");
}

static void first_token(void)
{
    char *language = support_format("INVONCE_LANG=%s", setting->language);
    desk_start(
        &desk,
        &(struct desk_options){
            .environment = (const char *const[]){language, "INVONCE_TOKEN=nobody-0123456789", NULL},
            .rows = setting->rows,
            .cols = setting->cols});
    look_for(desk.pty, "invonce config");
    take("first-token");
    free(language);
}

/* The server is dead already. */
static void first_server(void)
{
    char *language = support_format("INVONCE_LANG=%s", setting->language);
    desk_forget_home(&desk);
    desk_start(&desk, &(struct desk_options){.environment = (const char *const[]){language, NULL},
                                             .rows = setting->rows,
                                             .cols = setting->cols});
    free(language);
    look_for(desk.pty, "invonce config");
    take("first-server");
}

static void demo(void)
{
    desk_forget_home(&desk);
    start((const char *const[]){"demo", NULL}, "60s");
    look_for(desk.pty, setting->faults);
    press("<F5><C-a><C-k>2026-0401<Tab>2026-03-17<Tab><Tab><Tab>ap@northwind.example<Tab>"
          "Northwind<Tab>Tea<Tab>2<Tab>1.25");
    look_gone(desk.pty, setting->faults);
    press("<Enter>");
    look_for(desk.pty, "operator, "); /* the record: its id is beside before */
    if (setting->cols < 120) press("<F9>");
    look_for(desk.pty, "<-");
    take("demo");
}

static void every_view(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        setting = &settings[i];
        desk_open(&desk, NULL);
        forms();
        form_of_many_lines();
        saving_and_record();
        conflict();
        recent();
        merged();
        refused();
        too_small();
        entering();
        draft_offered();
        refused_behind();
        first_token();
        unconfirmed();
        first_server();
        demo();
        assert_true(desk_close(&desk));
    }
}

static void what_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        static struct setting own;
        own = settings[i];
        if (own.cols > 80) {
            own.rows = 30;
            own.cols = 120;
        }
        setting = &own;
        desk_open(&desk, NULL);
        found();
        assert_true(desk_close(&desk));
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: golden DIRECTORY\n", stderr);
        return 2;
    }
    directory = argv[1];
    test_clock_set("=2026-11-22T10:02:11Z");
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {DESK_OPENING_TEST(every_view),
                                       DESK_OPENING_TEST(what_is_found)};
    return cmocka_run_group_tests_name("golden screens", tests, NULL, NULL);
}
