#include "tui/form/entry.h"

#include "tui/form/descriptions.h"
#include "tui/form/facts.h"

#include "protocol/wire/clock.h"
#include "tui/words/words.h"

void entry_typed(struct entry *entry)
{
    int64_t now_ms = clock_monotonic_ms();
    submitter_edit(entry->submitter);
    form_changed(&entry->form);
    draft_changed(&entry->draft, now_ms);
    resume_forget_notice(&entry->resume, now_ms);
    if (entry->form.focus == fact_of_name(entry->options->resource))
        entry_judge_number_soon(entry, now_ms);
}

void entry_follow_typed(struct entry *entry, int64_t now_ms)
{
    struct form *form = &entry->form;
    if (!customers_follow(&entry->customers, form, now_ms)) entry->failed = true;
    if (form->proposes && !descriptions_follow(&entry->habits, form)) entry->failed = true;
}

void entry_leave_spot(struct entry *entry, struct form_spot spot, int64_t now_ms)
{
    form_leave(&entry->form, spot);
    if (fact_is_of_rule(entry->options->resource, spot.place)) entry_judge_number(entry, now_ms);
}

static void submit(struct entry *entry, int64_t now_ms)
{
    const struct entry_mistake *mistake = entry->options->mistake;
    if (mistake) mistake->on_press(mistake->self, entry);
    submitter_press(entry->submitter, now_ms);
}

static void go_next(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    form_next(&entry->form);
}

static void go_to_previous(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    form_previous(&entry->form);
}

static void open_line(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    if (form_new_line(&entry->form)) entry_typed(entry);
}

static void insert_line(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    if (form_insert_line(&entry->form)) entry_typed(entry);
}

static void duplicate_line(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    if (form_duplicate_line(&entry->form)) entry_typed(entry);
}

static void delete_line(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    if (form_delete_line(&entry->form)) entry_typed(entry);
}

static void complete(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    struct form *form = &entry->form;
    bool suggests = form->proposes && descriptions_complete(&entry->habits, form);
    bool recalls = !suggests && customers_complete(&entry->customers, form);
    if (suggests || recalls) entry_typed(entry);
}

/* What was typed and not sent goes, and can be taken back. */
static void throw_away(struct entry *entry, int64_t now_ms)
{
    draft_throw(&entry->draft, &entry->form, now_ms);
    entry_start_clean(entry);
    entry->said = entry->options->plain ? _("thrown away") : _("thrown away; Ctrl-_ takes it back");
}

static void start_new_invoice(struct entry *entry, int64_t now_ms)
{
    bool typed = entry->seen == SUBMISSION_CONFLICT;
    submitter_renew(entry->submitter);
    if (typed)
        throw_away(entry, now_ms);
    else
        entry_start_anew(entry);
}

static void start_again(struct entry *entry, int64_t now_ms)
{
    entry_start_from_shown(entry, false, now_ms);
}

static void start_credit(struct entry *entry, int64_t now_ms)
{
    entry_start_from_shown(entry, true, now_ms);
}

static void keep_in_outbox(struct entry *entry, int64_t now_ms)
{
    start_new_invoice(entry, now_ms);
    resume_look(&entry->resume);
}

static void edit_again(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    submitter_edit(entry->submitter);
}

static void try_now(struct entry *entry, int64_t now_ms)
{
    submitter_try_now(entry->submitter, now_ms);
}

/* False: there is nothing of it in the form. */
static bool take_up_draft(struct entry *entry)
{
    enum draft_recovery recovery = draft_recover(&entry->draft, &entry->form);
    entry->failed = entry->failed || recovery == DRAFT_NO_MEMORY;
    if (recovery == DRAFT_ELSEWHERE) entry->said = _("another window goes on with that draft");
    return recovery == DRAFT_RECOVERED;
}

static void recover(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    take_up_draft(entry);
}

/* It is taken up first, so that there is a step back to it. */
static void discard(struct entry *entry, int64_t now_ms)
{
    if (!take_up_draft(entry)) return;
    entry_note(entry, HISTORY_CHANGED);
    throw_away(entry, now_ms);
}

static void leave_for_later(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    draft_leave(&entry->draft);
}

static void quit(struct entry *entry, int64_t now_ms)
{
    (void)now_ms;
    entry->quit = true;
}

typedef void act_function(struct entry *entry, int64_t now_ms);

static act_function *const acts[ACTIONS] = {
    [ACTION_SUBMIT] = submit,
    [ACTION_NEXT] = go_next,
    [ACTION_PREVIOUS] = go_to_previous,
    [ACTION_NEW_LINE] = open_line,
    [ACTION_INSERT_LINE] = insert_line,
    [ACTION_DUPLICATE_LINE] = duplicate_line,
    [ACTION_DELETE_LINE] = delete_line,
    [ACTION_COMPLETE] = complete,
    [ACTION_NEW_INVOICE] = start_new_invoice,
    [ACTION_AGAIN] = start_again,
    [ACTION_CREDIT] = start_credit,
    [ACTION_EDIT] = edit_again,
    [ACTION_TRY_NOW] = try_now,
    [ACTION_KEEP] = keep_in_outbox,
    [ACTION_RECOVER] = recover,
    [ACTION_DISCARD] = discard,
    [ACTION_LATER] = leave_for_later,
    [ACTION_QUIT] = quit,
};

bool entry_act(struct entry *entry, enum action action, int64_t now_ms)
{
    if (acts[action]) acts[action](entry, now_ms);
    return acts[action];
}
