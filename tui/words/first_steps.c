#include "tui/words/first_steps.h"

#include "tui/words/words.h"

static const char *const sentences[] = {
    [MISSING_NOTHING] = "",
    [MISSING_SERVER] = N_("No server answers at this address. What you create meanwhile is kept, "
                          "and sent once it does."),
    [MISSING_TOKEN] = N_("There is no token: the server couldn't tell who you are."),
    [MISSING_KNOWN_TOKEN] =
        N_("The server doesn't know your token: it is mistyped, or for another server, or was "
           "taken back."),
};

static const struct first_step steps[] = {
    {N_("As an operator, with the address that you were given, and the token in a file:"),
     {"invonce --server URL --token-file FILE"}},
    {N_("To try it out, with a server of its own on this machine:"), {"invonce demo"}},
    {N_("As a tester, the server in one terminal, the form in another:"),
     {"invonce-mock-server --token north:ana=SOME-LONG-TOKEN",
      "INVONCE_TOKEN=SOME-LONG-TOKEN invonce"}},
};

const char *first_steps_missing(enum missing missing)
{
    return missing == MISSING_NOTHING ? "" : _(sentences[missing]);
}

const struct first_step *first_step(size_t index)
{
    return index < sizeof steps / sizeof steps[0] ? &steps[index] : NULL;
}

const char *first_steps_look(void)
{
    return _("invonce config shows the server and the token in force, and where each was given.");
}

void first_steps_print(FILE *out)
{
    for (size_t i = 0; first_step(i); i++) {
        fprintf(out, "\n%s\n", _(steps[i].who));
        for (size_t k = 0; k < 2 && steps[i].commands[k]; k++)
            fprintf(out, "    %s\n", steps[i].commands[k]);
    }
    fprintf(out, "\n%s\n", first_steps_look());
}
