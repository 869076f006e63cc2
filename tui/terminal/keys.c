#include "tui/terminal/keys.h"

#include "tui/words.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#define ESC              '\033'
#define SEQUENCE_MAX     48 /* a longer one is none that we know: let go */
#define PASTE_BEGIN      200
#define PASTE_END        "\033[201~"
#define PARAMETERS_MAX   3
#define X10_MOUSE_BYTES  3
#define WHEEL_LINES      3
#define MOUSE_WHEEL_UP   64
#define MOUSE_WHEEL_DOWN 65
#define MOUSE_MODIFIERS  0x1C

/* What a reader found at the front of the buffer. */
enum found {
    FOUND_EVENT,
    FOUND_NOTHING,  /* bytes that mean nothing to us, taken */
    FOUND_BEGINNING /* of something; more bytes are needed */
};

char *keys_room(struct keys *keys, size_t *size)
{
    memmove(keys->bytes, keys->bytes + keys->taken, keys->length - keys->taken);
    keys->length -= keys->taken;
    keys->taken = 0;
    *size = sizeof keys->bytes - keys->length;
    return keys->bytes + keys->length;
}

void keys_fed(struct keys *keys, size_t length)
{
    keys->length += length;
}

bool keys_waiting(const struct keys *keys)
{
    return !keys->pasting && keys->taken < keys->length;
}

static const char *front(const struct keys *keys)
{
    return keys->bytes + keys->taken;
}

static size_t left(const struct keys *keys)
{
    return keys->length - keys->taken;
}

static void press(struct keys_event *event, uint32_t key)
{
    *event = (struct keys_event){.type = KEYS_PRESSED, .key = key};
}

/* CSI number ~ (VT220, xterm, rxvt), by number. */
static uint32_t tilde_key(int number)
{
    static const uint32_t keys[] = {
        [1] = KEYS_HOME,    [2] = KEYS_INSERT,    [3] = KEYS_DELETE, [4] = KEYS_END,
        [5] = KEYS_PAGE_UP, [6] = KEYS_PAGE_DOWN, [7] = KEYS_HOME,   [8] = KEYS_END,
        [11] = KEYS_F(1),   [12] = KEYS_F(2),     [13] = KEYS_F(3),  [14] = KEYS_F(4),
        [15] = KEYS_F(5),   [17] = KEYS_F(6),     [18] = KEYS_F(7),  [19] = KEYS_F(8),
        [20] = KEYS_F(9),   [21] = KEYS_F(10),    [23] = KEYS_F(11), [24] = KEYS_F(12),
        [25] = KEYS_F(13),  [26] = KEYS_F(14),    [28] = KEYS_F(15), [29] = KEYS_F(16),
        [31] = KEYS_F(17),  [32] = KEYS_F(18),    [33] = KEYS_F(19), [34] = KEYS_F(20),
    };
    if (number < 0 || (size_t)number >= sizeof keys / sizeof keys[0]) return KEYS_NONE;
    return keys[number];
}

struct letter_key {
    char letter;
    uint32_t key;
};

static uint32_t letter_key(const struct letter_key *table, size_t count, char letter)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].letter == letter) return table[i].key;
    }
    return KEYS_NONE;
}

/* The last letter of CSI or SS3 sequences. */
static uint32_t cursor_key(char letter)
{
    static const struct letter_key table[] = {
        {'A', KEYS_UP},   {'B', KEYS_DOWN}, {'C', KEYS_RIGHT},    {'D', KEYS_LEFT},
        {'H', KEYS_HOME}, {'F', KEYS_END},  {'P', KEYS_F(1)},     {'Q', KEYS_F(2)},
        {'R', KEYS_F(3)}, {'S', KEYS_F(4)}, {'Z', KEYS_BACK_TAB},
    };
    return letter_key(table, sizeof table / sizeof table[0], letter);
}

/* SS3 letter: as above, the keypad in application mode, and rxvt's Ctrl with an arrow. */
static uint32_t ss3_key(char letter)
{
    static const struct letter_key table[] = {
        {'M', KEYS_ENTER},
        {'I', KEYS_TAB},
        {' ', ' '},
        {'X', '='},
        {'j', '*'},
        {'k', '+'},
        {'l', ','},
        {'m', '-'},
        {'n', '.'},
        {'o', '/'},
        {'a', KEYS_CTRLED | KEYS_UP},
        {'b', KEYS_CTRLED | KEYS_DOWN},
        {'c', KEYS_CTRLED | KEYS_RIGHT},
        {'d', KEYS_CTRLED | KEYS_LEFT},
    };
    if (letter >= 'p' && letter <= 'y') return (uint32_t)('0' + (letter - 'p'));
    uint32_t key = cursor_key(letter);
    return key ? key : letter_key(table, sizeof table / sizeof table[0], letter);
}

