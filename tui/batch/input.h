/* The records of a batch as they stand in a file or standard input, which is read twice (once to
 * know it by its hash, once for its records), and never held whole. */
#ifndef INVONCE_TUI_INPUT_H
#define INVONCE_TUI_INPUT_H

#include "protocol/wire/fingerprint.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resource_csv.h"
#include "tui/batch/apart.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INPUT_SENTENCE_MAX 400

enum input_form {
    INPUT_WHOLE, /* all of it is one record */
    INPUT_LINES, /* each begins on a line of its own */
    INPUT_LIST,  /* they are a JSON array */
    INPUT_CSV,
};

struct input_options {
    const struct resource *kind; /* of CSV's columns */
    bool csv;
    struct csv_form csv_form;
};

/* One record: borrowed until the next call. */
struct input_record {
    int64_t position; /* its place in the input, which no other has: its line, or in a list its
                         number */
    int64_t line;     /* where it begins … */
    size_t column;    /* … and how many bytes stand before it there */
    const char *bytes;
    size_t length;       /* JSON_BODY_MAX + 1: it is longer than a record can be */
    bool is_closed;      /* JSON: it has an end of its own, not that of its line */
    const char *problem; /* a sentence: why there is none; NULL: none is known yet */

    bool is_csv;
    struct csv_record csv; /* of INPUT_CSV; its JSON stays the input's */
};

struct input {
    struct input_options options;
    enum input_form form;
    int file;                         /* -1: none */
    char hash[FINGERPRINT_TEXT_SIZE]; /* SHA-256 of its bytes (and of how CSV is read) */
    int64_t count;                    /* records */
    bool uncopied;                    /* what can't be read twice couldn't be copied */

    /* As far as it was read: */
    char *bytes;       /* a piece of the file, and a NUL */
    size_t begin, end; /* what of it isn't given yet */
    bool ended;        /* the file has no more */
    int64_t line;      /* where `begin` is, from 1 … */
    size_t column;     /* … and how many bytes before it there */
    int64_t given;     /* records */
    bool in_list;
    struct resource_csv *csv;
    struct csv_queue {
        struct csv_record *items; /* what CSV gave and is still to be given; owned, and so are … */
        size_t first, count, capacity; /* … their JSON and row_lines */
        bool failed;                   /* out of memory */
    } queue;
    struct apart apart;
    int64_t last_position;
    bool csv_ended, csv_told;
    char csv_trouble[CSV_PROBLEM_MAX]; /* that ended it; "": none, or it was told */
};

/* FILE.csv */
bool input_is_named_csv(const char *path);

/* Opens `path` ("-": standard input) and reads it once. What isn't CSV and begins with [ is a list.
 * Else each record begins on a line of its own, and has as many lines as its brackets take; where
 * that can't be it is its line. A file named .json that is not several objects behind one another
 * is one record, whatever it is. A byte order mark at the beginning is passed over. What can't be
 * read twice is copied to a temporary file that has no name. False with a sentence. */
bool input_open(struct input *input, const char *path, const struct input_options *options,
                char sentence[INPUT_SENTENCE_MAX]);
void input_close(struct input *input);

enum input_status { INPUT_RECORD, INPUT_END, INPUT_FAILED /* errno */ };
enum input_status input_next(struct input *input, struct input_record *record);

#endif
