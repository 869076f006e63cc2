/* The harness itself: what it shows, sends and notices, against small programs. */
#include "tests/terminal/keys.h"
#include "tests/terminal/pty.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

static const char *const environment[] = {"PATH=/usr/bin:/bin", "TERM=xterm-256color",
                                          "LC_ALL=C.UTF-8", NULL};

static struct pty *start(const char *const *argv)
{
    struct pty *pty =
        pty_start(&(struct pty_options){.argv = argv, .env = environment, .rows = 24, .cols = 80});
    assert_non_null(pty);
    return pty;
}

static struct pty *start_tiny(void)
{
    return start((const char *const[]){TINY_PROGRAM, NULL});
}

static bool shows(struct pty *pty, const void *text)
{
    return screen_shows(pty, text);
}

static void expect(struct pty *pty, const char *text)
{
    if (pty_wait(pty, shows, text)) return;
    screen_dump(pty, stderr);
    fail_msg("\"%s\" didn't come", text);
}

static int end_of(struct pty *pty)
{
    int status = -1;
    assert_true(pty_wait_exit(pty, &status));
    return status;
}

static void echoes_what_is_typed(void **state)
{
    (void)state;
    struct pty *pty = start((const char *const[]){"/bin/cat", NULL});
    keys_press(pty, "one<lt>two<Enter>");
    expect(pty, "one<two");
    char *row = NULL;
    keys_press(pty, "caf\xc3\xa9 \xe4\xb8\xad|<Enter><C-d>");
    assert_int_equal(end_of(pty), 0);
    row = screen_row(pty, 3);
    assert_string_equal(row, "caf\xc3\xa9 \xe4\xb8\xad|");
    free(row);
    int at_row, at_col;
    assert_true(screen_find(pty, "|", &at_row, &at_col));
    assert_int_equal(at_col, 7);
    assert_null(pty_left_behind(pty));
    pty_free(pty);
}

static void knows_the_size_and_the_end(void **state)
{
    (void)state;
    struct pty *pty = start((const char *const[]){"/bin/stty", "size", NULL});
    assert_int_equal(end_of(pty), 0);
    assert_true(screen_shows(pty, "24 80"));
    assert_int_equal(pty_processes(pty), 0);
    pty_free(pty);
    pty = start((const char *const[]){"/nowhere", NULL});
    assert_int_equal(WEXITSTATUS(end_of(pty)), 127);
    pty_free(pty);
}

static void reads_text_and_attributes(void **state)
{
    (void)state;
    struct pty *pty = start_tiny();
    expect(pty, "wide \xe4\xb8\xad\xe6\x96\x87 cafe\xcc\x81 end");
    expect(pty, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    int row, col;
    assert_true(screen_find(pty, "end", &row, &col));
    assert_int_equal(row, 5);
    assert_int_equal(col, 15);
    assert_true(screen_look_at(pty, 2, 0).dim);
    assert_false(screen_look_at(pty, 3, 0).dim);
    assert_true(screen_look_at(pty, 3, 0).bold);
    assert_false(screen_look_at(pty, 3, 0).plain_colours);
    assert_true(screen_look_at(pty, 3, 0).foreground[0] > screen_look_at(pty, 3, 0).foreground[1]);
    assert_true(screen_look_at(pty, 4, 0).reverse);
    assert_true(screen_look_at(pty, 5, 0).plain_colours);
    pty_cursor(pty, &row, &col);
    assert_int_equal(row, 1);
    assert_int_equal(col, 5);
    pty_free(pty);
}

static void sends_keys_the_mouse_and_the_size(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *seen;
    } table[] = {
        {"<F1>", "last KEY_F(1)"},
        {"<F10>", "last KEY_F(10)"},
        {"<S-Tab>", "last KEY_BTAB"},
        {"<Up>", "last KEY_UP"},
        {"<Home>", "last KEY_HOME"},
        {"<Del>", "last KEY_DC"},
        {"<C-s>", "last ^S"},
        {"<C-q>", "last ^Q"},
        {"<C-_>", "last ^_"},
        {"<Enter>", "last ^M"},
        {"<Backspace>", "last KEY_BACKSP"},
        {"x", "last x"},
        {"<PageDown>", "last KEY_NP"},
    };
    struct pty *pty = start_tiny();
    expect(pty, "size 80x24");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        keys_press(pty, table[i].keys);
        expect(pty, table[i].seen);
    }
    pty_click(pty, 12, 34);
    expect(pty, "last mouse 12,34");
    pty_resize(pty, 30, 100);
    expect(pty, "size 100x30");
    pty_free(pty);
}

