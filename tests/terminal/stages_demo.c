/* The demonstration. */
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"
#include "tests/terminal/stages_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void start_demo(struct desk *desk, int rows, int cols)
{
    stages_clean_home(desk);
    desk_start(desk, &(struct desk_options){.arguments = (const char *const[]){"demo", NULL},
                                            .environment = stages_patient,
                                            .rows = rows,
                                            .cols = cols});
    look_row(desk->pty, "Invonce", "demo / operator");
    look_row(desk->pty, "Enter Create", "F10");
    look_for(desk->pty, "faults: none");
    assert_true(pty_wait_idle(desk->pty));
}

void stages_open_demo(struct desk *desk)
{
    start_demo(desk, 0, 0);
}

void stages_open_demo_beside(struct desk *desk)
{
    start_demo(desk, 43, 132);
}

/* An invoice, and then its number again and again, that there is something to move in. */
#define CONFLICTS 3

static void fill_audit(struct desk *desk)
{
    keys_press(desk->pty, "<C-a><C-k>2026-0905<Tab><Tab><Tab><Tab>" STAGES_CUSTOMER
                          "<Tab><Tab>Tea<Tab>2<Tab>1.25<Enter>");
    for (int i = 0; i < CONFLICTS; i++) {
        look_for(desk->pty, "inv_");
        if (screen_shows(desk->pty, "Invoice created")) {
            keys_press(desk->pty, "n<C-a><C-k>2026-0905<Tab><Tab><Tab><Tab>" STAGES_CUSTOMER
                                  "<Tab><Tab>Tea<Tab>2<Tab>1.25<Enter>");
            look_status(desk->pty, "Conflict");
        } else {
            keys_press(desk->pty, "e");
            look_status(desk->pty, "Editing");
            keys_press(desk->pty, "<Enter>");
            look_status(desk->pty, "Conflict");
        }
    }
}

static bool shows_every_conflict(struct pty *pty, const void *context)
{
    (void)context;
    size_t count = 0;
    char *text = screen_text(pty);
    for (const char *at = text; (at = strstr(at, "  conflict  ")) != NULL; at++)
        count++;
    free(text);
    return count == CONFLICTS;
}

void stages_open_audit(struct desk *desk)
{
    start_demo(desk, 0, 0);
    fill_audit(desk);
    keys_press(desk->pty, "e<F9>");
    look_for(desk->pty, "What the server saw");
    look_for(desk->pty, "created   inv_1001");
    assert_true(pty_wait(desk->pty, shows_every_conflict, NULL));
    keys_press(desk->pty, "<Up>");
    assert_true(pty_wait_idle(desk->pty));
}
