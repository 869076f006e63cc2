#include "tui/form/entry.h"

#include "protocol/wire/clock.h"
#include "tui/terminal/signals.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STEPS_TO_LEAVE 8
#define EXIT_FAILED    1
#define EXIT_OPEN      5
#define EXIT_SIGNAL    128

static bool no_memory(char sentence[JOURNAL_SENTENCE_MAX])
{
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("there is not enough memory"));
    return false;
}

bool entry_open(struct entry *entry, void (*restore)(void), char sentence[JOURNAL_SENTENCE_MAX])
{
    entry_start_clean(entry);
    if (!entry->failed && entry->options->prefill)
        entry->failed = !form_prefill(&entry->form, entry->options->prefill);
    if (entry->failed) return no_memory(sentence);
    if (signals_catch(restore)) return true;
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("there are no file descriptors left"));
    return false;
}

bool entry_connect(struct entry *entry, char sentence[JOURNAL_SENTENCE_MAX])
{
    const struct entry_options *options = entry->options;
    const struct journal_account account = {
        .server = options->journal_server ? options->journal_server : options->courier.server,
        .token = options->courier.token,
    };
    entry->context.retry = options->retry;
    entry->context.asks_whose = true;
    entry->context.courier = courier_new(&options->courier, sentence);
    if (!entry->context.courier) return false;
    entry->context.journal = journal_open(options->journal_path, &account, sentence);
    if (!entry->context.journal) return false;
    entry->submitter =
        submitter_new(&entry->context, entry->options->resource, form_compose, &entry->form);
    if (!entry->submitter ||
        !resume_start(&entry->resume, entry->options->resource, &entry->context))
        return no_memory(sentence);
    identity_start(&entry->identity, entry->context.courier);
    waiting_start(&entry->waiting, entry->context.journal);
    habits_start(&entry->habits, entry->options->resource, entry->context.journal);
    customers_start(&entry->customers, entry->context.courier, &entry->habits);
    draft_start(&entry->draft, entry->options->resource, entry->context.journal);
    entry_advance_journal(entry, clock_monotonic_ms());
    return true;
}

/* Brings the form in line with what the network, the journal or the check have brought about. */
static void follow_news(struct entry *entry)
{
    bool locked = entry->seen_locked;
    if (!entry_follow(entry)) return;
    entry->came_up = entry->came_up || (locked && !entry_is_locked(entry));
}

/* Whose the token is, is asked before anything old is sent with it: it may be another tenant's now.
 */
static bool may_adopt(const struct entry *entry)
{
    return entry->identity.asked && !entry_is_locked(entry);
}

static bool advance_mistake(struct entry *entry, int64_t now_ms)
{
    const struct entry_mistake *mistake = entry->options->mistake;
    return mistake && mistake->advance(mistake->self, entry, now_ms);
}

/* What is waiting, of this window or another. */
static void advance_waiting(struct entry *entry, int64_t now_ms)
{
    if (now_ms < entry->waiting.due_ms) return;
    size_t refused = entry->waiting.refused;
    entry_look(entry, now_ms);
    if (entry->waiting.refused != refused) entry->dirty = true;
    if (!entry->waiting.news) return;
    resume_tell(&entry->resume, entry->waiting.news);
    entry->waiting.news = NULL;
    entry_follow_settled(entry);
    entry->dirty = true;
}

static void advance_form(struct entry *entry, int64_t now_ms)
{
    query_advance(&entry->customers.query, now_ms);
    if (entry->customers.news && !entry_is_locked(entry)) {
        entry_follow_typed(entry, now_ms);
        entry->dirty = true;
    }
    advance_waiting(entry, now_ms);
    if (now_ms >= entry->judge_ms && !entry_is_locked(entry) && entry_judge_number(entry, now_ms))
        entry->dirty = true;
    if (draft_advance(&entry->draft, &entry->form, now_ms)) {
        entry->dirty = true;
        entry_see_refused(entry, false);
    }
}

