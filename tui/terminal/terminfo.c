#include "tui/terminal/terminfo.h"

#include <curses.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

const char *terminfo(const char *name)
{
    const char *text = tigetstr(name);
    return text != (const char *)-1 ? text : NULL;
}

/* It is known, and a cursor can be put where it is wanted. */
static bool can_paint(const char *name)
{
    int known;
    if (setupterm(name, STDOUT_FILENO, &known) != OK) return false;
    bool can = terminfo("cup");
    del_curterm(cur_term);
    return can;
}

/* Terminals whose entries come with them, and so are missing where one has logged in to from there;
 * and what they are happy to be taken for. */
static const struct {
    const char *begins, *instead;
} stand_ins[] = {
    {"xterm-", "xterm-256color"},  {"foot", "xterm-256color"},  {"alacritty", "xterm-256color"},
    {"wezterm", "xterm-256color"}, {"tmux", "screen-256color"},
};

const char *terminfo_entry(void)
{
    const char *name = getenv("TERM");
    if (!name || can_paint(name)) return name;
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++) {
        bool meant = strncmp(name, stand_ins[i].begins, strlen(stand_ins[i].begins)) == 0;
        if (meant && can_paint(stand_ins[i].instead)) return stand_ins[i].instead;
    }
    return NULL;
}
