/* No words reach a person but through the catalogue: the program runs with one in which each
 * message stands between marks, and what is outside of marks may only be names and what was typed.
 */
#include "tests/support/process.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OPEN  "\u27E6"
#define CLOSE "\u27E7"
#define CUT   "\u2026" /* ends a text that was too long for its place, marks and all */

/* In place of the program that the desk starts: its copy, which has that catalogue beside it. */
static const char *const marked[] = {
    "/bin/sh", "-c", "program=$1; shift 2; exec \"$program\" \"$@\"", "sh", MARKED_PROGRAM, NULL};

static const char *const portuguese[] = {"INVONCE_LANG=pt_BR", NULL};
static const char *const impatient[] = {"INVONCE_LANG=pt_BR", "INVONCE_CONNECT_TIMEOUT=1s",
                                        "INVONCE_ATTEMPT_TIMEOUT=1s", "INVONCE_RETRY_BUDGET=2s",
                                        NULL};

/* Names, and what the sample invoice says. */
static const char *const allowed[] = {
    "Invonce",   "invonce", "north", "ana",       "http",    "EUR",        "BRL",
    "Northwind", "Ltd",     "ap",    "northwind", "example", "Consulting", "Thank",
    "you",       "inv",     "cus",   "Ctrl",      "Alt",     "Shift",
};

static struct desk desk;

/* Blanks out all that is between marks, which may stand within marks. False when one is open at the
 * end. */
static bool take_marked_out(char *text)
{
    int depth = 0;
    for (char *at = text; *at;) {
        bool opens = strncmp(at, OPEN, strlen(OPEN)) == 0;
        bool closes = strncmp(at, CLOSE, strlen(CLOSE)) == 0;
        size_t length = opens || closes ? strlen(OPEN) : 1;
        if (opens) depth++;
        bool ends = depth > 0 && strncmp(at, CUT, strlen(CUT)) == 0;
        if (ends) depth = 0;
        if (depth > 0 && *at != '\n') memset(at, ' ', length);
        if (closes) depth--;
        at += length;
    }
    return depth == 0;
}

static bool is_allowed(const char *word, size_t length, const char *const *more)
{
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strlen(allowed[i]) == length && strncmp(allowed[i], word, length) == 0) return true;
    for (; more && *more; more++)
        if (strlen(*more) == length && strncmp(*more, word, length) == 0) return true;
    return false;
}

/* What isn't words: keys, ids, numbers and times have digits; and there are flags, variables and
 * paths. */
static bool is_no_text(const char *run, size_t length)
{
    if (strncmp(run, "--", 2) == 0 || strncmp(run, "INVONCE", 7) == 0 || *run == '/') return true;
    return strcspn(run, "0123456789") < length;
}

/* The first word of two letters or more that is neither marked nor allowed; "" when there is none.
 * Changes the text. */
static const char *unmarked_word(char *text, const char *const *more)
{
    if (!take_marked_out(text)) return "an open mark";
    for (char *at = text; *at; at += strspn(at, " \n")) {
        size_t run = strcspn(at, " \n");
        char *end = at + run;
        if (is_no_text(at, run)) at = end;
        while (at < end) {
            size_t length = 0;
            while (isalpha((unsigned char)at[length]))
                length++;
            if (length > 1 && !is_allowed(at, length, more)) {
                at[length] = '\0';
                return at;
            }
            at += length > 0 ? length : 1;
        }
    }
    return "";
}

static bool is_marked(struct pty *pty, const void *more)
{
    char *text = screen_text(pty);
    bool marked_all = *unmarked_word(text, more) == '\0';
    free(text);
    return marked_all;
}

#define expect_marked(words) expect_marked_at(words, __LINE__)
static void expect_marked_at(const char *const *more, int line)
{
    if (pty_wait(desk.pty, is_marked, more)) return;
    char *text = screen_text(desk.pty);
    const char *word = unmarked_word(text, more);
    look_fail(desk.pty, __FILE__, line, "\"%s\" is not in the catalogue", word);
}

static void open_form(const char *number, const char *changes, const char *const *environment)
{
    char *body = sample_body(number, changes);
    char *file = temp_dir_write(desk.home, "prefill.json", body, strlen(body));
    desk_start(&desk,
               &(struct desk_options){.arguments = (const char *const[]){"--prefill", file, NULL},
                                      .environment = environment,
                                      .runner = marked,
                                      .rows = 60,
                                      .cols = 200});
    free(file);
    free(body);
    look_row(desk.pty, "Invonce", "north / ana");
    look_for(desk.pty, number);
}

static void the_form_and_what_is_beside_it(void **state)
{
    (void)state;
    open_form("2026-0801", NULL, portuguese);
    look_for(desk.pty, "[ " OPEN "Create invoice" CLOSE " ]");
    expect_marked(NULL);
    keys_press(desk.pty, "<F1>");
    look_for(desk.pty, OPEN "Keys" CLOSE);
    expect_marked(NULL);
    keys_press(desk.pty, "<Esc><F3>");
    look_for(desk.pty, OPEN "There is no invoice yet." CLOSE);
    expect_marked(NULL);
    keys_press(desk.pty, "<Esc><F4>");
    look_for(desk.pty, OPEN "Everything is settled");
    expect_marked(NULL);
}

