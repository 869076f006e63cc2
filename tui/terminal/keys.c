#include "tui/terminal/keys.h"

#include "tui/terminal/key_sequences.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define ESC              '\033'
#define PASTE_BEGIN      200
#define PASTE_END        201
#define PASTE_MARK       "\033[20" /* then 0 or 1, and ~ */
#define PASTE_MARK_SIZE  6
#define X10_MOUSE_BYTES  3
#define WHEEL_LINES      3
#define MOUSE_WHEEL_UP   64
#define MOUSE_WHEEL_DOWN 65
#define MOUSE_MODIFIERS  0x1C

/* Silences. A line that loses a packet sends it again within the first; no one types what begins a
 * sequence. What is pasted stops for longer than the third on no line that can be worked at. The
 * last is shorter than fingers need, and longer than a terminal takes between two bytes. */
#define ESCAPE_MS     300
#define ESCAPE_MS_MAX 10000
#define SEQUENCE_MS   2000
#define PASTE_MS      1000
#define ALONE_MS      50

void keys_start(struct keys *keys, const char *escape_delay)
{
    *keys = (struct keys){.due_ms = INT64_MAX, .escape_ms = ESCAPE_MS};
    char *end = NULL;
    long delay = escape_delay ? strtol(escape_delay, &end, 10) : -1;
    if (delay < 0 || end == escape_delay || *end) return;
    keys->escape_ms = delay < ESCAPE_MS_MAX ? delay : ESCAPE_MS_MAX;
}

char *keys_room(struct keys *keys, size_t *size)
{
    memmove(keys->bytes, keys->bytes + keys->taken, keys->length - keys->taken);
    keys->length -= keys->taken;
    keys->taken = 0;
    *size = sizeof keys->bytes - keys->length;
    return keys->bytes + keys->length;
}

void keys_fed(struct keys *keys, size_t length, int64_t now_ms)
{
    assert(length <= sizeof keys->bytes - keys->length);
    keys->length += length;
    keys->fed_ms = now_ms;
    keys->events = 0;
}

bool keys_waiting(const struct keys *keys)
{
    return keys->taken < keys->length;
}

int64_t keys_due_ms(const struct keys *keys)
{
    return keys->due_ms;
}

/* The terminal has been silent for so long, or that is now what is waited for. */
static bool is_silent(struct keys *keys, int64_t now_ms, int64_t silence_ms)
{
    keys->due_ms = keys->fed_ms + silence_ms;
    return now_ms >= keys->due_ms;
}

static const char *front(const struct keys *keys)
{
    return keys->bytes + keys->taken;
}

static size_t left(const struct keys *keys)
{
    assert(keys->taken <= keys->length);
    return keys->length - keys->taken;
}

