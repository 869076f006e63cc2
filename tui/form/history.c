#include "tui/form/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct history_step *now(struct history *history)
{
    assert(history->at < history->count && history->count <= HISTORY_STEPS_MAX);
    return &history->steps[history->at];
}

static void cut_behind(struct history *history, size_t count)
{
    while (history->count > count)
        free(history->steps[--history->count].bytes);
}

void history_clear(struct history *history)
{
    cut_behind(history, 0);
    history->at = 0;
}

static size_t bytes_kept(const struct history *history)
{
    size_t bytes = 0;
    for (size_t i = 0; i < history->count; i++)
        bytes += history->steps[i].length;
    return bytes;
}

static void drop_oldest(struct history *history)
{
    free(history->steps[0].bytes);
    history->count--;
    memmove(history->steps, history->steps + 1, history->count * sizeof *history->steps);
}

static bool is_same(const struct history_step *step, const struct history_state *state)
{
    return step->length == state->length && memcmp(step->bytes, state->bytes, state->length) == 0;
}

static bool is_same_spot(const struct history_spot *a, const struct history_spot *b)
{
    return a->place == b->place && a->row == b->row && a->column == b->column &&
           a->cursor == b->cursor;
}

static void replace(struct history_step *step, const struct history_state *state)
{
    free(step->bytes);
    step->bytes = state->bytes;
    step->length = state->length;
    step->left = state->spot;
}

void history_settle(struct history *history, struct history_state state)
{
    if (!state.bytes) return;
    if (history->count == 0) {
        history->steps[history->count++] =
            (struct history_step){.came = state.spot, .change = HISTORY_CHANGED};
        history->at = 0;
    }
    replace(now(history), &state);
}

/* Room for one more behind the one that is now, whose followers are past. */
static void make_room(struct history *history, size_t bytes)
{
    cut_behind(history, history->at + 1);
    while (history->count > 1 &&
           (history->count == HISTORY_STEPS_MAX || bytes_kept(history) + bytes > HISTORY_BYTES_MAX))
        drop_oldest(history);
    history->at = history->count - 1;
}

void history_note(struct history *history, struct history_state state, enum history_change change)
{
    if (!state.bytes || history->count == 0 || is_same(now(history), &state)) {
        history_settle(history, state);
        return;
    }
    make_room(history, state.length);
    struct history_step *last = now(history);
    bool goes_on = change != HISTORY_CHANGED && last->change == change &&
                   is_same_spot(&last->came, &last->left);
    if (!goes_on) {
        history->steps[history->count++] = (struct history_step){0};
        last = &history->steps[++history->at];
    }
    replace(last, &state);
    last->came = state.spot;
    last->change = change;
}

void history_precede(struct history *history, struct history_state state)
{
    if (!state.bytes) return;
    cut_behind(history, HISTORY_STEPS_MAX - 1);
    memmove(history->steps + 1, history->steps, history->count * sizeof *history->steps);
    history->steps[0] = (struct history_step){.came = state.spot, .change = HISTORY_CHANGED};
    history->count++;
    history->at = 0;
    replace(&history->steps[0], &state);
}

/* What is typed then is no more of the same run. */
static const struct history_step *go_to(struct history *history, size_t at)
{
    history->at = at;
    now(history)->change = HISTORY_CHANGED;
    return now(history);
}

const struct history_step *history_back(struct history *history)
{
    return history->count > 0 && history->at > 0 ? go_to(history, history->at - 1) : NULL;
}

const struct history_step *history_forward(struct history *history)
{
    return history->at + 1 < history->count ? go_to(history, history->at + 1) : NULL;
}
