#include "tests/unit/client_terminal.h"
#include "protocol/wire/resources/invoice.h"

#include "protocol/wire/clock.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"

static struct json *compose(void *form)
{
    return json_copy(form);
}

struct terminal terminal_open(const char *journal, const char *server, const char *number,
                              int64_t attempt_timeout_ms)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "", trouble[COURIER_SENTENCE_MAX] = "";
    const struct journal_account account = {.server = "http://127.0.0.1:1",
                                            .token = TERMINAL_TOKEN};
    const struct courier_options options = {
        .server = server,
        .token = TERMINAL_TOKEN,
        .connect_timeout_ms = PATIENCE_MS,
        .attempt_timeout_ms = attempt_timeout_ms > 0 ? attempt_timeout_ms : PATIENCE_MS};
    struct terminal terminal = {.form = sample_invoice(number)};
    terminal.context.journal = journal_open(journal, &account, sentence);
    terminal.context.courier = courier_new(&options, trouble);
    terminal.context.retry = retry_policy_default;
    if (terminal.context.journal == NULL || terminal.context.courier == NULL)
        support_die("%s%s", sentence, trouble);
    terminal.submitter = submitter_new(&terminal.context, &INVOICE, compose, terminal.form);
    if (terminal.submitter == NULL) support_die("out of memory");
    return terminal;
}

void terminal_ask_whose(struct terminal *terminal)
{
    submitter_free(terminal->submitter);
    terminal->context.asks_whose = true;
    terminal->submitter = submitter_new(&terminal->context, &INVOICE, compose, terminal->form);
    if (terminal->submitter == NULL) support_die("out of memory");
}

void terminal_close(struct terminal *terminal)
{
    submitter_free(terminal->submitter);
    courier_free(terminal->context.courier);
    journal_close(terminal->context.journal);
    json_free(terminal->form);
}

int64_t terminal_now_ms(const struct terminal *terminal)
{
    return clock_monotonic_ms() + terminal->skew_ms;
}

struct submission terminal_submission(const struct terminal *terminal)
{
    return submitter_view(terminal->submitter).submission;
}

void terminal_press(struct terminal *terminal)
{
    submitter_press(terminal->submitter, terminal_now_ms(terminal));
}

bool terminal_adopt(struct terminal *terminal)
{
    struct intent *intent;
    unsigned attempts;
    if (journal_adopt(terminal->context.journal, &intent, &attempts) != JOURNAL_OK)
        support_die("%s", journal_sentence(terminal->context.journal));
    if (intent == NULL) return false;
    submitter_adopt(terminal->submitter, intent, attempts, terminal_now_ms(terminal));
    return true;
}

void terminal_turn(struct terminal *terminal)
{
    int64_t due_ms = submitter_due_ms(terminal->submitter), now_ms = terminal_now_ms(terminal);
    if (due_ms == INT64_MAX) {
        if (!courier_poll(terminal->context.courier, NULL, NULL, 0, 100)) support_die("poll");
    } else if (due_ms > now_ms) {
        terminal->skew_ms += due_ms - now_ms;
    }
    submitter_advance(terminal->submitter, terminal_now_ms(terminal));
}

static bool is_over(enum submission_state state)
{
    return state == SUBMISSION_EDITING || state >= SUBMISSION_CREATED;
}

static void run(struct terminal *terminal, enum submission_state wanted)
{
    int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;
    for (;;) {
        enum submission_state state = terminal_submission(terminal).state;
        if (state == wanted || (wanted == SUBMISSION_STATES && is_over(state))) return;
        if (clock_monotonic_ms() > give_up_ms)
            support_die("state %d never came, but %d", (int)wanted, (int)state);
        terminal_turn(terminal);
    }
}

void terminal_run_until(struct terminal *terminal, enum submission_state state)
{
    run(terminal, state);
}

void terminal_run_to_end(struct terminal *terminal)
{
    run(terminal, SUBMISSION_STATES);
}
