/* Makes the README's pictures from the running program: each scene as text and as SVG.
 * usage: picture DIRECTORY [HOST:PORT]    (where the server of the pictures is; a free port) */
#include "tests/support/process.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/support/test_clock.h"
#include "tests/terminal/demo_desk.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"
#include "tests/terminal/svg.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *directory;
static const char *address = "127.0.0.1:0";
static struct desk desk;

static FILE *open_picture(const char *name, const char *ending)
{
    char *path = support_format("%s/%s.%s", directory, name, ending);
    FILE *file = fopen(path, "we");
    if (file == NULL) support_die("cannot write %s", path);
    free(path);
    return file;
}

static void close_picture(FILE *file)
{
    if (fflush(file) != 0 || ferror(file) || fclose(file) != 0)
        support_die("cannot write a picture");
}

static void take(const char *name)
{
    FILE *file = open_picture(name, "txt");
    char *text = screen_text(desk.pty);
    fputs(text, file);
    free(text);
    close_picture(file);
    file = open_picture(name, "svg");
    svg_write(desk.pty, file);
    close_picture(file);
}

static const char two_lines[] =
    "{\"lines\":[{\"description\":\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\","
    "\"tax_rate\":\"21\"},{\"description\":\"Travel costs, Berlin to Hamburg\",\"quantity\":\"1\","
    "\"unit_price\":\"89.00\",\"tax_rate\":\"19\"}],\"notes\":\"\"}";

static void open_form(void)
{
    desk_start_filled(&desk, "2026-0042", two_lines, &(struct desk_options){0});
    look_row(desk.pty, "Total", "323.71");
    free(desk_picture(&desk));
}

/* The reply is lost once: five presses, two attempts, one record. Then the number again. */
static void take_pictures(void **state)
{
    (void)state;
    desk_open(&desk, (const char *const[]){"--listen", address, "--faults-api", "--fault",
                                           "drop-response@attempt=1", "--fault",
                                           "delay-before-commit" MOCK_HOLDS "@attempt=2", NULL});
    open_form();
    take("form");
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Saving", "attempt 2");
    keys_press(desk.pty, "<Enter><Enter><Enter><Enter>");
    look_a_second_of(desk.pty, "Saving");
    assert_true(pty_wait_idle(desk.pty));
    take("saving");
    mock_let_go(&desk.mock);
    look_status(desk.pty, "Created");
    look_row(desk.pty, "New invoice", "Quit");
    look_sentence(desk.pty, "we ignored the duplicate submission");
    take("record");
    open_form();
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    look_row(desk.pty, "Back to the form", "New invoice");
    take("conflict");
}

/* The same three layers as the server saw them, on a wide screen: the reply lost and Enter pressed
 * four times while the server stands still, then the number again. */
static void take_demo(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    char *body = sample_body("2026-0042", two_lines);
    char *file = temp_dir_write(desk.home, "prefill.json", body, strlen(body));
    demo_open(&desk, 132, (const char *const[]){"--prefill", file, NULL});
    free(file);
    free(body);
    keys_press(desk.pty, "<F5>");
    look_for(desk.pty, "faults: lose the 1st reply");
    process_hold(demo_server(&desk));
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    keys_press(desk.pty, "<Enter><Enter><Enter>");
    look_for(desk.pty, "4 presses of Enter");
    kill(demo_server(&desk), SIGCONT);
    look_for(desk.pty, "<- the key kept it at one");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "<F8>n");
    look_for(desk.pty, "faults: none");
    demo_type(&desk, "2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    look_for(desk.pty, "<- the database kept it at one");
    look_row(desk.pty, "Back to the form", "New invoice");
    take("demo");
}

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        fputs("usage: picture DIRECTORY [HOST:PORT]\n", stderr);
        return 2;
    }
    directory = argv[1];
    test_clock_set("=2026-11-22T10:02:11Z");
    setenv("TZ", "UTC", 1);
    if (argc == 3) address = argv[2];
    const struct CMUnitTest tests[] = {DESK_OPENING_TEST(take_pictures),
                                       DESK_OPENING_TEST(take_demo)};
    return cmocka_run_group_tests_name("pictures", tests, NULL, NULL);
}
