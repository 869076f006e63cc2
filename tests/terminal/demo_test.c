/* The demonstration: a server of its own that comes and goes with it, a store that stays. */
#include "tests/support/process.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct desk desk;

static void open_demo(const char *fault)
{
    desk_start(&desk,
               &(struct desk_options){.arguments = (const char *const[]){
                                          "demo", fault != NULL ? "--fault" : NULL, fault, NULL}});
    look_for(desk.pty, "[ Create invoice ]");
    look_status(desk.pty, "Editing");
    assert_int_equal(pty_processes(desk.pty), 2);
}

static void submit(const char *number)
{
    keys_press(desk.pty, "<C-a><C-k>");
    keys_press(desk.pty, number);
    keys_press(desk.pty, "<Tab><C-a><C-k>2026-11-22<Tab><C-a><C-k><Tab><C-a><C-k>EUR<Tab><C-a><C-k>"
                         "ap@northwind.example<Tab><C-a><C-k>Northwind<Tab><C-a><C-k>Tea<Tab>"
                         "<C-a><C-k>1<Tab><C-a><C-k>2.50<Enter>");
}

static bool session_is_empty(void *pty)
{
    return pty_processes(pty) == 0;
}

static void the_store_is_kept(void **state)
{
    (void)state;
    open_demo("drop-response@attempt=1");
    submit("2026-0601");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "2 attempts");
    keys_press(desk.pty, "<F10>");
    look_clean_exit(desk.pty, 0);
    open_demo(NULL);
    keys_press(desk.pty, "<F3>");
    look_row(desk.pty, "2026-0601", "Northwind");
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, "[ Create invoice ]");
    submit("2026-0601");
    look_status(desk.pty, "Conflict");
    keys_press(desk.pty, "<F10>");
    look_clean_exit(desk.pty, 0);
}

static void the_server_goes_with_it(void **state)
{
    (void)state;
    static const int signals[] = {SIGKILL, SIGTERM, SIGHUP, SIGSEGV};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        open_demo(NULL);
        pty_signal(desk.pty, signals[i]);
        int status = 0;
        assert_true(pty_wait_exit(desk.pty, &status));
        assert_true(support_wait_until(session_is_empty, desk.pty, PATIENCE_MS));
    }
}

static void without_a_terminal_it_plays_as_text(void **state)
{
    (void)state;
    char *home = support_format("HOME=%s", desk.home);
    char *state_home = support_format("XDG_STATE_HOME=%s/state", desk.home);
    char *data_home = support_format("XDG_DATA_HOME=%s/data", desk.home);
    struct process_result result =
        process_run((const char *const[]){desk_program(), "demo", NULL},
                    (const char *const[]){home, state_home, data_home, NULL}, PATIENCE_MS);
    free(home);
    free(state_home);
    free(data_home);
    assert_int_equal(result.code, 0);
    assert_string_equal(result.errors, "");
    assert_non_null(strstr(result.output, "Invoice created"));
    assert_non_null(strstr(result.output, "replayed"));
    assert_non_null(strstr(result.output, "This invoice number already exists."));
    assert_null(strstr(result.output, "\x1b"));
    assert_int_equal(temp_dir_entries(desk.home), 0);
    process_result_clear(&result);
}

/* Its server's last words are those of the demonstration. */
static void what_does_not_start_says_why(void **state)
{
    (void)state;
    char *directory = support_format("%s/data/invonce", desk.home);
    char *data = support_format("%s/data", desk.home);
    assert_int_equal(mkdir(data, 0700), 0);
    assert_int_equal(mkdir(directory, 0700), 0);
    free(temp_dir_write(directory, "demo.db", "no database, but a letter", 25));
    desk_start(&desk, &(struct desk_options){.arguments = (const char *const[]){"demo", NULL},
                                             .cols = 200});
    look_clean_exit(desk.pty, 2); /* as its server did */
    look_row(desk.pty, "invonce-mock-server did not start:", "demo.db cannot be opened");
    free(data);
    free(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_store_is_kept),
        DESK_TEST(the_server_goes_with_it),
        DESK_TEST(without_a_terminal_it_plays_as_text),
        DESK_TEST(what_does_not_start_says_why),
    };
    return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
