#include "tests/terminal/dialogue.h"

#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"

#include <string.h>

struct desk desk;
const char *const plainly[] = {"--plain", NULL};

static size_t answered; /* of what the program wrote: all this was before the last answer */

void open_desk(const char *fault)
{
    desk_open(&desk, fault != NULL ? (const char *const[]){"--fault", fault, NULL} : NULL);
}

void begin(const struct desk_options *options)
{
    answered = 0;
    desk_start(&desk, options);
}

void start_plain(const char *const *environment)
{
    begin(&(struct desk_options){
        .arguments = plainly, .environment = environment, .rows = 48, .cols = 200});
}

static bool is_asked(struct pty *pty, const void *question)
{
    size_t length;
    const char *raw = pty_raw(pty, &length);
    if (answered > length) answered = 0;
    const char *line = memrchr(raw + answered, '\n', length - answered);
    return line != NULL && strncmp(line + 1, question, strlen(question)) == 0;
}

void expect_question_at(const char *question, const char *file, int line)
{
    if (!pty_wait(desk.pty, is_asked, question))
        look_fail(desk.pty, file, line, "\"%s\" isn't asked", question);
}

void answer_at(const char *question, const char *text, const char *file, int line)
{
    expect_question_at(question, file, line);
    pty_raw(desk.pty, &answered);
    keys_press(desk.pty, text);
    keys_press(desk.pty, "<Enter>");
}

void answer_fields(const char *number)
{
    answer("Number", number);
    answer("Issue date", "");
    answer("Due date", "+30");
    answer("Currency", "");
    answer("Customer e-mail", "ap@northwind.example");
    answer("Customer name", "Northwind Ltd");
    answer(ASK_DESCRIPTION, "Consulting");
    answer("Line 1, Quantity", "1.5");
    answer("Line 1, Unit price", "120.00");
    answer("Line 1, Tax %", "21");
    answer("Line 2, Description", "");
    answer("Notes", "");
}

void create_plainly(void)
{
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
}
