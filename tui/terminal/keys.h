/* Bytes from a terminal in, keys, pastes and clicks out: ECMA-48 and xterm's sequences, UTF-8. No
 * I/O and no clock in it: times are given, in milliseconds of one clock that only goes forward. */
#ifndef INVONCE_TUI_KEYS_H
#define INVONCE_TUI_KEYS_H

#include "tui/terminal/key_codes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYS_NAME_MAX 40 /* bytes of a key's name, with its NUL */

enum keys_event_type {
    KEYS_PRESSED,
    KEYS_PASTED,      /* a piece of a bracketed paste, in whole characters */
    KEYS_PASTE_ENDED, /* by its mark, or by a silence */
    KEYS_CLICKED,     /* the first mouse button went down */
    KEYS_WHEEL,       /* up: lines < 0 */
    KEYS_GARBLED,     /* a byte that is part of no character (UTF-8), typed or pasted: left out */
};

/* Whose an event is. The text that is pasted may have a mark of the paste's end in it, or the
 * terminal doesn't mark pastes: what comes with it may then be another one's. */
enum keys_trust {
    KEYS_TRUSTED,
    KEYS_LAST_OF_PASTE, /* came in one go with it; nothing came behind, not even the mark */
    KEYS_AMONG_PASTE,
};

struct keys_event {
    enum keys_event_type type;
    enum keys_trust trust;
    uint32_t key;
    const char *text; /* KEYS_PASTED: borrowed until the next call */
    size_t length;
    int y, x; /* KEYS_CLICKED, from 0 */
    int lines;
};

enum keys_paste {
    KEYS_NO_PASTE,
    KEYS_IN_PASTE,
    KEYS_BEHIND_PASTE, /* until something comes alone */
    KEYS_IN_LINES,     /* that aren't marked as pasted; the same, or until a silence */
};

#define KEYS_BUFFER 4096

struct keys {
    char bytes[KEYS_BUFFER];
    size_t length;
    size_t taken;    /* of which this many were given out */
    int64_t fed_ms;  /* when the last of them came */
    unsigned events; /* that were found in what came last */
    int64_t due_ms;
    int64_t escape_ms;
    enum keys_paste paste;
    bool garbled; /* bytes that are no UTF-8 have come; whoever has told of it lifts it */
};

/* `escape_delay` is how long what follows ESC in a key's sequence may take, in milliseconds, as
 * text: ncurses' ESCDELAY. NULL, or no number: what fits most lines. */
void keys_start(struct keys *keys, const char *escape_delay);

/* Where to read to, and how much at most (never 0 after keys_next has returned false). */
char *keys_room(struct keys *keys, size_t *size);
void keys_fed(struct keys *keys, size_t length, int64_t now_ms);

/* The next event, false when there is none yet. The terminal had nothing more to read at `now_ms`:
 * after a silence, what is there is all there is, and ESC is then the key. */
bool keys_next(struct keys *keys, int64_t now_ms, struct keys_event *event);

/* When the silence will be long enough for keys_next to be asked again, as it stood when it last
 * returned false; INT64_MAX: no silence tells more. */
int64_t keys_due_ms(const struct keys *keys);

/* True while an event has begun that waits for its rest, or for silence. */
bool keys_waiting(const struct keys *keys);

/* What people call a key: "F1", "Ctrl-S", "Alt-H", "Shift-Tab". */
void keys_name(uint32_t key, char name[KEYS_NAME_MAX]);

#endif
