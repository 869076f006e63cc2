/* One text being edited: its characters, the cursor, the window that shows it. No screen in it. */
#ifndef INVONCE_TUI_TEXT_FIELD_H
#define INVONCE_TUI_TEXT_FIELD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* What a field is for; it decides what becomes of white space and letters on their way in. */
enum text_field_kind {
    TEXT_FIELD_WORDS, /* tabs and line breaks become a space between two words, and nothing else */
    TEXT_FIELD_NOTES, /* line breaks stay */
    TEXT_FIELD_CODE,  /* white space is left out: dates, amounts, addresses */
    TEXT_FIELD_CAPITALS /* a code in capital letters: EUR */
};

/* All zeros but `kind` and `characters_max` is an empty field. Offsets are bytes of `text`, always
 * between two grapheme clusters (UAX 29). */
struct text_field {
    char *text; /* UTF-8; NULL while nothing was ever in it: read it with text_field_text */
    size_t length;
    size_t capacity;
    size_t cursor;
    size_t first;          /* where the window begins */
    size_t characters_max; /* code points */
    enum text_field_kind kind;
    bool fresh;                 /* a suggestion: what is typed takes its place */
    bool suggested;             /* nobody has typed it, nor kept it so far */
    bool exact;                 /* nothing is to be read into it, until it is changed */
    char *complaint;            /* what is wrong with the text, until it is changed; owned */
    const char *complaint_code; /* of violations.h; static */
};

enum text_field_status {
    TEXT_FIELD_OK,
    TEXT_FIELD_FULL, /* what went past characters_max was left out */
    TEXT_FIELD_NO_MEMORY,
};

void text_field_clear(struct text_field *field); /* frees; the kind and the limit stay */

const char *text_field_text(const struct text_field *field); /* never NULL */
bool text_field_is_blank(const struct text_field *field);    /* nothing but white space */

/* Replaces the whole text; the cursor goes behind it. */
enum text_field_status text_field_set(struct text_field *field, const char *text);

/* The same as a suggestion: what is typed next takes its place, unless the cursor is moved in it
 * first. */
enum text_field_status text_field_suggest(struct text_field *field, const char *text);
void text_field_offer(
    struct text_field *field); /* what is typed takes the place of what is there */

/* Puts in at the cursor what the field takes; control characters and bytes that are no UTF-8 are
 * left out. */
enum text_field_status text_field_insert(struct text_field *field, const char *bytes,
                                         size_t length);

/* Moves, by clusters and by words (runs of letters and digits). */
void text_field_left(struct text_field *field);
void text_field_right(struct text_field *field);
void text_field_word_left(struct text_field *field);
void text_field_word_right(struct text_field *field);
void text_field_home(struct text_field *field);
void text_field_end(struct text_field *field);

/* Removals, as readline names them; the word of kill_word is delimited by white space. */
void text_field_delete_back(struct text_field *field);
void text_field_delete(struct text_field *field);
void text_field_kill_to_end(struct text_field *field);
void text_field_kill_to_start(struct text_field *field);
void text_field_kill_word(struct text_field *field);

/* Marks the text as wrong. Copies `sentence`; out of memory leaves only the code. */
void text_field_complain(struct text_field *field, const char *code, const char *sentence);
void text_field_forgive(struct text_field *field);

#define TEXT_FIELD_ALL INT_MAX /* columns */

/* The part that `columns` columns show, scrolled so that the cursor is in it (behind the last
 * character it may stand one column further). Text safe for a screen, line breaks as U+21B5; owned
 * by the caller (free), NULL: out of memory. */
char *text_field_window(struct text_field *field, size_t columns, size_t *cursor_column);

/* Puts the cursor where column `column` of the window is. */
void text_field_point(struct text_field *field, size_t column);

#endif
