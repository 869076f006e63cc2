#include "tui/plain/plain.h"

#include "protocol/wire/clock.h"
#include "tui/form/status.h"
#include "tui/plain/plain_state.h"
#include "tui/words/words.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define WAIT_MAX_MS 60000 /* nothing depends on it */
#define SETTLE_MS   5000  /* what is unsettled is waited for so long before the first question */

static void tell_locked(struct plain *plain, int64_t now_ms)
{
    bool locked = entry_journal_is_locked(&plain->entry, now_ms);
    if (locked && !plain->told_locked) {
        if (plain->asked) plain_say("%s", "");
        plain_say("%s", status_locked());
        plain->asked = false;
    }
    plain->told_locked = locked;
}

static void tell_news(struct plain *plain)
{
    plain->entry.came_up = false;
    plain->asked = false;
    plain_leave_aside(plain);
    plain_tell_view(plain);
}

/* A view has come up, or the form has opened, by itself: what was typed before was not meant for
 * it. */
static void take_news(struct plain *plain)
{
    struct entry *entry = &plain->entry;
    if (entry_is_saving(entry)) {
        entry->came_up = false;
        return;
    }
    unsigned late = plain_input_drop(&plain->input);
    if (entry->seen == SUBMISSION_CREATED) entry->late_presses += late;
    plain_input_let_go();
    tell_news(plain);
}

/* What was refused while nobody was looking waits until it is seen, elsewhere. */
static void tell_refused(struct plain *plain)
{
    size_t count = plain->entry.waiting.refused;
    if (count > plain->told_refusals)
        plain_say(words_plural("%zu invoice from before was refused, and waits to be seen: invonce "
                               "outbox lists it.",
                               "%zu invoices from before were refused, and wait to be seen: "
                               "invonce outbox lists them.",
                               count),
                  count);
    plain->told_refusals = count;
}

/* What stands in the way of creating anything; and what can be done, to somebody who is new here.
 * True when there is something that wasn't told yet. */
static bool tell_missing(struct plain *plain)
{
    const struct entry *entry = &plain->entry;
    enum missing missing = entry_missing(entry);
    bool is_news = missing != MISSING_NOTHING && missing != plain->told;
    plain->told = missing;
    if (!is_news) return false;
    plain_say("%s", first_steps_missing(missing));
    if (missing == MISSING_SERVER && entry->last_number) return true;
    first_steps_print(stdout);
    plain_say("%s", "");
    return true;
}

/* What was found out meanwhile. True when there was something. */
static bool tell_notice(struct plain *plain)
{
    struct entry *entry = &plain->entry;
    bool told = tell_missing(plain) || entry->resume.notice;
    if (entry->resume.notice) plain_say("%s", entry->resume.notice);
    tell_refused(plain);
    resume_tell(&entry->resume, NULL);
    return told;
}

/* What is known of the customer by now goes into the question for the name; nothing changes behind
 * a question. */
static void take_customer(struct plain *plain, int64_t now_ms)
{
    struct entry *entry = &plain->entry;
    struct customers *customers = &entry->customers;
    bool asks_name =
        entry_view(entry) == VIEW_FORM && entry->form.focus == customers_name(&entry->form);
    if (customers->news && asks_name && !customers_follow(customers, &entry->form, now_ms))
        entry->failed = true;
    customers->news = false;
    query_stop(&customers->query);
}

static void ask(struct plain *plain, int64_t now_ms)
{
    bool in_form = plain_view(plain) == VIEW_FORM;
    bool submits = in_form && plain->entry.form.focus == form_button(&plain->entry.form);
    tell_notice(plain);
    if (submits) plain_input_forget(&plain->input); /* a text of several lines may say "y" */
    take_customer(plain, now_ms);
    plain_tell_aside(plain);
    if (in_form)
        plain_ask_field(plain);
    else
        plain_ask_choice(plain);
    plain->asked = true;
}

/* The name that the server knows stands in the question for it, if it comes soon. */
static bool waits_for_name(const struct plain *plain, int64_t now_ms)
{
    const struct entry *entry = &plain->entry;
    const struct query *query = &entry->customers.query;
    bool asking = query->path && (!query->asked || query->call);
    return asking && plain_view(plain) == VIEW_FORM &&
           entry->form.focus == customers_name(&entry->form) && now_ms < plain->name_until_ms;
}

/* Asks, and takes the answer if there is one. True when there may be another. */
static bool converse(struct plain *plain, int64_t now_ms)
{
    struct entry *entry = &plain->entry;
    if (!plain->asked && (waits_for_name(plain, now_ms) || plain_waits_aside(plain, now_ms)))
        return false;
    if (!plain->asked) ask(plain, now_ms);
    char *answer = plain_input_next(&plain->input);
    if (!answer) {
        entry->quit = plain->input.ended;
        if (entry->quit) plain_say("%s", "");
        return false;
    }
    plain->asked = false;
    if (!isatty(STDIN_FILENO)) plain_prompt("\n"); /* no answer was echoed, with its line's end */
    if (plain_view(plain) != VIEW_FORM)
        plain_answer_choice(plain, answer, now_ms);
    else if (!plain_opens_aside(plain, answer, now_ms))
        plain_answer_field(plain, answer, now_ms);
    entry_follow(entry);
    return true;
}

static void suspend(struct plain *plain)
{
    plain_input_let_go();
    entry_suspend();
    if (entry_is_saving(&plain->entry)) plain_input_hold();
    plain->asked = false;
}