static void created_and_conflict(void **state)
{
    (void)state;
    open_form("2026-0802", NULL, portuguese);
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter><Enter>");
    look_status(desk.pty, OPEN "Saving" CLOSE);
    expect_marked(NULL);
    desk_let_go_server(&desk);
    look_status(desk.pty, OPEN "Created" CLOSE);
    expect_marked(NULL);
    keys_press(desk.pty, "n");
    look_status(desk.pty, OPEN "Editing" CLOSE);
    keys_press(desk.pty, "<F3>");
    look_row(desk.pty, "2026-0802", "EUR");
    expect_marked(NULL);
    open_form("2026-0802", NULL, portuguese);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, OPEN "Conflict" CLOSE);
    expect_marked(NULL);
    keys_press(desk.pty, "v");
    look_for(desk.pty, OPEN "The original invoice" CLOSE);
    expect_marked(NULL);
}

static void complaints(void **state)
{
    (void)state;
    static const char *const typed[] = {"nobody", "xx", NULL};
    open_form("2026-0803",
              "{\"currency\":null,\"customer\":{\"email\":\"nobody\"},\"issue_date\":\"xx\"}",
              portuguese);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, OPEN "Rejected" CLOSE);
    expect_marked(typed);
    for (int field = 0; field < 8; field++) {
        keys_press(desk.pty, "<C-a><C-k><Tab>");
        look_status(desk.pty, OPEN "Editing" CLOSE);
        expect_marked(typed);
    }
}

static void a_silent_server(void **state)
{
    (void)state;
    open_form("2026-0804", NULL, impatient);
    desk_hold_server(&desk);
    keys_press(desk.pty, "<F3>");
    look_for(desk.pty, OPEN "no answer" CLOSE);
    expect_marked(NULL);
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, "Create invoice");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, OPEN "Unconfirmed" CLOSE);
    expect_marked(NULL);
    keys_press(desk.pty, "k");
    look_status(desk.pty, OPEN "Editing" CLOSE);
    keys_press(desk.pty, "<F4>");
    look_for(desk.pty, OPEN "These are sent again");
    expect_marked(NULL);
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, "Create invoice");
    desk_let_go_server(&desk);
}

static void the_demonstration(void **state)
{
    (void)state;
    static const char *const names[] = {"demo", "operator", NULL};
    desk_start(&desk, &(struct desk_options){.arguments = (const char *const[]){"demo", NULL},
                                             .environment = portuguese,
                                             .runner = marked,
                                             .rows = 60,
                                             .cols = 240});
    look_for(desk.pty, OPEN "nothing yet");
    look_for(desk.pty, OPEN "none" CLOSE);
    expect_marked(names);
    keys_press(desk.pty, "<F5>");
    look_for(desk.pty, OPEN "lose the 1st reply" CLOSE);
    expect_marked(names);
}

static void line_by_line(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){.arguments = (const char *const[]){"--plain", NULL},
                                             .environment = portuguese,
                                             .runner = marked,
                                             .rows = 60,
                                             .cols = 200});
    static const struct {
        const char *question, *answer;
    } answers[] = {
        {OPEN "Number", "2026-0806"},
        {OPEN "Issue date", ""},
        {OPEN "Due date", "2026-01-01"},
        {"is before the issue date", "+30"},
        {OPEN "Currency", "EUR"},
        {OPEN "Customer e-mail", "ap@northwind.example"},
        {OPEN "Customer name", ""},
        {OPEN "Description", "Consulting"},
        {OPEN "Quantity", "1.5"},
        {OPEN "Unit price", "120.00"},
        {OPEN "Tax", "21"},
        {"Line 2", ""},
        {OPEN "Notes", ""},
        {"Create this invoice?", "y"},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        look_for(desk.pty, answers[i].question);
        keys_press(desk.pty, answers[i].answer);
        keys_press(desk.pty, "<Enter>");
    }
    look_for(desk.pty, OPEN "New invoice" CLOSE);
    expect_marked(NULL);
}

static void without_a_screen(void **state)
{
    (void)state;
    static const char *const commands[][4] = {
        {"--help"},
        {"create", "--help"},
        {"outbox", "--help"},
        {"list", "--help"},
        {"show", "--help"},
        {"demo", "--help"},
        {"demo"},
        {"create"},
        {"outbox", "resume"},
        {"create", "/nowhere.json", "--token=none-at-all"},
        {"outbox", "x"},
        {"--in-flight=x"},
    };
    static const char *const names[] = {
        /* commands, and the help's examples: what is typed, a record */
        "create", "outbox", "demo",   "list",        "resume",   "version", "help",     "en",
        "pt",     "BR",     "json",   "number",      "issue",    "date",    "currency", "customer",
        "email",  "name",   "lines",  "description", "quantity", "unit",    "price",    "tax",
        "rate",   "show",   "config", "since",       "until",    "csv",     "november", "lp",
        "URL",    "FILE",   "mock",   "server",      "token",    "north",   "ana",      "SOME",
        "LONG",   "TOKEN",  NULL};
    char *home = support_format("HOME=%s", desk.home);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *const argv[] = {MARKED_PROGRAM, commands[i][0], commands[i][1], commands[i][2],
                                    NULL};
        struct process_result result = process_run(
            argv, (const char *const[]){home, "LC_ALL=C", "INVONCE_LANG=pt_BR", NULL}, 30000);
        const char *word = unmarked_word(result.output, names);
        if (*word) fail_msg("%s %s: \"%s\" is not in the catalogue", argv[1], argv[2], word);
        word = unmarked_word(result.errors, names);
        if (*word) fail_msg("%s %s: \"%s\" is not in the catalogue", argv[1], argv[2], word);
        process_result_clear(&result);
    }
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_form_and_what_is_beside_it),
        DESK_TEST(created_and_conflict),
        DESK_TEST(complaints),
        DESK_TEST(a_silent_server),
        DESK_TEST(the_demonstration),
        DESK_TEST(line_by_line),
        DESK_TEST(without_a_screen),
    };
    return cmocka_run_group_tests_name("wrapped", tests, NULL, NULL);
}
