/* What the form may cost, without a clock: a plain key is one short write, and the picture comes
 * before the disk and the network, at the start as with "Saving...". */
#include "tests/support/preload.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY_BYTES_MAX 12
#define WATCHED_FILE  "watched"

static struct desk desk;

/* --- what it did --- */

static char *watched_file(void)
{
    return support_format("%s/" WATCHED_FILE, desk.home);
}

static void forget_what_was_done(void)
{
    char *path = watched_file();
    if (truncate(path, 0) != 0) support_die("nothing was noted in %s", path);
    free(path);
}

static char *what_was_done(void)
{
    char *path = watched_file();
    struct support_buffer done = {0};
    char line[64];
    FILE *file = fopen(path, "re");
    if (!file) support_die("nothing was noted in %s", path);
    while (fgets(line, sizeof line, file))
        support_append(&done, line, strlen(line));
    fclose(file);
    free(path);
    if (!done.bytes) support_append(&done, "", 0);
    return done.bytes;
}

static void start_watched(const char *number)
{
    char *path = watched_file();
    char *watched = support_format("WATCHED=%s", path), *preload = preload_variable("watched");
    desk_start_filled(&desk, number, NULL,
                      &(struct desk_options){.environment = (const char *const[]){
                                                 preload, PRELOAD_ASAN_NO_LEAKS, watched, NULL}});
    free(preload);
    free(watched);
    free(path);
}

/* --- the tests --- */

static void a_plain_key_is_one_short_write(void **state)
{
    (void)state;
    start_watched("2026-0951");
    free(desk_picture(&desk));
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><End>x");
    look_for(desk.pty, "Ltdx");
    look_status(desk.pty, "Editing  draft kept");
    assert_true(pty_wait_read(desk.pty));
    forget_what_was_done();
    static const char shown[] = "Ltdxabcdefgh";
    static const size_t before = sizeof "Ltdx" - 1, after = sizeof shown - 1;
    for (size_t i = before; i < after; i++) {
        char *soon = support_format("%.*s", (int)i + 1, shown);
        pty_send(desk.pty, &shown[i], 1);
        look_for(desk.pty, soon);
        free(soon);
    }
    char *done = what_was_done();
    size_t writes = 0;
    for (const char *at = done; (at = strstr(at, "terminal ")) != NULL; writes++) {
        at += strlen("terminal ");
        assert_in_range(strtoul(at, NULL, 10), 1, KEY_BYTES_MAX);
    }
    assert_int_equal(writes, after - before);
    free(done);
}

/* Bytes painted before the journal was written to or the server was asked, both of which it did. */
static size_t painted_before_all(const char *done)
{
    const char *disk = strstr(done, "disk\n"), *network = strstr(done, "network\n");
    size_t painted = 0;
    assert_non_null(disk);
    assert_non_null(network);
    for (const char *at = done; (at = strstr(at, "terminal ")) && at < disk && at < network;)
        painted += strtoul(at += strlen("terminal "), NULL, 10);
    return painted;
}

/* The first picture is there before the journal is looked at or the server asked. */
static void the_form_comes_before_the_disk_and_the_network(void **state)
{
    (void)state;
    start_watched("2026-0952");
    free(desk_picture(&desk));
    char *done = what_was_done();
    assert_true(painted_before_all(done) > 1000);
    free(done);
}

static bool has_asked_the_network(void *context)
{
    (void)context;
    char *done = what_was_done();
    bool asked = strstr(done, "network\n") != NULL;
    free(done);
    return asked;
}

static void saving_comes_before_the_disk_and_the_network(void **state)
{
    (void)state;
    start_watched("2026-0953");
    free(desk_picture(&desk));
    desk_hold_server(&desk);
    assert_true(pty_wait_read(desk.pty));
    forget_what_was_done();
    size_t from;
    pty_raw(desk.pty, &from);
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "[   Saving...    ]");
    assert_true(support_wait_until(has_asked_the_network, NULL, PATIENCE_MS));
    char *done = what_was_done();
    /* The whole form is painted dimmed, the button with it. */
    assert_true(painted_before_all(done) > 500);
    free(done);
    /* And the button first of all; the status line is below what it is compared with. */
    look_for(desk.pty, " Saving  ");
    size_t length;
    const char *painted = pty_raw(desk.pty, &length) + from;
    assert_true(strstr(painted, "Saving...") < strstr(painted, "Customer e-mail"));
    desk_let_go_server(&desk);
    look_for(desk.pty, "Invoice created");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_plain_key_is_one_short_write),
        DESK_TEST(the_form_comes_before_the_disk_and_the_network),
        DESK_TEST(saving_comes_before_the_disk_and_the_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
