#include "tests/terminal/dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE '\x1b'

struct output {
    dialect_sink *sink;
    void *context;
};

static void emit(const struct output *output, const char *bytes, size_t length)
{
    if (length > 0) output->sink(output->context, bytes, length);
}

static void note_mode(struct dialect *dialect, int number, bool on)
{
    size_t i = 0;
    while (i < dialect->mode_count && dialect->modes[i].number != number)
        i++;
    if (i == DIALECT_MODES_MAX) return;
    if (i == dialect->mode_count) dialect->mode_count++;
    dialect->modes[i].number = number;
    dialect->modes[i].on = on;
}

/* CSI ? 1006 ; 1000 h  ->  CSI ? 1006 h  CSI ? 1000 h */
static void read_private_modes(struct dialect *dialect, const char *arguments, char final,
                               const struct output *output)
{
    for (const char *at = arguments; *at != '\0';) {
        char *end = NULL;
        long number = strtol(at, &end, 10);
        if (end == at) break;
        note_mode(dialect, (int)number, final == 'h');
        char one[32];
        int length = snprintf(one, sizeof one, "%c[?%ld%c", ESCAPE, number, final);
        emit(output, one, (size_t)length);
        at = *end == ';' ? end + 1 : end;
    }
}

/* How many arguments after a 38 or 48 belong to its colour. */
static int colour_arguments(const char *after)
{
    if (strncmp(after, ";5;", 3) == 0) return 2;
    return strncmp(after, ";2;", 3) == 0 ? 4 : 0;
}

/* SGR with dim (2) as an alternative font, and normal intensity (22) as the first font again. */
static void read_rendition(const char *arguments, const struct output *output)
{
    char text[2 * DIALECT_SEQUENCE_MAX + 8];
    size_t used = (size_t)snprintf(text, sizeof text, "%c[", ESCAPE);
    int colour = 0;
    for (const char *at = arguments;; at++) {
        size_t length = strcspn(at, ";");
        bool literal = colour > 0 || length > 2;
        const char *as = literal                                    ? NULL
                         : length == 1 && at[0] == '2'              ? "11"
                         : length == 2 && strncmp(at, "22", 2) == 0 ? "22;10"
                                                                    : NULL;
        int take = as != NULL ? (int)strlen(as) : (int)length;
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%.*s", take, as != NULL ? as : at);
        if (colour > 0)
            colour--;
        else if (length == 2 && (strncmp(at, "38", 2) == 0 || strncmp(at, "48", 2) == 0))
            colour = colour_arguments(at + 2);
        at += length;
        if (*at == '\0') break;
        text[used++] = ';';
    }
    text[used++] = 'm';
    emit(output, text, used);
}

static void read_sequence(struct dialect *dialect, const struct output *output)
{
    char final = dialect->sequence[dialect->length - 1];
    dialect->sequence[dialect->length - 1] = '\0';
    const char *arguments = dialect->sequence + 2;
    if (arguments[0] == '?' && (final == 'h' || final == 'l')) {
        read_private_modes(dialect, arguments + 1, final, output);
    } else if (final == 'm' && strspn(arguments, "0123456789;") == strlen(arguments)) {
        read_rendition(arguments, output);
    } else {
        dialect->sequence[dialect->length - 1] = final;
        emit(output, dialect->sequence, dialect->length);
    }
}

static void note_escape(struct dialect *dialect, char second)
{
    if (second == '=' || second == '>') dialect->keypad_application = second == '=';
}

static void flush(struct dialect *dialect, const struct output *output)
{
    emit(output, dialect->sequence, dialect->length);
    dialect->length = 0;
    dialect->state = DIALECT_GROUND;
}

static void read_byte(struct dialect *dialect, char byte, const struct output *output)
{
    if (dialect->state == DIALECT_GROUND && byte != ESCAPE) {
        if (byte == '\x0e' || byte == '\x0f') dialect->line_drawing = byte == '\x0e';
        emit(output, &byte, 1);
        return;
    }
    if (byte == ESCAPE && dialect->length > 0) flush(dialect, output);
    dialect->sequence[dialect->length++] = byte;
    if (dialect->state == DIALECT_GROUND) {
        dialect->state = DIALECT_ESCAPE;
    } else if (dialect->state == DIALECT_ESCAPE && dialect->length == 2 && byte == '(') {
        return; /* a character set: one more byte */
    } else if (dialect->state == DIALECT_ESCAPE && byte == '[' && dialect->length == 2) {
        dialect->state = DIALECT_CSI;
    } else if (dialect->state == DIALECT_ESCAPE) {
        note_escape(dialect, byte);
        if (dialect->length == 3) dialect->line_drawing = byte == '0';
        flush(dialect, output);
    } else if (byte >= '@' && byte <= '~') {
        read_sequence(dialect, output);
        dialect->length = 0;
        dialect->state = DIALECT_GROUND;
    } else if (dialect->length == DIALECT_SEQUENCE_MAX) {
        flush(dialect, output);
    }
}

void dialect_read(struct dialect *dialect, const char *bytes, size_t length, dialect_sink *sink,
                  void *context)
{
    struct output output = {sink, context};
    for (size_t i = 0; i < length; i++)
        read_byte(dialect, bytes[i], &output);
}

enum dialect_switch dialect_mode(const struct dialect *dialect, enum dialect_private_mode mode)
{
    for (size_t i = 0; i < dialect->mode_count; i++)
        if (dialect->modes[i].number == (int)mode)
            return dialect->modes[i].on ? DIALECT_ON : DIALECT_OFF;
    return DIALECT_NEVER_SAID;
}
