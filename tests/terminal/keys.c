#include "tests/terminal/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct named_key {
    const char *name;
    VTermKey key;
} named_keys[] = {
    {"Enter", VTERM_KEY_ENTER},
    {"Tab", VTERM_KEY_TAB},
    {"Backspace", VTERM_KEY_BACKSPACE},
    {"Esc", VTERM_KEY_ESCAPE},
    {"Up", VTERM_KEY_UP},
    {"Down", VTERM_KEY_DOWN},
    {"Left", VTERM_KEY_LEFT},
    {"Right", VTERM_KEY_RIGHT},
    {"Del", VTERM_KEY_DEL},
    {"Ins", VTERM_KEY_INS},
    {"Home", VTERM_KEY_HOME},
    {"End", VTERM_KEY_END},
    {"PageUp", VTERM_KEY_PAGEUP},
    {"PageDown", VTERM_KEY_PAGEDOWN},
};

static VTermKey key_named(const char *name)
{
    for (size_t i = 0; i < sizeof named_keys / sizeof named_keys[0]; i++)
        if (strcmp(named_keys[i].name, name) == 0) return named_keys[i].key;
    if (name[0] == 'F' && strspn(name + 1, "0123456789") == strlen(name + 1) && name[1] != '\0')
        return (VTermKey)VTERM_KEY_FUNCTION(strtol(name + 1, NULL, 10));
    return VTERM_KEY_NONE;
}

static void press_named(struct pty *pty, const char *name)
{
    int modifiers = VTERM_MOD_NONE;
    const char *rest = name;
    for (; rest[0] != '\0' && rest[1] == '-' && rest[2] != '\0'; rest += 2)
        modifiers |= rest[0] == 'S'   ? VTERM_MOD_SHIFT
                     : rest[0] == 'C' ? VTERM_MOD_CTRL
                                      : VTERM_MOD_ALT;
    VTermKey key = key_named(rest);
    if (key != VTERM_KEY_NONE) {
        pty_key(pty, key, (VTermModifier)modifiers);
    } else if (strcmp(name, "lt") == 0) {
        pty_send(pty, "<", 1);
    } else if (modifiers == VTERM_MOD_CTRL && rest[1] == '\0') {
        char control = (char)(rest[0] & 0x1F);
        pty_send(pty, &control, 1);
    } else if (modifiers == VTERM_MOD_ALT && rest[1] == '\0') {
        pty_send(pty, (const char[]){'\x1b', rest[0]}, 2); /* apart, they would be two keys */
    } else {
        fprintf(stderr, "keys: <%s> is no key\n", name);
        abort();
    }
}

void keys_press(struct pty *pty, const char *keys)
{
    while (*keys != '\0') {
        size_t plain = strcspn(keys, "<");
        if (plain > 0) pty_send(pty, keys, plain);
        keys += plain;
        if (*keys == '\0') return;
        char name[16];
        size_t length = strcspn(keys + 1, ">");
        snprintf(name, sizeof name, "%.*s", (int)length, keys + 1);
        press_named(pty, name);
        keys += 1 + length + (keys[1 + length] == '>');
    }
}