static void sees_a_clean_end(void **state)
{
    (void)state;
    struct pty *pty = start_tiny();
    expect(pty, "size 80x24");
    assert_non_null(pty_left_behind(pty));
    keys_press(pty, "q");
    assert_int_equal(end_of(pty), 0);
    assert_null(pty_left_behind(pty));
    pty_free(pty);
}

static void sees_what_is_left_behind(void **state)
{
    (void)state;
    struct pty *pty = start_tiny();
    expect(pty, "size 80x24");
    keys_press(pty, "!");
    assert_int_equal(WEXITSTATUS(end_of(pty)), 3);
    assert_string_equal(pty_left_behind(pty), "the alternate screen (1049)");
    pty_free(pty);
    pty = start((const char *const[]){"/bin/stty", "-echo", NULL});
    assert_int_equal(end_of(pty), 0);
    assert_string_equal(pty_left_behind(pty), "other line settings (termios)");
    pty_free(pty);
    pty = start((const char *const[]){"/usr/bin/printf", "\\033[?2004h\\033[?25h", NULL});
    assert_int_equal(end_of(pty), 0);
    assert_string_equal(pty_left_behind(pty), "bracketed paste (2004)");
    pty_free(pty);
    pty = start((const char *const[]){"/usr/bin/printf", "\\033[1;31mred", NULL});
    assert_int_equal(end_of(pty), 0);
    assert_string_equal(pty_left_behind(pty), "colours or attributes");
    pty_free(pty);
}

static void pastes_in_brackets_where_asked(void **state)
{
    (void)state;
    struct pty *pty = start((const char *const[]){
        "/bin/sh", "-c",
        "stty raw -echo; printf '\\033[?2004hready'; dd bs=1 count=16 2>/dev/null | od -c", NULL});
    expect(pty, "ready");
    pty_paste(pty, "a\nb\n");
    expect(pty, "a  \\r   b  \\r 033   [");
    expect(pty, "033   [   2   0   0   ~");
    pty_free(pty);
}

static void ends_with_its_terminal_and_by_signals(void **state)
{
    (void)state;
    struct pty *pty = start_tiny();
    expect(pty, "size 80x24");
    pty_hang_up(pty);
    int status = end_of(pty);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
    pty_free(pty);
    pty = start((const char *const[]){"/bin/cat", NULL});
    pty_signal(pty, SIGTERM);
    status = end_of(pty);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    pty_free(pty);
}

static void takes_more_than_a_pty_holds(void **state)
{
    (void)state;
    struct pty *pty = start((const char *const[]){
        "/bin/sh", "-c", "stty raw -echo; printf ready; head -c 300000 | wc -c", NULL});
    expect(pty, "ready");
    char *much = malloc(300000);
    assert_non_null(much);
    memset(much, 'x', 300000);
    pty_send(pty, much, 300000);
    free(much);
    expect(pty, "300000");
    assert_int_equal(end_of(pty), 0);
    pty_free(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(echoes_what_is_typed),
        cmocka_unit_test(knows_the_size_and_the_end),
        cmocka_unit_test(reads_text_and_attributes),
        cmocka_unit_test(sends_keys_the_mouse_and_the_size),
        cmocka_unit_test(sees_a_clean_end),
        cmocka_unit_test(sees_what_is_left_behind),
        cmocka_unit_test(pastes_in_brackets_where_asked),
        cmocka_unit_test(ends_with_its_terminal_and_by_signals),
        cmocka_unit_test(takes_more_than_a_pty_holds),
    };
    return cmocka_run_group_tests_name("pty", tests, NULL, NULL);
}
