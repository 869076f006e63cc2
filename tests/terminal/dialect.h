/* Puts a program's output into what libvterm 0.1.4 understands (it knows no dim text, and reads
 * only the first of several private modes), and notes what libvterm doesn't tell: the terminal's
 * modes. */
#ifndef INVONCE_TESTS_TERMINAL_DIALECT_H
#define INVONCE_TESTS_TERMINAL_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#define DIALECT_DIM_FONT     1 /* dim text arrives as this alternative font (SGR 11) */
#define DIALECT_SEQUENCE_MAX 128
#define DIALECT_MODES_MAX    32

/* The DEC private modes that a program may leave behind. */
enum dialect_private_mode {
    DIALECT_CURSOR_KEYS = 1,
    DIALECT_AUTO_WRAP = 7,
    DIALECT_CURSOR_SHOWN = 25,
    DIALECT_ALTERNATE_47 = 47,
    DIALECT_MOUSE_CLICKS = 1000,
    DIALECT_MOUSE_DRAGS = 1002,
    DIALECT_MOUSE_MOVES = 1003,
    DIALECT_FOCUS = 1004,
    DIALECT_MOUSE_SGR = 1006,
    DIALECT_ALTERNATE_1047 = 1047,
    DIALECT_ALTERNATE_1049 = 1049,
    DIALECT_BRACKETED_PASTE = 2004,
};

enum dialect_switch { DIALECT_NEVER_SAID, DIALECT_OFF, DIALECT_ON };

/* Starts as all zeros. */
struct dialect {
    enum { DIALECT_GROUND, DIALECT_ESCAPE, DIALECT_CSI } state;
    char sequence[DIALECT_SEQUENCE_MAX]; /* the control sequence being read, from ESC on */
    size_t length;
    struct {
        int number;
        bool on;
    } modes[DIALECT_MODES_MAX];
    size_t mode_count;
    bool keypad_application; /* ESC = */
    bool line_drawing;       /* ESC ( 0, or shifted out */
};

typedef void dialect_sink(void *context, const char *bytes, size_t length);

/* Reads the next bytes of output; sequences may be cut anywhere between two calls. */
void dialect_read(struct dialect *dialect, const char *bytes, size_t length, dialect_sink *sink,
                  void *context);

enum dialect_switch dialect_mode(const struct dialect *dialect, enum dialect_private_mode mode);

#endif
