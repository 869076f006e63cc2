/* Every state that the form can be in, and the way there: as many openings of the real program as
 * are asked for, all showing the same but for numbers, keys and times. */
#ifndef INVONCE_TESTS_TERMINAL_STAGES_H
#define INVONCE_TESTS_TERMINAL_STAGES_H

#include "tests/terminal/desk.h"
#include "tui/form/actions.h"

#include <stdbool.h>
#include <stddef.h>

struct stage {
    const char *name;
    enum view view;
    bool locked;
    bool unseen; /* the window is too small to see what one does */
    bool demo;   /* the demonstration, with a server of its own */
    bool saving; /* the seconds are counted on the status line */
    /* Opens the program there, in the middle of what can be moved in. */
    void (*open)(struct desk *desk);
    /* Waits until nothing changes by itself any more but the seconds; NULL: it doesn't already. */
    void (*settle)(struct desk *desk);
    /* The way back to what was there before it, and the words that stand there; NULL: none. */
    const char *back, *behind;
};

/* Rows of the table, from 0; NULL past the last. */
const struct stage *stages_row(size_t index);

/* A test of the file's own `desk`, at which all of them are played: its server knows enough
 * invoices to choose from. Closed after it. */
#define STAGES_TEST(function)                                                                      \
    cmocka_unit_test_prestate_setup_teardown(function, stages_set_up, desk_tear_down, &desk)
int stages_set_up(void **desk);

/* Nothing is left of what was done at the desk, but at the server. */
void stages_clean_home(struct desk *desk);

/* The e-mail of a customer of that server, and the part of it that is enough. */
#define STAGES_CUSTOMER "ap@northwind.example"
#define STAGES_PART     "ap@nor"

/* As often Shift-Tab leads from where the cursor is in the form to the customer's e-mail. */
#define STAGES_FIELDS_TO_EMAIL 42

/* Each POST to the server is refused with 503 from now on, or none. */
void stages_refuse_posts(struct desk *desk, bool refuse);

#endif
