/* What the ways to the stages have in common. */
#ifndef INVONCE_TESTS_TERMINAL_STAGES_INSIDE_H
#define INVONCE_TESTS_TERMINAL_STAGES_INSIDE_H

#include "tests/terminal/stages.h"

#define TAKEN "2026-0001"

/* Of a record's lines, behind a page and a line down. */
#define IN_THE_MIDDLE "Lines 13 to 20 of 40"

/* Environments: what isn't answered is waited for; it is asked for once. */
extern const char *const stages_patient[], *const stages_once[];

/* A number that no stage has used before. */
void stages_fresh_number(char number[16]);

/* For sample_body; the caller's to free. */
char *stages_long_changes(const char *email);

void stages_open_outbox(struct desk *desk);
void stages_open_refused(struct desk *desk);
void stages_open_standing(struct desk *desk);
void stages_open_demo(struct desk *desk);
void stages_open_demo_beside(struct desk *desk);
void stages_open_audit(struct desk *desk);

#endif
