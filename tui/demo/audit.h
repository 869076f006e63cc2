/* What the demonstration's server saw, newest last: its audit entries, and between them how often
 * Enter was pressed; and which layer kept each at one. No I/O. */
#ifndef INVONCE_TUI_AUDIT_H
#define INVONCE_TUI_AUDIT_H

#include "protocol/wire/idempotency_key.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_ROWS_MAX     200 /* older ones are forgotten */
#define AUDIT_AT_SIZE      32
#define AUDIT_OUTCOME_SIZE 24
#define AUDIT_SUBJECT_SIZE 260
#define AUDIT_FAULT_SIZE   128

enum audit_layer {
    AUDIT_LAYER_NONE,
    AUDIT_LAYER_FORM,
    AUDIT_LAYER_KEY,
    AUDIT_LAYER_DATABASE,
    AUDIT_LAYER_MISSING, /* nothing kept it at one: a duplicate was made */
};

/* Text is the server's, cut to size, not yet fit for a screen. */
struct audit_row {
    char key[IDEMPOTENCY_KEY_SIZE]; /* "": none */
    unsigned presses;               /* of Enter for this key, by this form; 0: an attempt */
    unsigned attempt;               /* with this key, from 1; the rest is an attempt's too */
    bool of_invoice;
    bool duplicate;         /* its number had been created before, as far as the rows tell */
    char at[AUDIT_AT_SIZE]; /* RFC 3339, UTC */
    char outcome[AUDIT_OUTCOME_SIZE];
    int64_t year;
    char number[AUDIT_SUBJECT_SIZE];  /* as typed; "": none */
    char subject[AUDIT_SUBJECT_SIZE]; /* the invoice's id, else the number that was asked for */
    char fault[AUDIT_FAULT_SIZE];     /* as the server names it; "": none */
};

struct audit {
    struct audit_row rows[AUDIT_ROWS_MAX];
    size_t count;
    size_t past;               /* the first rows: attempts before `since` */
    char since[AUDIT_AT_SIZE]; /* RFC 3339, UTC */
    int64_t seq;               /* of the last entry; 0: none */
};

/* Empty; what was attempted before `now_ms` (wall clock) only counts, for the tries to come. */
void audit_start(struct audit *audit, int64_t now_ms);

/* Takes an entry (protocol/openapi.yaml, AuditEntry). False when it is none, or isn't new. */
bool audit_take(struct audit *audit, const struct json *entry);

/* Enter was pressed so often for the intent with this key; one row of it, behind its last attempt.
 * True when that is news. */
bool audit_pressed(struct audit *audit, const char *key, unsigned presses);

/* What kept it at one there. */
enum audit_layer audit_layer(const struct audit_row *row);

#endif
