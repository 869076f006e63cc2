/* What the form says on its screen of how an invoice ended. */
#ifndef INVONCE_TESTS_LAB_FORM_WORDS_H
#define INVONCE_TESTS_LAB_FORM_WORDS_H

#include "tests/terminal/pty.h"

#include <stdbool.h>

#define FORM_BUTTON        "[ Create invoice ]"
#define FORM_BUTTON_LOCKED "[   Saving...    ]"
#define FORM_UNCONFIRMED   "Unconfirmed "

/* Outcomes as the evidence names them, or "unsent": it couldn't be written down, and may be pressed
 * again; NULL: the form hasn't come to its end. */
const char *form_said(struct pty *pty);

/* The same of an invoice from before the program was started. */
const char *form_said_of_before(struct pty *pty);

/* The first record's id on the screen. The caller's to free; NULL: there is none. */
char *form_record(struct pty *pty);

/* For pty_wait: the text that `text` points to is on the screen; form_said, form_said_of_before. */
bool form_shows(struct pty *pty, const void *text);
bool form_has_said(struct pty *pty, const void *unused);
bool form_has_said_of_before(struct pty *pty, const void *unused);

#endif
