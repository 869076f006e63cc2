#include "tests/lab/form_words.h"

#include "tests/support/support.h"
#include "tests/terminal/screen.h"

#include <stdlib.h>
#include <string.h>

struct ending {
    const char *shown, *said;
};

static const struct ending endings[] = {
    {"Invoice created", "created"},
    {"This invoice number already exists", "conflict"},
    {FORM_UNCONFIRMED, "unconfirmed"},
    {"Rejected  nothing was sent", "unsent"}, /* before what it begins with */
    {"Rejected ", "rejected"},
    {NULL, NULL},
};

static const struct ending endings_of_before[] = {
    {"from before is saved", "created"},
    {"from before was not created", "conflict"},
    {NULL, NULL},
};

static const char *said(struct pty *pty, const struct ending *ending)
{
    while (ending->shown && !screen_shows(pty, ending->shown))
        ending++;
    return ending->said;
}

const char *form_said(struct pty *pty)
{
    return said(pty, endings);
}

const char *form_said_of_before(struct pty *pty)
{
    return said(pty, endings_of_before);
}

char *form_record(struct pty *pty)
{
    char *text = screen_text(pty);
    const char *at = strstr(text, "inv_");
    size_t length = at ? strlen("inv_") + strspn(at + strlen("inv_"), "0123456789") : 0;
    char *id = at ? support_format("%.*s", (int)length, at) : NULL;
    free(text);
    return id;
}

bool form_shows(struct pty *pty, const void *text)
{
    return screen_shows(pty, text);
}

bool form_has_said(struct pty *pty, const void *unused)
{
    (void)unused;
    return form_said(pty) != NULL;
}

bool form_has_said_of_before(struct pty *pty, const void *unused)
{
    (void)unused;
    return form_said_of_before(pty) != NULL;
}
