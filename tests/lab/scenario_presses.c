/* What fingers do. */
#include "tests/lab/scenarios.h"
#include "tests/lab/sender.h"
#include "tests/lab/typist.h"

#include <signal.h>

/* The server stands still until all was pressed, so that no press comes after the answer. */
static void press_while_saving(struct trial *trial, void (*again)(struct typist *typist),
                               unsigned times)
{
    struct typist typist;
    const struct process *server = &trial->world->mock.process;
    typist_open(&typist, trial, "operator", typist_bug(trial->world));
    typist_fill_in(&typist);
    process_hold(server->pid);
    typist_press(&typist, "<Enter>");
    if (trial_draw(trial, 2)) typist_wait_for(&typist, "Saving");
    for (unsigned i = 0; i < times; i++)
        again(&typist);
    typist_wait_idle(&typist);
    process_signal(server, SIGCONT);
    typist_be_told(&typist);
    world_wait_for(trial->world, trial->subject, typist.bug ? 1 + times : 1);
    typist_close(&typist);
}

static void press_enter(struct typist *typist)
{
    typist_press(typist, "<Enter>");
}

void scenario_enter_twice(struct trial *trial)
{
    press_while_saving(trial, press_enter, 1 + trial_draw(trial, 3));
}

void scenario_enter_and_button(struct trial *trial)
{
    press_while_saving(trial, typist_click, 1);
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
    struct typist typist;
    typist_open(&typist, trial, "operator", typist_bug(trial->world));
    typist_fill_in(&typist);
    typist_press(&typist, "<Enter>");
    typist_be_told(&typist);
    for (unsigned i = 1 + trial_draw(trial, 5); i > 0; i--)
        typist_press(&typist, keys[trial_draw(trial, 4)]);
    typist_wait_idle(&typist);
    typist_be_told(&typist);
    typist_close(&typist);
}

void scenario_refresh(struct trial *trial)
{
    if (layers_have(trial->world->layers, LAYER_FORM))
        refresh_the_form(trial);
    else
        refresh_a_page(trial);
}
