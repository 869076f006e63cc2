/* Bytes from a terminal in, keys, pastes and clicks out: ECMA-48 and xterm's sequences, UTF-8. No
 * I/O, no clock in it. */
#ifndef INVONCE_TUI_KEYS_H
#define INVONCE_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
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

#define KEYS_NAME_MAX 40 /* bytes of a key's name, with its NUL */

enum keys_event_type {
    KEYS_PRESSED,
    KEYS_PASTED,  /* a piece of a bracketed paste */
    KEYS_CLICKED, /* the first mouse button went down */
    KEYS_WHEEL,   /* up: lines < 0 */
};

struct keys_event {
    enum keys_event_type type;
    uint32_t key;
    const char *text; /* KEYS_PASTED: borrowed until the next call */
    size_t length;
    int y, x; /* KEYS_CLICKED, from 0 */
    int lines;
};

#define KEYS_BUFFER 4096

/* All zeros is ready. */
struct keys {
    char bytes[KEYS_BUFFER];
    size_t length;
    size_t taken; /* of which this many were given out */
    bool pasting;
    bool garbled; /* bytes that are no UTF-8 have come; whoever has told of it lifts it */
};

/* Where to read to, and how much at most (never 0 after keys_next has returned false). */
char *keys_room(struct keys *keys, size_t *size);
void keys_fed(struct keys *keys, size_t length);

/* The next event, false when there is none yet. `silence` says that the terminal has been quiet for
 * longer than a sequence takes, so that what is there is all there is: ESC is then the key. */
bool keys_next(struct keys *keys, bool silence, struct keys_event *event);

/* True while an unfinished sequence waits for its rest: to be asked again after a moment. The end
 * of a paste is waited for, however long it takes. */
bool keys_waiting(const struct keys *keys);

/* What people call a key: "F1", "Ctrl-S", "Alt-H", "Shift-Tab". */
void keys_name(uint32_t key, char name[KEYS_NAME_MAX]);

#endif
