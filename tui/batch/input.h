/* The records of a batch as bytes: a file or standard input, read twice (once to know it by its
 * hash, once for its records), never held whole. */
#ifndef INVONCE_TUI_INPUT_H
#define INVONCE_TUI_INPUT_H

#include "protocol/wire/fingerprint.h"
#include "protocol/wire/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INPUT_SENTENCE_MAX 400

struct input {
    int file;                         /* -1: none */
    bool whole;                       /* all of it is one record; else each line is one */
    char hash[FINGERPRINT_TEXT_SIZE]; /* SHA-256 of its bytes */
    int64_t count;                    /* records */
    int64_t position;                 /* of the last one given: its line, from 1 */
    char *bytes;                      /* a piece of the file, and a NUL */
    size_t begin, end;                /* what of it isn't given yet */
    bool ended;                       /* the file has no more */
    bool uncopied;                    /* what can't be read twice couldn't be copied */
};

/* Opens `path` ("-": standard input) and reads it once. FILE.json is one record and FILE.jsonl one
 * a line; anything else is one record when it is a single JSON object as a whole, however many
 * lines it has. Lines of white space alone are no records. What can't be read twice is copied to a
 * temporary file that has no name. False with a sentence. */
bool input_open(struct input *input, const char *path, char sentence[INPUT_SENTENCE_MAX]);
void input_close(struct input *input);

/* One record: borrowed until the next call. */
struct input_record {
    int64_t position;
    const char *bytes;
    size_t length; /* JSON_BODY_MAX + 1: it is longer than a record can be */
};

enum input_status { INPUT_RECORD, INPUT_END, INPUT_FAILED /* errno */ };
enum input_status input_next(struct input *input, struct input_record *record);

#endif
