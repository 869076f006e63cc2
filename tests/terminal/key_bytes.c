#include "tests/terminal/key_bytes.h"

#include "tui/terminal/keys.h"

#include <stdio.h>
#include <string.h>

#define MODIFIERS (KEYS_SHIFTED | KEYS_ALT | KEYS_CTRLED)

static const struct named_key {
    uint32_t key;
    const char *bytes;
} named[] = {
    {KEYS_ENTER, "\r"},
    {KEYS_TAB, "\t"},
    {KEYS_BACK_TAB, "\x1b[Z"},
    {KEYS_ESCAPE, "\x1b"},
    {KEYS_BACKSPACE, "\x7f"},
    {KEYS_SHIFTED | KEYS_BACKSPACE, "\b"},
    {KEYS_ALT | KEYS_BACKSPACE, "\x1b\x7f"},
    {KEYS_INSERT, "\x1b[2~"},
    {KEYS_DELETE, "\x1b[3~"},
    {KEYS_PAGE_UP, "\x1b[5~"},
    {KEYS_PAGE_DOWN, "\x1b[6~"},
    {KEYS_F(1), "\x1bOP"},
    {KEYS_F(2), "\x1bOQ"},
    {KEYS_F(3), "\x1bOR"},
    {KEYS_F(4), "\x1bOS"},
    {KEYS_F(5), "\x1b[15~"},
    {KEYS_F(6), "\x1b[17~"},
    {KEYS_F(7), "\x1b[18~"},
    {KEYS_F(8), "\x1b[19~"},
    {KEYS_F(9), "\x1b[20~"},
    {KEYS_F(10), "\x1b[21~"},
    {KEYS_F(11), "\x1b[23~"},
    {KEYS_F(12), "\x1b[24~"},
};

/* Those that take modifiers: ESC [ 1 ; 5 A is Ctrl-Up. */
static const struct {
    uint32_t key;
    char letter;
} cursor_keys[] = {{KEYS_UP, 'A'},   {KEYS_DOWN, 'B'}, {KEYS_RIGHT, 'C'},
                   {KEYS_LEFT, 'D'}, {KEYS_HOME, 'H'}, {KEYS_END, 'F'}};

static size_t copy(char bytes[KEY_BYTES_MAX], const char *text)
{
    return (size_t)snprintf(bytes, KEY_BYTES_MAX, "%s", text);
}

static size_t cursor_key(uint32_t key, char bytes[KEY_BYTES_MAX])
{
    int modifier =
        1 + (key & KEYS_SHIFTED ? 1 : 0) + (key & KEYS_ALT ? 2 : 0) + (key & KEYS_CTRLED ? 4 : 0);
    for (size_t i = 0; i < sizeof cursor_keys / sizeof *cursor_keys; i++) {
        char letter = cursor_keys[i].letter;
        if (cursor_keys[i].key != (key & ~MODIFIERS)) continue;
        return (size_t)(modifier == 1
                            ? snprintf(bytes, KEY_BYTES_MAX, "\x1b[%c", letter)
                            : snprintf(bytes, KEY_BYTES_MAX, "\x1b[1;%d%c", modifier, letter));
    }
    return 0;
}

size_t key_bytes(uint32_t key, char bytes[KEY_BYTES_MAX])
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i].key == key) return copy(bytes, named[i].bytes);
    size_t length = cursor_key(key, bytes);
    if (length > 0) return length;
    uint32_t character = key & ~KEYS_ALT;
    if (character == 0 || character >= 0x7F) return 0;
    if (key & KEYS_ALT) bytes[length++] = '\x1b';
    bytes[length++] = (char)character;
    return length;
}
