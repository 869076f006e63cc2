#include "tui/list/reader.h"

#include "protocol/wire/clock.h"
#include "tui/batch/interrupt.h"
#include "tui/command/command_line.h"
#include "tui/form/status.h"
#include "tui/words/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_SIGNAL   128
#define SENTENCE_SIZE 400

int reader_settings(struct settings *settings)
{
    char sentence[SETTINGS_SENTENCE_MAX];
    enum settings_status status = settings_finish(settings, SETTINGS_TO_SEND, sentence);
    if (status != SETTINGS_OK) return command_line_settings(status, sentence);
    return settings->token ? 0 : command_line_no_token();
}

int reader_open(struct reader *reader, const struct settings *settings, bool counts)
{
    char sentence[COURIER_SENTENCE_MAX];
    const struct courier_options options = settings_courier(settings);
    *reader = (struct reader){.asker.retry = retry_policy_default};
    reader->asker.retry.budget_ms = settings->retry_budget_ms;
    reader->asker.courier = courier_new(&options, sentence);
    if (!reader->asker.courier) return command_line_wrong("", sentence);
    if (!interrupt_catch()) {
        reader_close(reader);
        return command_line_failed(_("There are no file descriptors left."));
    }
    reader->asker.interrupt = interrupt_descriptor();
    reader->asker.progress = &reader->progress;
    progress_start(&reader->progress, stderr, 0, clock_monotonic_ms());
    if (!counts) reader->progress.out = NULL;
    reader->progress.reads = true;
    return 0;
}

void reader_close(struct reader *reader)
{
    if (reader->asker.courier) courier_free(reader->asker.courier);
    interrupt_release();
    *reader = (struct reader){0};
}

static int tell(const char *why, int code)
{
    char *told = words_retold(why);
    char *sentence = NULL;
    if (told && asprintf(&sentence, _("not all could be had from the server: %s"), told) < 0)
        sentence = NULL;
    command_line_failed(sentence ? sentence : why);
    free(sentence);
    free(told);
    return code;
}

int reader_end(struct reader *reader, enum ask_end end, const struct answer *answer)
{
    progress_hide(&reader->progress);
    switch (end) {
    case ASK_ANSWERED:
        return 0;
    case ASK_INTERRUPTED:
        command_line_failed(_("interrupted"));
        return EXIT_SIGNAL + interrupt_signal();
    case ASK_UNREACHABLE:
        tell(answer->why, EXIT_UNREACHABLE);
        fprintf(stderr, "%s\n", status_away());
        return EXIT_UNREACHABLE;
    case ASK_REFUSED:
    case ASK_ABSENT:
        return tell(answer->why, EXIT_UNREACHABLE);
    case ASK_FAILED:
        break;
    }
    return tell(answer->why, EXIT_OTHER);
}

int reader_unwritten(void)
{
    char sentence[SENTENCE_SIZE];
    if (errno == EPIPE) return EXIT_OTHER;
    snprintf(sentence, sizeof sentence, _("The results can't be written: %s"), _(strerror(errno)));
    return command_line_failed(sentence);
}