/* Ctrl-C is how one leaves, at a terminal. */
static void take_signals(struct plain *plain)
{
    for (int number = entry_signal(); number; number = entry_signal()) {
        if (number == SIGTSTP) {
            suspend(plain);
        } else if (number == SIGINT && isatty(STDIN_FILENO)) {
            plain->entry.quit = true;
            plain_say("%s", "");
        } else if (number != SIGCONT && number != SIGWINCH) {
            plain->entry.signal = number;
        }
    }
}

/* What has come about by itself: a view that wasn't there. */
static void note_news(struct entry *entry, enum view before)
{
    if (entry_view(entry) != before) entry->came_up = true;
}

static bool advance(struct entry *entry, int64_t now_ms)
{
    enum view before = entry_view(entry);
    bool more = entry_advance(entry, now_ms);
    note_news(entry, before);
    return more;
}

static void wait_for_news(struct plain *plain, int timeout_ms)
{
    struct entry *entry = &plain->entry;
    bool signalled = false, typed = false;
    bool listens = !plain->input.ended && (plain->asked || entry_is_saving(entry));
    enum view before = entry_view(entry);
    if (!entry_wait(entry, &signalled, listens ? &typed : NULL, timeout_ms)) return;
    note_news(entry, before);
    if (signalled) take_signals(plain);
    if (typed && !entry_is_saving(entry)) plain_input_read(&plain->input);
}

static bool goes_on(const struct plain *plain)
{
    return !plain->entry.quit && !plain->entry.signal && !plain->entry.failed;
}

static int wait_ms(const struct plain *plain, int64_t now_ms)
{
    int64_t due = entry_due_ms(&plain->entry);
    int64_t second =
        entry_is_saving(&plain->entry) ? entry_next_second_ms(&plain->entry, now_ms) : due;
    if (second < due) due = second;
    if (due > now_ms + WAIT_MAX_MS) due = now_ms + WAIT_MAX_MS;
    int64_t list = recent_due_ms(&plain->recent);
    if (list < due) due = list;
    if (waits_for_name(plain, now_ms) && due > plain->name_until_ms) due = plain->name_until_ms;
    if (plain_waits_aside(plain, now_ms) && due > plain->aside_until_ms)
        due = plain->aside_until_ms;
    return due > now_ms ? (int)(due - now_ms) : 0;
}

static void run(struct plain *plain)
{
    struct entry *entry = &plain->entry;
    while (goes_on(plain)) {
        int64_t now_ms = clock_monotonic_ms();
        bool more = false;
        if (entry->came_up) take_news(plain);
        tell_locked(plain, now_ms);
        if (entry_is_saving(entry)) {
            plain_drop_typed(plain, now_ms);
            plain_tell_progress(plain, now_ms);
        } else {
            more = converse(plain, now_ms);
        }
        if (!goes_on(plain)) break;
        if (plain->aside == VIEW_RECENT) recent_advance(&plain->recent, now_ms);
        more = advance(entry, now_ms) || more;
        wait_for_news(plain, more ? 0 : wait_ms(plain, clock_monotonic_ms()));
        if (ferror(stdout)) entry->signal = SIGHUP; /* nobody hears */
    }
}

static size_t waits(const struct entry *entry)
{
    return entry->waiting.count - entry->waiting.refused;
}

/* What an earlier run left unsettled is seen to first, as far as that is quickly done. */
static void settle_what_waits(struct plain *plain)
{
    struct entry *entry = &plain->entry;
    int64_t until_ms = clock_monotonic_ms() + SETTLE_MS;
    waiting_look(&entry->waiting, "", clock_monotonic_ms());
    if (waits(entry) == 0) return;
    plain_say(
        words_plural("%zu invoice from before isn't settled: it is being sent again, with the "
                     "same key.",
                     "%zu invoices from before aren't settled: they are being sent again, each "
                     "with its own key.",
                     waits(entry)),
        waits(entry));
    while (goes_on(plain) && waits(entry) > 0 && clock_monotonic_ms() < until_ms) {
        bool more = advance(entry, clock_monotonic_ms());
        if (tell_notice(plain)) waiting_look(&entry->waiting, "", clock_monotonic_ms());
        int wait = wait_ms(plain, clock_monotonic_ms());
        wait_for_news(plain, more ? 0 : wait < 100 ? wait : 100);
    }
    if (!entry->options->prefill && form_is_blank(&entry->form)) entry_follow_last(entry);
}

static void greet(const struct entry *entry)
{
    plain_say("Invonce  %s", entry->options->courier.server);
    plain_say("%s", _("Each field is asked for in a line of its own. Enter keeps what stands in "
                      "brackets, - empties it. Ctrl-D leaves, and keeps what you typed."));
    plain_say("%s",
              _("/recent lists what there is, /outbox what isn't settled; the form stays as it "
                "is."));
}

int plain_run(const struct entry_options *options)
{
    struct plain plain = {.entry = {.options = options}};
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    if (entry_open(&plain.entry, plain_input_restore, sentence) &&
        entry_connect(&plain.entry, sentence)) {
        plain_start_asides(&plain);
        greet(&plain.entry);
        settle_what_waits(&plain);
        /* A pipe has its answers from the start; at a terminal they would be for another question.
         */
        if (plain.entry.came_up && !isatty(STDIN_FILENO)) tell_news(&plain);
        run(&plain);
    }
    entry_finish_sent(&plain.entry);
    entry_finish_typed(&plain.entry);
    plain_stop_asides(&plain);
    plain_input_let_go();
    if (plain.entry.draft.kept && plain.entry.draft.due_ms == INT64_MAX)
        plain_say("%s", _("What you typed is kept as a draft, and offered at the next start."));
    return entry_leave(&plain.entry, sentence);
}
