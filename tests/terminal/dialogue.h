/* A conversation with `invonce --plain` at a desk: its questions, and the answers to them. */
#ifndef INVONCE_TESTS_TERMINAL_DIALOGUE_H
#define INVONCE_TESTS_TERMINAL_DIALOGUE_H

#include "tests/terminal/desk.h"

extern struct desk desk;
extern const char *const plainly[]; /* the arguments */

/* With a fault at the server (NULL: none). */
void open_desk(const char *fault);

/* Any program at the desk, or the conversation in a large terminal. */
void begin(const struct desk_options *options);
void start_plain(const char *const *environment);

/* The last line is a question that begins so, and newer than the last answer. */
#define expect_question(question) expect_question_at(question, __FILE__, __LINE__)
void expect_question_at(const char *question, const char *file, int line);

#define answer(question, text) answer_at(question, text, __FILE__, __LINE__)
void answer_at(const char *question, const char *text, const char *file, int line);

#define ASK_DESCRIPTION "Line 1, Description"
#define ASK_CREATE      "Create this invoice? [y/N]"

void answer_fields(const char *number);

/* Number 2026-0042, and all that follows. */
void create_plainly(void);

#endif
