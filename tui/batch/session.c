#include "tui/batch/session.h"

#include "protocol/client/identity.h"
#include "protocol/wire/clock.h"
#include "tui/batch/interrupt.h"
#include "tui/command/command_line.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <unistd.h>

#define EXIT_SIGNAL 128
#define WAIT_MAX_MS 60000 /* the courier's own time-outs are shorter, or asked for */

static void tell(const char *sentence)
{
    if (isatty(STDERR_FILENO)) fputs("\r\x1b[K", stderr); /* over the progress, if it is shown */
    command_line_failed(sentence);
}

struct journal_patience session_patience(const struct settings *settings, int interrupt)
{
    return (struct journal_patience){
        .budget_ms = settings->retry_budget_ms, .tell = tell, .interrupt = interrupt};
}

int session_failed(const char *sentence)
{
    if (interrupt_signal() == 0) return command_line_failed(sentence);
    fputs(_("invonce: interrupted; the same command goes on from here\n"), stderr);
    return EXIT_SIGNAL + interrupt_signal();
}

/* One question, as long as the courier allows; a signal ends it too. */
static void identify(struct session *session)
{
    struct identity identity;
    int descriptor = interrupt_descriptor();
    bool interrupted = false;
    identity_start(&identity, session->context.courier);
    identity_advance(&identity, clock_monotonic_ms());
    while (identity.call != NULL && !interrupted &&
           courier_poll(session->context.courier, &descriptor, &interrupted, 1, WAIT_MAX_MS)) {
    }
    if (identity.tenant != NULL) journal_identify(session->context.journal, identity.tenant);
    identity_stop(&identity);
}

/* A server or a token that a courier can't have is a wrong setting. */
static int open_parts(struct session *session, const struct settings *settings)
{
    char sentence[JOURNAL_SENTENCE_MAX];
    const struct courier_options courier = settings_courier(settings);
    const struct journal_account account = {.server = courier.server, .token = courier.token};
    session->context.retry = retry_policy_default;
    session->context.retry.budget_ms = settings->retry_budget_ms;
    session->context.asks_whose = true;
    session->context.keeps_connections = true;
    session->context.courier = courier_new(&courier, sentence);
    if (session->context.courier == NULL) return command_line_wrong("", sentence);
    if (!interrupt_catch()) return command_line_failed(_("There are no file descriptors left."));
    const struct journal_patience patience = session_patience(settings, interrupt_descriptor());
    session->context.journal =
        journal_open_patiently(settings->journal_path, &account, &patience, sentence);
    return session->context.journal != NULL ? 0 : session_failed(sentence);
}

int session_open(struct session *session, const struct settings *settings)
{
    *session = (struct session){0};
    int code = open_parts(session, settings);
    if (code != 0) {
        session_close(session);
        return code;
    }
    identify(session);
    journal_prune(session->context.journal, settings->history_ms);
    return 0;
}

void session_close(struct session *session)
{
    struct journal *journal = session->context.journal;
    if (session->context.courier != NULL) courier_free(session->context.courier);
    interrupt_release();
    if (session->told_run != 0) journal_run_end(journal, session->told_run);
    if (journal != NULL) journal_close(journal);
    *session = (struct session){0};
}