bool entry_advance(struct entry *entry, int64_t now_ms)
{
    entry_note_lock(entry, now_ms);
    if (entry_advance_journal(entry, now_ms)) {
        entry->dirty = true;
        return true;
    }
    if (advance_mistake(entry, now_ms) || submitter_advance(entry->submitter, now_ms)) {
        follow_news(entry);
        entry->dirty = true;
        return true;
    }
    if (resume_advance(&entry->resume, may_adopt(entry), now_ms)) {
        if (!entry->resume.in_hand) entry_follow_settled(entry);
        if (!entry->resume.in_hand) entry->waiting.due_ms = now_ms;
        entry->dirty = true;
        return true;
    }
    advance_form(entry, now_ms);
    identity_advance(&entry->identity, now_ms);
    return false;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t entry_due_ms(const struct entry *entry)
{
    const struct entry_mistake *mistake = entry->options->mistake;
    int64_t due = submitter_due_ms(entry->submitter);
    due = earlier(due, resume_due_ms(&entry->resume, may_adopt(entry)));
    due = earlier(due, entry->identity.due_ms);
    due = earlier(due, entry->waiting.due_ms);
    due = earlier(due, entry->draft.due_ms);
    due = earlier(due, entry->journal_ms);
    if (!entry_is_locked(entry)) due = earlier(due, entry->judge_ms);
    due = earlier(due, query_due_ms(&entry->customers.query));
    return mistake ? earlier(due, mistake->due_ms(mistake->self, entry)) : due;
}

bool entry_wait(struct entry *entry, bool *signalled, bool *typed, int timeout_ms)
{
    const int descriptors[] = {signals_descriptor(), STDIN_FILENO};
    bool readable[2] = {false, false};
    bool known = entry->identity.account || entry->identity.refused;
    enum missing missing = entry_missing(entry);
    if (!courier_poll(entry->context.courier, descriptors, readable, typed ? 2 : 1, timeout_ms)) {
        entry->failed = true;
        return false;
    }
    *signalled = readable[0];
    if (typed) *typed = readable[1];
    if ((entry->identity.account || entry->identity.refused) != known) {
        entry_identify(entry);
        entry->dirty = true;
    }
    if (entry_missing(entry) != missing) entry->dirty = true;
    follow_news(entry);
    return true;
}

int entry_signal(void)
{
    return signals_next();
}

void entry_suspend(void)
{
    signals_stop();
}

void entry_finish_sent(struct entry *entry)
{
    for (int step = 0; entry->submitter && step < STEPS_TO_LEAVE; step++) {
        enum submission_state state = entry_submission(entry).submission.state;
        int64_t now_ms = clock_monotonic_ms();
        if (state == SUBMISSION_RECORDED || state == SUBMISSION_SENDING) break;
        if (submitter_due_ms(entry->submitter) > now_ms) break;
        if (!submitter_advance(entry->submitter, now_ms)) break;
    }
}

void entry_finish_typed(struct entry *entry)
{
    draft_finish(&entry->draft, &entry->form);
    if (entry->context.journal) entry_see_refused(entry, !entry->came_up);
}

/* Says what stays behind. True when something does. */
static bool say_goodbye(const struct entry *entry)
{
    struct submitter_view view = entry_submission(entry);
    bool recorded = view.submission.state == SUBMISSION_RECORDED ||
                    view.submission.state == SUBMISSION_SENDING ||
                    view.submission.state == SUBMISSION_UNCONFIRMED;
    if (!recorded || !view.intent || entry->options->forgets) return false;
    printf(_("%s is in the journal (key %s): it will be sent again, with the same key, at the next "
             "start.\n"),
           view.intent->name, view.intent->key);
    fflush(stdout);
    return true;
}

/* True when something typed could be kept nowhere: it is on the terminal then. */
static bool hand_back(const struct entry *entry)
{
    bool pressed = entry_submission(entry).submission.state == SUBMISSION_RECORDING;
    char *typed = draft_lost(&entry->draft, &entry->form, pressed);
    if (!typed) return false;
    char *why = words_retold(journal_sentence(entry->context.journal));
    printf(_("What you typed could not be kept, and was not sent. %s Here it is; in a file, "
             "--prefill takes it back:\n%s\n"),
           why ? why : "", typed);
    fflush(stdout);
    free(why);
    free(typed);
    return true;
}

static void close_parts(struct entry *entry)
{
    const struct entry_mistake *mistake = entry->options->mistake;
    resume_stop(&entry->resume);
    if (entry->submitter) submitter_free(entry->submitter);
    if (mistake) mistake->stop(mistake->self);
    identity_stop(&entry->identity);
    waiting_stop(&entry->waiting);
    draft_stop(&entry->draft);
    customers_stop(&entry->customers);
    habits_stop(&entry->habits);
    if (entry->context.journal) journal_close(entry->context.journal);
    if (entry->context.courier) courier_free(entry->context.courier);
    record_clear(&entry->record);
    document_clear(&entry->typed);
    form_clear(&entry->form);
    history_clear(&entry->history);
    free(entry->last_number);
}

int entry_leave(struct entry *entry, const char *sentence)
{
    signals_release();
    bool open = say_goodbye(entry);
    bool lost = hand_back(entry);
    if (!*sentence) sentence = entry->broken;
    if (!*sentence && entry->failed) sentence = _("the network library or the memory failed");
    char *told = words_retold(sentence);
    if (*sentence) fprintf(stderr, "invonce: %s\n", told ? told : sentence);
    free(told);
    close_parts(entry);
    if (*sentence || lost) return EXIT_FAILED;
    if (entry->signal) return EXIT_SIGNAL + entry->signal;
    return open ? EXIT_OPEN : 0;
}