/* xterm's modifier parameter: 1 + Shift 1 + Alt 2 + Ctrl 4. */
static uint32_t modifiers(int parameter)
{
    int bits = parameter > 1 ? parameter - 1 : 0;
    return ((bits & 1) ? KEYS_SHIFTED : 0u) | ((bits & 2) ? KEYS_ALT : 0u) |
           ((bits & 4) ? KEYS_CTRLED : 0u);
}

struct csi {
    char private_mark; /* one of < = > ?, or 0 */
    int parameters[PARAMETERS_MAX];
    char last;
    size_t length; /* of the whole sequence */
};

/* Reads ESC [ … letter. */
static enum found read_csi(const char *bytes, size_t length, struct csi *csi)
{
    *csi = (struct csi){0};
    size_t parameter = 0;
    for (size_t i = 2; i < length; i++) {
        char byte = bytes[i];
        csi->length = i + 1;
        if (i > SEQUENCE_MAX) return FOUND_NOTHING;
        if (byte >= '0' && byte <= '9') {
            int *number = &csi->parameters[parameter];
            if (*number < 100000) *number = *number * 10 + (byte - '0');
        } else if (byte == ';' || byte == ':') {
            if (parameter + 1 < PARAMETERS_MAX) parameter++;
        } else if (byte >= '<' && byte <= '?') {
            csi->private_mark = byte;
        } else if (byte >= 0x40 && byte <= 0x7E) {
            csi->last = byte;
            return FOUND_EVENT;
        } else if (byte < 0x20 || byte > 0x2F) {
            csi->length = i; /* no part of a sequence: it was broken off here */
            return FOUND_NOTHING;
        }
    }
    return FOUND_BEGINNING;
}

static enum found mouse(int button, int x, int y, bool pressed, struct keys_event *event)
{
    *event = (struct keys_event){.y = y, .x = x};
    switch (button & ~MOUSE_MODIFIERS) {
    case 0:
        event->type = KEYS_CLICKED;
        return pressed && x >= 0 && y >= 0 ? FOUND_EVENT : FOUND_NOTHING;
    case MOUSE_WHEEL_UP:
        event->type = KEYS_WHEEL;
        event->lines = -WHEEL_LINES;
        return FOUND_EVENT;
    case MOUSE_WHEEL_DOWN:
        event->type = KEYS_WHEEL;
        event->lines = WHEEL_LINES;
        return FOUND_EVENT;
    default:
        return FOUND_NOTHING;
    }
}

/* CSI M and three bytes, each 32 more than it says: the mouse as xterm first reported it. */
static enum found take_x10_mouse(struct keys *keys, struct keys_event *event)
{
    const size_t head = 3;
    if (left(keys) < head + X10_MOUSE_BYTES) return FOUND_BEGINNING;
    const unsigned char *report = (const unsigned char *)front(keys) + head;
    keys->taken += head + X10_MOUSE_BYTES;
    return mouse(report[0] - 32, report[1] - 33, report[2] - 33, true, event);
}

/* The Linux console's F1 to F5: ESC [ [ A … */
static enum found take_linux_function_key(struct keys *keys, struct keys_event *event)
{
    if (left(keys) < 4) return FOUND_BEGINNING;
    char letter = front(keys)[3];
    keys->taken += 4;
    if (letter < 'A' || letter > 'E') return FOUND_NOTHING;
    press(event, KEYS_F((uint32_t)(letter - 'A') + 1));
    return FOUND_EVENT;
}

static enum found take_csi(struct keys *keys, struct keys_event *event)
{
    const char *bytes = front(keys);
    if (left(keys) >= 3 && bytes[2] == 'M') return take_x10_mouse(keys, event);
    if (left(keys) >= 3 && bytes[2] == '[') return take_linux_function_key(keys, event);
    struct csi csi;
    enum found found = read_csi(bytes, left(keys), &csi);
    if (found == FOUND_BEGINNING) return found;
    keys->taken += csi.length;
    if (found == FOUND_NOTHING) return found;
    if (csi.private_mark == '<' && (csi.last == 'M' || csi.last == 'm')) {
        return mouse(csi.parameters[0], csi.parameters[1] - 1, csi.parameters[2] - 1,
                     csi.last == 'M', event);
    }
    if (csi.private_mark) return FOUND_NOTHING;
    if (csi.last == '~' && csi.parameters[0] == PASTE_BEGIN) {
        keys->pasting = true;
        return FOUND_NOTHING;
    }
    uint32_t key = csi.last == '~' ? tilde_key(csi.parameters[0]) : cursor_key(csi.last);
    if (!key) return FOUND_NOTHING;
    press(event, key | modifiers(csi.parameters[1]));
    return FOUND_EVENT;
}

