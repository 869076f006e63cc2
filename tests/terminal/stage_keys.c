#include "tests/terminal/stage_keys.h"

#include "tests/terminal/key_bytes.h"
#include "tui/terminal/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

const struct action_info *stage_keys_row(uint32_t key, const struct stage *stage)
{
    for (size_t i = 0; action_row(i) != NULL; i++) {
        const struct action_info *info = action_row(i);
        if ((info->views & 1u << stage->view) == 0) continue;
        for (size_t k = 0; k < ACTION_KEYS_MAX; k++)
            if (info->keys[k] == key) return info;
    }
    return NULL;
}

/* What works where it can't be seen: leaving, suspending, drawing. */
static bool is_blind(enum action action)
{
    return action == ACTION_QUIT || action == ACTION_SUSPEND || action == ACTION_REDRAW;
}

bool stage_keys_allows(const struct action_info *info, const struct stage *stage)
{
    if (info == NULL || (info->only_in_demo && !stage->demo)) return false;
    /* The lock is the form's: help can be read through while it holds. */
    if (stage->locked && !info->while_locked && stage->view != VIEW_HELP) return false;
    return !stage->unseen || is_blind(info->action) ||
           (stage->locked && info->action == ACTION_SUBMIT);
}

bool stage_keys_counts(uint32_t key, const struct stage *stage)
{
    const struct stage form = {.view = VIEW_FORM};
    const struct action_info *info = stage_keys_row(key, &form);
    return stage->locked && info != NULL && info->action == ACTION_SUBMIT;
}

void stage_keys_press_alone(struct pty *pty, uint32_t key)
{
    char bytes[KEY_BYTES_MAX];
    char name[KEYS_NAME_MAX];
    size_t length = key_bytes(key, bytes);
    keys_name(key, name);
    if (length == 0) fail_msg("no terminal can send %s", name);
    pty_send(pty, bytes, length);
}

/* ESC is the key Escape at once when another sequence follows: one that no action has. */
#define NO_KEY "\x1b[33~"

void stage_keys_press(struct pty *pty, uint32_t key)
{
    stage_keys_press_alone(pty, key);
    pty_send(pty, NO_KEY, sizeof NO_KEY - 1);
}
