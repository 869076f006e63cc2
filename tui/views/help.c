#include "tui/views/help.h"

#include "tui/form/facts.h"
#include "tui/terminal/keys.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

#define KEYS_X        2
#define KEYS_COLUMNS  33
#define NAMES_SIZE    (ACTION_KEYS_MAX * (KEYS_NAME_MAX + 2))
#define KEYS_IN_A_BAR 16

static bool is_in(const struct action_info *info, enum view view)
{
    return info->views & (1u << view);
}

static bool is_listed(const struct action_info *info, enum view view, bool demo)
{
    return is_in(info, view) && (demo || !info->only_in_demo);
}

/* "F10, Ctrl-Q, Ctrl-C" */
static void name_keys(const struct action_info *info, char names[NAMES_SIZE])
{
    size_t used = 0;
    names[0] = '\0';
    for (size_t i = 0; i < ACTION_KEYS_MAX && info->keys[i]; i++) {
        if (i > 0) {
            memcpy(names + used, ", ", 3);
            used += 2;
        }
        keys_name(info->keys[i], names + used);
        used += strlen(names + used);
    }
}

/* The title; and, where there are more keys than rows, which of them are shown. */
static void paint_title(int y, size_t first, size_t rows, size_t count)
{
    char range[80];
    screen_put(y, 1, screen_columns() - 2, STYLE_STRONG, _("Keys"));
    if (count <= rows) return;
    snprintf(range, sizeof range, _("%zu to %zu of %zu"), first + 1, first + rows, count);
    screen_put_right(y, screen_columns(), (int)sizeof range, STYLE_FAINT, range);
}

/* A row of the list: an action, or the words above a group (no action). */
struct help_row {
    const struct action_info *info;
    enum action_group group;
};

#define HELP_ROWS_MAX 128

static size_t list_rows(enum view of, bool demo, struct help_row rows[HELP_ROWS_MAX])
{
    size_t count = 0;
    for (enum action_group group = 0; group < ACTION_GROUPS; group++) {
        size_t head = count;
        for (size_t i = 0; action_row(i) && count + 1 < HELP_ROWS_MAX; i++) {
            const struct action_info *info = action_row(i);
            if (action_group(info->action) != group || !is_listed(info, of, demo)) continue;
            if (count == head) rows[count++] = (struct help_row){NULL, group};
            rows[count++] = (struct help_row){info, group};
        }
    }
    return count;
}

static void paint_help_row(const struct help_row *row, int y)
{
    char names[NAMES_SIZE];
    if (!row->info) {
        screen_put(y, 1, screen_columns() - 2, STYLE_STRONG, action_group_words(row->group));
        return;
    }
    name_keys(row->info, names);
    screen_put(y, KEYS_X, KEYS_COLUMNS - 2 - KEYS_X, STYLE_FOCUS, names);
    screen_put(y, KEYS_COLUMNS, screen_columns() - KEYS_COLUMNS, STYLE_TEXT, _(row->info->help));
}

void help_paint(enum view of, bool demo, size_t *first)
{
    struct help_row list[HELP_ROWS_MAX];
    int y = FRAME_TOP + 2;
    size_t rows = (size_t)(screen_rows() - FRAME_BOTTOM - y);
    size_t count = list_rows(of, demo, list);
    size_t last_first = count > rows ? count - rows : 0;
    if (*first > last_first) *first = last_first;
    paint_title(FRAME_TOP, *first, rows, count);
    for (size_t at = *first; at < count && at < *first + rows; at++)
        paint_help_row(&list[at], y++);
}

void help_paint_keys(const struct resource *resource, enum view view, bool takes)
{
    char names[KEYS_IN_A_BAR][KEYS_NAME_MAX];
    const char *keys[KEYS_IN_A_BAR];
    const char *labels[KEYS_IN_A_BAR];
    size_t count = 0;
    for (size_t i = 0; action_row(i) && count < KEYS_IN_A_BAR; i++) {
        const struct action_info *info = action_row(i);
        if (!is_listed(info, view, view == VIEW_AUDIT) || !info->label) continue;
        if (takes ? info->yields : info->takes) continue;
        keys_name(info->keys[0], names[count]);
        keys[count] = names[count];
        labels[count++] = *info->label ? _(info->label) : fact_word(resource, WORD_NEW);
    }
    frame_keys(keys, labels, count);
}