static void press(struct keys_event *event, uint32_t key)
{
    *event = (struct keys_event){.type = KEYS_PRESSED, .key = key};
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
    enum found found = csi_read(bytes, left(keys), &csi);
    if (found == FOUND_BEGINNING) return found;
    keys->taken += csi.length;
    if (found == FOUND_NOTHING) return found;
    if (csi.private_mark == '<' && (csi.last == 'M' || csi.last == 'm')) {
        return mouse(csi.parameters[0], csi.parameters[1] - 1, csi.parameters[2] - 1,
                     csi.last == 'M', event);
    }
    if (csi.private_mark) return FOUND_NOTHING;
    if (csi.last == '~' && csi.parameters[0] == PASTE_BEGIN) {
        keys->paste = KEYS_IN_PASTE;
        return FOUND_NOTHING;
    }
    if (csi.last == '~' && csi.parameters[0] == PASTE_END) {
        keys->paste = KEYS_BEHIND_PASTE; /* what came before it was in a paste, too */
        keys->events++;
        return FOUND_NOTHING;
    }
    uint32_t key = csi.last == '~' ? key_of_tilde(csi.parameters[0]) : key_of_letter(csi.last);
    if (!key) return FOUND_NOTHING;
    press(event, key | key_modifiers(csi.parameters[1]));
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

/* A character of UTF-8, and its bytes. FOUND_NOTHING: the first byte is part of none. */
static enum found read_letter(const char *bytes, size_t length, utf8proc_int32_t *code_point,
                              size_t *taken)
{
    unsigned char first = (unsigned char)bytes[0];
    size_t wanted = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (wanted == 0 || first > 0xF4) return FOUND_NOTHING;
    for (size_t i = 1; i < wanted && i < length; i++)
        if (((unsigned char)bytes[i] & 0xC0) != 0x80) return FOUND_NOTHING;
    if (length < wanted) return FOUND_BEGINNING;
    *taken = wanted;
    return utf8proc_iterate((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)wanted, code_point) >
                   0
               ? FOUND_EVENT
               : FOUND_NOTHING;
}

/* A byte that nothing can be made of. What was meant can't be told, so that what follows it needs
 * the same care as what follows a paste. */
static enum found take_garbled(struct keys *keys, struct keys_event *event)
{
    keys->taken++;
    keys->garbled = true;
    if (keys->paste == KEYS_NO_PASTE) keys->paste = KEYS_BEHIND_PASTE;
    *event = (struct keys_event){.type = KEYS_GARBLED};
    return FOUND_EVENT;
}

/* One character: a control byte, or UTF-8. However long the rest of one takes, it is waited for. */
static enum found take_character(struct keys *keys, uint32_t extra, struct keys_event *event)
{
    unsigned char first = (unsigned char)*front(keys);
    if (first < 0x20 || first == 0x7F) {
        keys->taken++;
        press(event, control_key(first) | extra);
        return first ? FOUND_EVENT : FOUND_NOTHING;
    }
    utf8proc_int32_t code_point;
    size_t taken;
    enum found found = read_letter(front(keys), left(keys), &code_point, &taken);
    if (found == FOUND_NOTHING) return take_garbled(keys, event);
    if (found == FOUND_BEGINNING) return found;
    keys->taken += taken;
    press(event, (uint32_t)code_point | extra);
    return FOUND_EVENT;
}

static enum found take_ss3(struct keys *keys, struct keys_event *event)
{
    if (left(keys) < 3) return FOUND_BEGINNING;
    uint32_t key = key_of_ss3(front(keys)[2]);
    keys->taken += 3;
    press(event, key);
    return key ? FOUND_EVENT : FOUND_NOTHING;
}

/* ESC [ or ESC O, and what they begin. Alone they are Alt and that letter. */
static enum found take_sequence(struct keys *keys, int64_t now_ms, struct keys_event *event)
{
    bool bare = left(keys) == 2;
    char second = front(keys)[1];
    enum found found = second == '[' ? take_csi(keys, event) : take_ss3(keys, event);
    int64_t patience = keys->escape_ms > SEQUENCE_MS ? keys->escape_ms : SEQUENCE_MS;
    if (found != FOUND_BEGINNING || !is_silent(keys, now_ms, patience)) return found;
    keys->taken = keys->length; /* its rest won't come */
    press(event, KEYS_ALT | (uint32_t)second);
    return bare ? FOUND_EVENT : FOUND_NOTHING;
}

static enum found take_escape(struct keys *keys, int64_t now_ms, struct keys_event *event)
{
    bool alone = left(keys) == 1;
    if (alone || front(keys)[1] == ESC) {
        if (alone && !is_silent(keys, now_ms, keys->escape_ms)) return FOUND_BEGINNING;
        keys->taken++;
        press(event, KEYS_ESCAPE);
        return FOUND_EVENT;
    }
    if (front(keys)[1] == '[' || front(keys)[1] == 'O') return take_sequence(keys, now_ms, event);
    keys->taken++;
    enum found found = take_character(keys, KEYS_ALT, event);
    if (found == FOUND_BEGINNING) keys->taken--;
    return found;
}

/* A mark of a paste's beginning or end, or what may become one. */
static enum found read_mark(const char *bytes, size_t length)
{
    const size_t same = sizeof PASTE_MARK - 1;
    if (memcmp(bytes, PASTE_MARK, length < same ? length : same) != 0) return FOUND_NOTHING;
    if (length > same && bytes[same] != '0' && bytes[same] != '1') return FOUND_NOTHING;
    if (length < PASTE_MARK_SIZE) return FOUND_BEGINNING;
    return bytes[PASTE_MARK_SIZE - 1] == '~' ? FOUND_EVENT : FOUND_NOTHING;
}

/* How much of the front is pasted text, in whole characters. */
static size_t pasted_length(const char *bytes, size_t length)
{
    size_t at = 0;
    utf8proc_int32_t code_point;
    size_t taken = 0;
    while (at < length && read_mark(bytes + at, length - at) == FOUND_NOTHING &&
           read_letter(bytes + at, length - at, &code_point, &taken) == FOUND_EVENT)
        at += taken;
    return at;
}

static enum found end_paste(struct keys *keys, struct keys_event *event)
{
    keys->paste = KEYS_BEHIND_PASTE;
    *event = (struct keys_event){.type = KEYS_PASTE_ENDED};
    return FOUND_EVENT;
}

/* A paste begun within one is all one. */
static enum found take_mark(struct keys *keys, struct keys_event *event)
{
    bool is_end = front(keys)[PASTE_MARK_SIZE - 2] == '1';
    keys->taken += PASTE_MARK_SIZE;
    return is_end ? end_paste(keys, event) : FOUND_NOTHING;
}

static enum found take_paste(struct keys *keys, int64_t now_ms, struct keys_event *event)
{
    const char *bytes = front(keys);
    size_t length = pasted_length(bytes, left(keys));
    if (length > 0) {
        keys->taken += length;
        *event = (struct keys_event){.type = KEYS_PASTED, .text = bytes, .length = length};
        return FOUND_EVENT;
    }
    enum found mark = left(keys) > 0 ? read_mark(bytes, left(keys)) : FOUND_BEGINNING;
    if (mark == FOUND_EVENT) return take_mark(keys, event);
    utf8proc_int32_t code_point;
    size_t taken;
    if (mark == FOUND_NOTHING &&
        read_letter(bytes, left(keys), &code_point, &taken) == FOUND_NOTHING)
        return take_garbled(keys, event);
    if (!is_silent(keys, now_ms, PASTE_MS)) return FOUND_BEGINNING;
    keys->taken = keys->length; /* its end won't come */
    return end_paste(keys, event);
}

/* The next event, whoever it is from. FOUND_NOTHING: there are no bytes left. */
static enum found take(struct keys *keys, int64_t now_ms, struct keys_event *event)
{
    while (keys->paste == KEYS_IN_PASTE || left(keys) > 0) {
        enum found found;
        if (keys->paste == KEYS_IN_PASTE) {
            found = take_paste(keys, now_ms, event);
        } else if (*front(keys) == ESC) {
            found = take_escape(keys, now_ms, event);
        } else {
            found = take_character(keys, 0, event);
        }
        if (found != FOUND_NOTHING) return found;
    }
    return FOUND_NOTHING;
}

/* Nothing came behind the event that was taken just now. */
static bool is_last(const struct keys *keys)
{
    struct keys ahead = *keys;
    struct keys_event other;
    return take(&ahead, keys->fed_ms, &other) == FOUND_NOTHING && ahead.events == keys->events;
}

static bool text_follows(const struct keys *keys)
{
    struct keys ahead = *keys;
    struct keys_event other;
    while (take(&ahead, keys->fed_ms, &other) == FOUND_EVENT) {
        if (other.type == KEYS_PRESSED && other.key >= ' ' && other.key < KEYS_ENTER) return true;
    }
    return false;
}

/* Behind a paste: what is last isn't given out before it is known to be. */
static bool judge_last(struct keys *keys, int64_t now_ms, struct keys_event *event)
{
    bool last = is_last(keys);
    if (last && !is_silent(keys, now_ms, ALONE_MS)) return false;
    if (!last)
        event->trust = KEYS_AMONG_PASTE;
    else if (keys->events > 0)
        event->trust = KEYS_LAST_OF_PASTE;
    else
        keys->paste = KEYS_NO_PASTE;
    return true;
}

/* The ends of lines that go on: pasted, on a terminal that doesn't mark it. Whoever types ahead
 * ends with Enter. */
static void judge_line_end(struct keys *keys, struct keys_event *event)
{
    bool alone = keys->paste == KEYS_IN_LINES && keys->events == 0 && is_last(keys);
    if (alone) keys->paste = KEYS_NO_PASTE;
    if (event->type != KEYS_PRESSED || event->key != KEYS_ENTER) return;
    if (keys->paste == KEYS_NO_PASTE && text_follows(keys)) keys->paste = KEYS_IN_LINES;
    if (keys->paste == KEYS_IN_LINES) event->trust = KEYS_AMONG_PASTE;
}

bool keys_next(struct keys *keys, int64_t now_ms, struct keys_event *event)
{
    size_t taken = keys->taken;
    keys->due_ms = INT64_MAX;
    if (keys->paste == KEYS_IN_LINES && is_silent(keys, now_ms, ALONE_MS))
        keys->paste = KEYS_NO_PASTE;
    if (take(keys, now_ms, event) != FOUND_EVENT) return false;
    judge_line_end(keys, event);
    bool is_behind = keys->paste == KEYS_BEHIND_PASTE && event->type != KEYS_PASTE_ENDED;
    if (is_behind && !judge_last(keys, now_ms, event)) {
        keys->taken = taken;
        return false;
    }
    keys->events++;
    return true;
}
