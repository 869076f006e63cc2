#include "tui/demo/audit.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define INVOICES "POST /v1/invoices"

static const struct {
    const char *outcome;
    enum audit_layer layer;
} layers[] = {
    {"replayed", AUDIT_LAYER_KEY},
    {"rejected_in_progress", AUDIT_LAYER_KEY},
    {"rejected_mismatch", AUDIT_LAYER_KEY},
    {"rejected_conflict", AUDIT_LAYER_DATABASE},
};

void audit_start(struct audit *audit, int64_t now_ms)
{
    audit->count = audit->past = 0;
    audit->seq = 0;
    clock_format(now_ms, audit->since);
}

static void copy(char *to, size_t size, const struct json *entry, const char *member)
{
    const char *text = json_text(entry, member);
    snprintf(to, size, "%s", text ? text : "");
}

static void remove_row(struct audit *audit, size_t at)
{
    assert(at < audit->count && audit->past <= audit->count);
    if (at < audit->past) audit->past--;
    audit->count--;
    memmove(&audit->rows[at], &audit->rows[at + 1], (audit->count - at) * sizeof audit->rows[0]);
}

/* A new last row, all zeros. */
static struct audit_row *add_row(struct audit *audit)
{
    if (audit->count == AUDIT_ROWS_MAX) remove_row(audit, 0);
    assert(audit->count < AUDIT_ROWS_MAX);
    struct audit_row *row = &audit->rows[audit->count++];
    *row = (struct audit_row){0};
    return row;
}

/* The last row of that key that is or isn't one of presses; NULL: none. */
static struct audit_row *find(struct audit *audit, const char *key, bool presses)
{
    for (size_t i = audit->count; i > 0; i--) {
        struct audit_row *row = &audit->rows[i - 1];
        if ((row->presses > 0) == presses && strcmp(row->key, key) == 0) return row;
    }
    return NULL;
}

static unsigned count_attempt(struct audit *audit, const char *key)
{
    const struct audit_row *last = *key ? find(audit, key, false) : NULL;
    return last ? last->attempt + 1 : 1;
}

static void fill(struct audit_row *row, const struct json *entry)
{
    const char *endpoint = json_text(entry, "endpoint");
    const char *id = json_text(entry, "invoice_id");
    row->of_invoice = endpoint && strcmp(endpoint, INVOICES) == 0;
    copy(row->at, sizeof row->at, entry, "at");
    copy(row->outcome, sizeof row->outcome, entry, "outcome");
    copy(row->fault, sizeof row->fault, entry, "fault");
    copy(row->number, sizeof row->number, entry, "number");
    row->year = json_integer(json_member(entry, "year"), 0);
    /* The id that a conflict has is the original's: what was asked for says more. */
    bool refused = strcmp(row->outcome, "rejected_conflict") == 0;
    copy(row->subject, sizeof row->subject, entry, id && !refused ? "invoice_id" : "number");
}

static bool is_created(const struct audit_row *row)
{
    return row->of_invoice && strcmp(row->outcome, "created") == 0;
}

static bool was_created_before(const struct audit *audit, const struct audit_row *row)
{
    if (!is_created(row)) return false;
    for (const struct audit_row *other = audit->rows; other < row; other++) {
        if (is_created(other) && other->year == row->year &&
            strcmp(other->number, row->number) == 0)
            return true;
    }
    return false;
}

bool audit_take(struct audit *audit, const struct json *entry)
{
    const struct json *seq = json_member(entry, "seq");
    if (json_kind(seq) != JSON_NUMBER || json_integer(seq, 0) <= audit->seq) return false;
    audit->seq = json_integer(seq, 0);
    char key[IDEMPOTENCY_KEY_SIZE];
    copy(key, sizeof key, entry, "key");
    unsigned attempt = count_attempt(audit, key);
    struct audit_row *pressed = *key ? find(audit, key, true) : NULL;
    unsigned presses = pressed ? pressed->presses : 0;
    if (pressed) remove_row(audit, (size_t)(pressed - audit->rows));
    struct audit_row *row = add_row(audit);
    memcpy(row->key, key, sizeof row->key);
    row->attempt = attempt;
    fill(row, entry);
    row->duplicate = was_created_before(audit, row);
    if (strcmp(row->at, audit->since) < 0) audit->past = audit->count;
    if (presses > 0) audit_pressed(audit, key, presses);
    return true;
}

bool audit_pressed(struct audit *audit, const char *key, unsigned presses)
{
    if (presses < 2) return false;
    struct audit_row *row = find(audit, key, true);
    if (row && row->presses == presses) return false;
    if (!row) {
        row = add_row(audit);
        snprintf(row->key, sizeof row->key, "%s", key);
    }
    row->presses = presses;
    return true;
}

enum audit_layer audit_layer(const struct audit_row *row)
{
    if (row->presses > 0) return AUDIT_LAYER_FORM;
    if (row->duplicate) return AUDIT_LAYER_MISSING;
    for (size_t i = 0; row->of_invoice && i < sizeof layers / sizeof layers[0]; i++) {
        if (strcmp(layers[i].outcome, row->outcome) == 0) return layers[i].layer;
    }
    return AUDIT_LAYER_NONE;
}