static uint32_t control_key(unsigned char byte)
{
    switch (byte) {
    case '\r':
    case '\n':
        return KEYS_ENTER;
    case '\t':
        return KEYS_TAB;
    case '\b':
    case 0x7F:
        return KEYS_BACKSPACE;
    default:
        return byte;
    }
}

/* One character: a control byte, or UTF-8. Bytes that are no UTF-8 are let go, one at a time. */
static enum found take_character(struct keys *keys, bool silence, uint32_t extra,
                                 struct keys_event *event)
{
    const char *bytes = front(keys);
    unsigned char first = (unsigned char)bytes[0];
    if (first < 0x20 || first == 0x7F) {
        keys->taken++;
        press(event, control_key(first) | extra);
        return first ? FOUND_EVENT : FOUND_NOTHING;
    }
    size_t wanted = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    size_t available = wanted < left(keys) ? wanted : left(keys);
    utf8proc_int32_t code_point;
    utf8proc_ssize_t taken =
        utf8proc_iterate((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)available, &code_point);
    if (taken > 0) {
        keys->taken += (size_t)taken;
        press(event, (uint32_t)code_point | extra);
        return FOUND_EVENT;
    }
    if (available < wanted && !silence) return FOUND_BEGINNING;
    keys->taken++;
    keys->garbled = true;
    return FOUND_NOTHING;
}

static enum found take_escape(struct keys *keys, bool silence, struct keys_event *event)
{
    bool alone = left(keys) == 1 || front(keys)[1] == ESC;
    if (alone) {
        if (left(keys) == 1 && !silence) return FOUND_BEGINNING;
        keys->taken++;
        press(event, KEYS_ESCAPE);
        return FOUND_EVENT;
    }
    char second = front(keys)[1];
    if (second == '[' || second == 'O') {
        enum found found = FOUND_BEGINNING;
        if (second == '[') {
            found = take_csi(keys, event);
        } else if (left(keys) >= 3) {
            uint32_t key = ss3_key(front(keys)[2]);
            keys->taken += 3;
            press(event, key);
            found = key ? FOUND_EVENT : FOUND_NOTHING;
        }
        if (found == FOUND_BEGINNING && silence) {
            keys->taken = keys->length; /* its rest won't come */
            return FOUND_NOTHING;
        }
        return found;
    }
    keys->taken++;
    enum found found = take_character(keys, silence, KEYS_ALT, event);
    if (found == FOUND_BEGINNING) keys->taken--;
    return found;
}

/* How many bytes at the end of the buffer may be the start of PASTE_END, or of a character. */
static size_t held_back(const char *bytes, size_t length)
{
    const size_t mark = sizeof PASTE_END - 1;
    for (size_t tail = length < mark - 1 ? length : mark - 1; tail > 0; tail--) {
        if (memcmp(bytes + length - tail, PASTE_END, tail) == 0) return tail;
    }
    for (size_t tail = 1; tail <= 3 && tail <= length; tail++) {
        unsigned char byte = (unsigned char)bytes[length - tail];
        if (byte >= 0xC0) {
            size_t wanted = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
            return wanted > tail ? tail : 0;
        }
        if (byte < 0x80) return 0;
    }
    return 0;
}

static enum found take_paste(struct keys *keys, struct keys_event *event)
{
    const char *bytes = front(keys);
    const char *end = memmem(bytes, left(keys), PASTE_END, sizeof PASTE_END - 1);
    size_t length = end ? (size_t)(end - bytes) : left(keys);
    if (!end) length -= held_back(bytes, length);
    if (end && length == 0) {
        keys->pasting = false;
        keys->taken += sizeof PASTE_END - 1;
        return FOUND_NOTHING;
    }
    if (length == 0) return FOUND_BEGINNING;
    keys->taken += length;
    *event = (struct keys_event){.type = KEYS_PASTED, .text = bytes, .length = length};
    return FOUND_EVENT;
}

bool keys_next(struct keys *keys, bool silence, struct keys_event *event)
{
    while (left(keys) > 0) {
        enum found found;
        if (keys->pasting) {
            found = take_paste(keys, event);
        } else if (*front(keys) == ESC) {
            found = take_escape(keys, silence, event);
        } else {
            found = take_character(keys, silence, 0, event);
        }
        if (found == FOUND_EVENT) return true;
        if (found == FOUND_BEGINNING) return false;
    }
    return false;
}

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
