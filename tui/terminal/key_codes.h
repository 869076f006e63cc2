/* What a key is called: by its character, or by a name of its own. */
#ifndef INVONCE_TUI_KEY_CODES_H
#define INVONCE_TUI_KEY_CODES_H

#include <stdint.h>

/* A key is a Unicode code point or one of KEYS_UP …, with modifiers added. Ctrl and a letter is the
 * control character: Ctrl-A is 1. Ctrl-H and DEL are KEYS_BACKSPACE, CR and LF KEYS_ENTER, Tab is
 * KEYS_TAB, ESC alone KEYS_ESCAPE. */
enum keys_named {
    KEYS_NONE = 0,
    KEYS_ENTER = 0x110000, /* past the last code point */
    KEYS_TAB,
    KEYS_BACK_TAB,
    KEYS_ESCAPE,
    KEYS_BACKSPACE,
    KEYS_UP,
    KEYS_DOWN,
    KEYS_LEFT,
    KEYS_RIGHT,
    KEYS_HOME,
    KEYS_END,
    KEYS_INSERT,
    KEYS_DELETE,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_F0, /* KEYS_F(n) */
    KEYS_F20 = KEYS_F0 + 20,
};

#define KEYS_F(n)    (KEYS_F0 + (n))
#define KEYS_CTRL(c) ((uint32_t)(c)&0x1F)
#define KEYS_SHIFTED 0x1000000u
#define KEYS_ALT     0x2000000u
#define KEYS_CTRLED  0x4000000u /* with a named key: KEYS_CTRLED | KEYS_LEFT */

#endif
