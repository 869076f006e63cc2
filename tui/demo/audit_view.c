#include "tui/demo/audit_view.h"

#include "protocol/wire/text.h"
#include "tui/form/actions.h"
#include "tui/form/moment.h"
#include "tui/terminal/keys.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP         2
#define INDENT      4 /* of a row's second line */
#define FAULTS_MAX  2 /* of one attempt that are shown */
#define PIECES_MAX  (5 + FAULTS_MAX + 1)
#define WORDS_SIZE  320 /* bytes: the longest number, and what stands about it */
#define KEY_ENDS    4   /* characters that are shown of a key's two ends */
#define OUTCOME_MIN 8
#define SUBJECT_MIN 9

/* A part of a row, at least `least` columns wide where another one follows. */
struct piece {
    enum style style;
    int least;
    char text[WORDS_SIZE];
};

struct pieces {
    struct piece list[PIECES_MAX];
    size_t count;
};

static const struct {
    const char *outcome;
    const char *words;
} outcomes[] = {
    {"created", N_("created")},
    {"replayed", N_("replayed")},
    {"rejected_conflict", N_("conflict")},
    {"rejected_mismatch", N_("another request")},
    {"rejected_in_progress", N_("in progress")},
    {"rejected_invalid", N_("invalid")},
    {"failed", N_("failed")},
};

static const char *const layers[] = {
    [AUDIT_LAYER_NONE] = NULL,
    [AUDIT_LAYER_FORM] = N_("<- the form kept it at one"),
    [AUDIT_LAYER_KEY] = N_("<- the key kept it at one"),
    [AUDIT_LAYER_DATABASE] = N_("<- the database kept it at one"),
    [AUDIT_LAYER_MISSING] = N_("<- a duplicate: nothing kept it at one"),
};

/* By the beginning of the server's name for it. */
static const struct {
    const char *fault;
    const char *words;
} faults[] = {
    {"drop-response", N_("reply lost on purpose")},
    {"reset-response", N_("reply lost on purpose")},
    {"truncate-response", N_("reply cut on purpose")},
    {"garble-response", N_("reply garbled on purpose")},
    {"hang", N_("reply held back on purpose")},
    {"drip", N_("reply dripped on purpose")},
    {"delay-", N_("delayed on purpose")},
    {"status", N_("failed on purpose")},
    {"crash-", N_("crashed on purpose")},
};

static const char *outcome_words(const char *outcome)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if (strcmp(outcomes[i].outcome, outcome) == 0) return _(outcomes[i].words);
    }
    return outcome;
}

static const char *fault_words(const char *fault)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (strncmp(faults[i].fault, fault, strlen(faults[i].fault)) == 0)
            return _(faults[i].words);
    }
    return fault;
}

static struct piece *add(struct pieces *pieces, enum style style, int least, const char *text)
{
    struct piece *piece = &pieces->list[pieces->count++];
    piece->style = style;
    piece->least = least;
    snprintf(piece->text, sizeof piece->text, "%s", text);
    return piece;
}

/* "0193…e7aa": a UUID is known by its two ends. */
static void add_key(struct pieces *pieces, const char *key)
{
    size_t length = strlen(key);
    struct piece *piece = add(pieces, STYLE_TEXT, 2 * KEY_ENDS + 1, *key ? key : _("no key"));
    if (length > 2 * KEY_ENDS + 1)
        snprintf(piece->text, sizeof piece->text, "%.*s\u2026%s", KEY_ENDS, key,
                 key + length - KEY_ENDS);
}

static void cut_attempt(const struct audit_row *row, struct pieces *pieces)
{
    char at[MOMENT_SIZE], attempt[WORDS_SIZE];
    moment_local(row->at, at);
    snprintf(attempt, sizeof attempt, _("try %u"), row->attempt);
    add(pieces, STYLE_FAINT, 0, at);
    add_key(pieces, row->key);
    add(pieces, STYLE_TEXT, 0, attempt);
    add(pieces, STYLE_STRONG, OUTCOME_MIN, outcome_words(row->outcome));
    add(pieces, STYLE_TEXT, SUBJECT_MIN, row->subject);
}

static void cut_presses(const struct audit_row *row, struct pieces *pieces)
{
    char words[WORDS_SIZE];
    snprintf(words, sizeof words,
             words_plural("%u press of Enter, 1 request", "%u presses of Enter, 1 request",
                          row->presses),
             row->presses);
    add(pieces, STYLE_TEXT, 0, words);
}

/* "delay-before-commit=2s, drop-response" */
static void cut_faults(const struct audit_row *row, struct pieces *pieces)
{
    char names[AUDIT_FAULT_SIZE];
    memcpy(names, row->fault, sizeof names);
    char *rest = names;
    for (int i = 0; i < FAULTS_MAX && rest && *rest; i++) {
        const char *name = strsep(&rest, ",");
        add(pieces, STYLE_TEXT, 0, fault_words(name + strspn(name, " ")));
    }
}

