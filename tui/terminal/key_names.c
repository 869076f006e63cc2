#include "tui/terminal/keys.h"

#include "tui/words/words.h"

#include <stdio.h>
#include <utf8proc.h>

static const char *named_key(uint32_t key)
{
    static const char *const names[] = {
        [KEYS_ENTER - KEYS_ENTER] = N_("Enter"),
        [KEYS_TAB - KEYS_ENTER] = N_("Tab"),
        [KEYS_BACK_TAB - KEYS_ENTER] = N_("Shift-Tab"),
        [KEYS_ESCAPE - KEYS_ENTER] = N_("Esc"),
        [KEYS_BACKSPACE - KEYS_ENTER] = N_("Backspace"),
        [KEYS_UP - KEYS_ENTER] = N_("Up"),
        [KEYS_DOWN - KEYS_ENTER] = N_("Down"),
        [KEYS_LEFT - KEYS_ENTER] = N_("Left"),
        [KEYS_RIGHT - KEYS_ENTER] = N_("Right"),
        [KEYS_HOME - KEYS_ENTER] = N_("Home"),
        [KEYS_END - KEYS_ENTER] = N_("End"),
        [KEYS_INSERT - KEYS_ENTER] = N_("Insert"),
        [KEYS_DELETE - KEYS_ENTER] = N_("Delete"),
        [KEYS_PAGE_UP - KEYS_ENTER] = N_("PgUp"),
        [KEYS_PAGE_DOWN - KEYS_ENTER] = N_("PgDn"),
    };
    size_t index = key - KEYS_ENTER;
    return key >= KEYS_ENTER && index < sizeof names / sizeof names[0] ? _(names[index]) : NULL;
}

/* Names are painted with each key that is typed: this is quicker than snprintf. */
static size_t append(char name[KEYS_NAME_MAX], size_t at, const char *text)
{
    while (*text && at + 1 < KEYS_NAME_MAX)
        name[at++] = *text++;
    name[at] = '\0';
    return at;
}

void keys_name(uint32_t key, char name[KEYS_NAME_MAX])
{
    uint32_t bare = key & ~(KEYS_SHIFTED | KEYS_ALT | KEYS_CTRLED);
    const char *named = named_key(bare);
    bool control = !named && bare < 0x20;
    char character[16] = "";
    size_t at = append(name, 0, key & KEYS_SHIFTED ? "Shift-" : "");
    at = append(name, at, key & KEYS_ALT ? "Alt-" : "");
    at = append(name, at, control || key & KEYS_CTRLED ? "Ctrl-" : "");
    if (named) {
        append(name, at, named);
        return;
    }
    if (bare >= KEYS_F0) {
        snprintf(character, sizeof character, "F%u", (unsigned)(bare - KEYS_F0));
    } else {
        if (control) bare += 0x40;
        if (bare >= 'a' && bare <= 'z') bare -= 'a' - 'A';
        utf8proc_encode_char((utf8proc_int32_t)bare, (utf8proc_uint8_t *)character);
    }
    append(name, at, character);
}
