/* What the form doesn't believe: answers that the protocol doesn't define, records of others, and
 * texts that would do something to the terminal. */
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
#include <string.h>

#include <cmocka.h>

static struct desk desk;
static struct puppet *puppet;

static int open_desk(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    puppet_stop(puppet);
    puppet = NULL;
    return desk_close(&desk) ? 0 : -1;
}

static void open_form_before(const char *status, const char *media_type, const char *body)
{
    puppet_stop(puppet);
    puppet = puppet_start(status, media_type, body);
    desk_start_filled(
        &desk, "2026-0501", NULL,
        &(struct desk_options){
            .arguments = (const char *const[]){"--server", puppet_url(puppet), NULL},
            .environment = (const char *const[]){"INVONCE_RETRY_BUDGET=500ms", NULL}});
    keys_press(desk.pty, "<Enter>");
}

#define RECORD(number, name)                                                                       \
    "{\"id\":\"inv_7\",\"status\":\"open\",\"number\":\"" number "\",\"issue_date\":"              \
    "\"2026-11-22\",\"due_date\":\"2026-12-22\",\"currency\":\"EUR\",\"customer\":{\"id\":"        \
    "\"cus_1\",\"email\":\"ap@northwind.example\",\"name\":\"" name "\"},\"lines\":[{"             \
    "\"description\":\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\",\"tax_rate\":"  \
    "\"21\",\"net\":\"180.00\"}],\"notes\":\"Thank you\",\"totals\":{\"net\":\"180.00\",\"tax\":"  \
    "\"37.80\",\"gross\":\"217.80\"},\"created_at\":\"2026-11-22T10:02:11Z\",\"created_by\":"      \
    "\"bob\"}"

static void answers_of_nobody_leave_it_locked(void **state)
{
    (void)state;
    static const struct {
        const char *status, *media_type, *body;
    } table[] = {
        {"200 OK", "text/html", "<html>Please log in to the network</html>"},
        {"201 Created", "application/json", RECORD("2026-9999", "Northwind Ltd")},
        {"201 Created", "application/json", "{\"id\":\"inv_7\""},
        {"201 Created", "application/json", "{}"},
        {"409 Conflict", "application/json", "{\"error\":\"taken\"}"},
        {"302 Found", "text/plain", ""},
        {"500 Internal Server Error", "text/plain", "sorry"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        open_form_before(table[i].status, table[i].media_type, table[i].body);
        look_status(desk.pty, "Unconfirmed");
        look_for(desk.pty, "2026-0501");
        assert_true(puppet_posts(puppet) > 0);
        keys_press(desk.pty, "<Enter><C-s>typed");
        keys_press(desk.pty, "<C-q>");
        int status;
        assert_true(pty_wait_exit(desk.pty, &status));
        assert_true(desk_close(&desk));
        desk_open(&desk, NULL);
    }
}

/* ESC ] 0 ; … BEL would set the window's title, CSI 2 J clear the screen; U+202E turns text round.
 */
#define NASTY "evil\\u001b]0;owned\\u0007\\u001b[2J\\u001b[31m\\u202eknaht\\u009b5m"

static void expect_nothing_nasty_went_through(void)
{
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    assert_null(strstr(raw, "\x1b]0;owned"));
    assert_null(strstr(raw, "\xe2\x80\xae"));
    assert_null(strstr(raw, "\xc2\x9b"));
    assert_false(screen_shows(desk.pty, "knaht\xc2\x9b"));
    assert_true(length > 0);
}

static void texts_of_the_server_are_made_safe(void **state)
{
    (void)state;
    open_form_before("409 Conflict", "application/problem+json",
                     "{\"type\":\"urn:invonce:problem:invoice-number-taken\",\"title\":\"" NASTY
                     "\",\"status\":409,\"detail\":\"" NASTY
                     "\",\"effect\":\"none\",\"retry\":\"new_key\",\"existing\":" RECORD(
                         "2026-0501", NASTY) "}");
    look_status(desk.pty, "Conflict");
    look_for(desk.pty, "evil");
    expect_nothing_nasty_went_through();
    open_form_before("422 Unprocessable Content", "application/problem+json",
                     "{\"type\":\"urn:invonce:problem:validation-failed\",\"title\":\"" NASTY
                     "\",\"status\":422,\"detail\":\"" NASTY
                     "\",\"effect\":\"none\",\"retry\":\"new_key\",\"errors\":[{\"pointer\":"
                     "\"/number\",\"code\":\"" NASTY "\",\"detail\":\"" NASTY "\"}]}");
    look_status(desk.pty, "Rejected");
    look_for(desk.pty, "evil");
    expect_nothing_nasty_went_through();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_of_nobody_leave_it_locked, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(texts_of_the_server_are_made_safe, open_desk, close_desk),
    };
    return cmocka_run_group_tests_name("belief", tests, NULL, NULL);
}
