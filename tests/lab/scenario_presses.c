/* What fingers do. */
#include "tests/lab/operator.h"
#include "tests/lab/scenarios.h"
#include "tests/lab/sender.h"

#include <signal.h>

/* The server stands still until all was pressed, so that no press comes after the answer. */
static void press_while_saving(struct trial *trial, void (*again)(struct operator* operator),
                               unsigned times)
{
    struct operator operator;
    const struct process *server = &trial->world->mock.process;
    operator_open(&operator, trial, "operator", NULL);
    operator_fill_in(&operator);
    process_hold(server->pid);
    operator_press(&operator, "<Enter>");
    if (trial_draw(trial, 2)) operator_wait_for(&operator, "Saving");
    for (unsigned i = 0; i < times; i++)
        again(&operator);
    operator_wait_idle(&operator);
    process_signal(server, SIGCONT);
    operator_be_told(&operator);
    world_wait_for(trial->world, trial->subject, operator.bug ? 1 + times : 1);
    operator_close(&operator);
}

static void press_enter(struct operator* operator)
{
    operator_press(operator, "<Enter>");
}

void scenario_enter_twice(struct trial *trial)
{
    press_while_saving(trial, press_enter, 1 + trial_draw(trial, 3));
}

void scenario_enter_and_button(struct trial *trial)
{
    press_while_saving(trial, operator_click, 1);
}

/* A page that shows what was created as the answer to its own request sends that again; with the
 * form, what is shown is a record, and no key of it sends anything. */
static void refresh_a_page(struct trial *trial)
{
    struct sender page;
    sender_open(&page, trial, "browser");
    sender_send(&page, 1);
    for (unsigned i = 1 + trial_draw(trial, 3); i > 0; i--)
        sender_send(&page, 1);
    sender_close(&page);
}

static void refresh_the_form(struct trial *trial)
{
    static const char *const keys[] = {"<Enter>", "<C-l>", "<C-s>", "<F5>"};
    struct operator operator;
    operator_open(&operator, trial, "operator", NULL);
    operator_fill_in(&operator);
    operator_press(&operator, "<Enter>");
    operator_be_told(&operator);
    for (unsigned i = 1 + trial_draw(trial, 5); i > 0; i--)
        operator_press(&operator, keys[trial_draw(trial, 4)]);
    operator_wait_idle(&operator);
    operator_be_told(&operator);
    operator_close(&operator);
}

void scenario_refresh(struct trial *trial)
{
    if (layers_have(trial->world->layers, LAYER_FORM))
        refresh_the_form(trial);
    else
        refresh_a_page(trial);
}