/* The facts, what was done to it, what held. */
static void cut(const struct audit_row *row, struct pieces *pieces)
{
    pieces->count = 0;
    if (row->presses > 0)
        cut_presses(row, pieces);
    else
        cut_attempt(row, pieces);
    cut_faults(row, pieces);
    enum audit_layer layer = audit_layer(row);
    if (layer != AUDIT_LAYER_NONE)
        add(pieces, layer == AUDIT_LAYER_MISSING ? STYLE_ERROR : STYLE_FOCUS, 0, _(layers[layer]));
}

static int width_of(const char *text)
{
    char *safe = text_safe(text, strlen(text), TEXT_ONE_LINE);
    int width = safe ? (int)text_width(safe) : 0;
    free(safe);
    return width;
}

/* Sets the pieces one after the other, in as many lines as they take. With `y` < 0 they are only
 * measured. Returns the lines. */
static int set(const struct pieces *pieces, int y)
{
    int columns = screen_columns(), x = 1, lines = 1;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->list[i];
        int width = width_of(piece->text);
        if (x + width > columns && i > 0 && x > INDENT) {
            x = INDENT;
            lines++;
        }
        if (y >= 0) screen_put(y + lines - 1, x, columns - x, piece->style, piece->text);
        x += (width > piece->least ? width : piece->least) + GAP;
    }
    return lines;
}

static int lines_of(const struct audit_row *row)
{
    struct pieces pieces;
    cut(row, &pieces);
    return set(&pieces, -1);
}

/* The rows that end with the newest but `back` and fit in, from the top. */
static void paint_rows(const struct audit *audit, int y, int end, size_t back)
{
    size_t last = audit->count - back, first = last;
    int room = end - y;
    while (first > audit->past) {
        int lines = lines_of(&audit->rows[first - 1]);
        if (lines > room) break;
        room -= lines;
        first--;
    }
    for (size_t i = first; i < last; i++) {
        struct pieces pieces;
        cut(&audit->rows[i], &pieces);
        y += set(&pieces, y);
    }
}

static void paint_list(const struct audit_view *view, int y, int end, size_t *back)
{
    const struct audit *audit = view->audit;
    size_t shown = audit->count - audit->past;
    if (*back >= shown) *back = shown > 0 ? shown - 1 : 0;
    if (shown > 0)
        paint_rows(audit, y, end, *back);
    else
        frame_wrap(y, 1, screen_columns() - 1, 2, STYLE_FAINT, _("nothing yet: create an invoice"));
}

/* Says what isn't as usual. Returns the row below. */
static int paint_state(const struct audit_view *view, int y)
{
    char words[WORDS_SIZE];
    int columns = screen_columns() - 1;
    if (view->bug) {
        snprintf(words, sizeof words, _("planted in this form: --bug %s"), view->bug);
        screen_put(y++, 1, columns, STYLE_ERROR, words);
    }
    if (view->lost)
        y += frame_wrap(y, 1, columns, 2, STYLE_ERROR,
                        _("The server isn't heard any more; trying again."));
    return y;
}

/* The title, with the faults behind it where there is room, else below. Returns the row below. */
static int paint_title(const struct audit_view *view, int y)
{
    int columns = screen_columns();
    const char *title = _("What the server saw");
    int x = 1 + screen_put(y, 1, columns - 1, STYLE_STRONG, title) + GAP;
    if (x + width_of(view->faults) <= columns) {
        screen_put_right(y, columns, columns - x, STYLE_TEXT, view->faults);
        return y + 2;
    }
    screen_put(y + 2, 1, columns - 1, STYLE_TEXT, view->faults);
    return y + 3;
}

/* The keys of the demonstration; as `set` does with `y` < 0. */
static int set_keys(int y)
{
    int columns = screen_columns(), x = 1, lines = 1;
    for (size_t i = 0; action_row(i); i++) {
        const struct action_info *info = action_row(i);
        if (!info->only_in_demo || !info->label) continue;
        char name[KEYS_NAME_MAX];
        keys_name(info->keys[0], name);
        int width = width_of(name) + 1 + width_of(_(info->label));
        if (x + width > columns && x > 1) {
            x = 1;
            lines++;
        }
        if (y >= 0) {
            int label = x + screen_put(y + lines - 1, x, columns - x, STYLE_STRONG, name) + 1;
            screen_put(y + lines - 1, label, columns - label, STYLE_TEXT, _(info->label));
        }
        x += width + GAP;
    }
    return lines;
}

void audit_paint_beside(const struct audit_view *view)
{
    size_t newest = 0;
    screen_rule(1);
    int y = paint_state(view, paint_title(view, 0));
    int keys = screen_rows() - set_keys(-1);
    set_keys(keys);
    paint_list(view, y, keys - 1, &newest);
}

void audit_paint(const struct audit_view *view, size_t *back)
{
    int y = paint_state(view, paint_title(view, FRAME_TOP));
    paint_list(view, y, screen_rows() - FRAME_BOTTOM - 1, back);
}
