#include "tests/unit/client_place.h"

#include "tests/support/support.h"
#include "tests/unit/client_sample.h"

#include <stdlib.h>

#define KEPT_MAX 128

const struct journal_account PLACE_ANA = {.server = PLACE_SERVER, .token = PLACE_TOKEN};

int place_set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL) return -1;
    temp_dir_make(place->directory);
    place->path = support_format("%s/state/invonce/journal.sqlite", place->directory);
    *state = place;
    return 0;
}

/* The place's: there is one at a time. */
static struct intent *kept[KEPT_MAX];
static size_t kept_count;

static struct intent *keep(struct intent *intent)
{
    if (kept_count == KEPT_MAX) support_die("too many intents");
    kept[kept_count++] = intent;
    return intent;
}

int place_tear_down(void **state)
{
    struct place *place = *state;
    while (kept_count > 0)
        intent_free(kept[--kept_count]);
    temp_dir_remove(place->directory);
    free(place->path);
    free(place);
    return 0;
}

struct journal *place_open(const char *path, const struct journal_account *account)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    const struct journal_patience patience = {.budget_ms = PATIENCE_MS, .interrupt = -1};
    struct journal *journal = journal_open_patiently(path, account, &patience, sentence);
    if (journal == NULL) support_die("%s", sentence);
    return journal;
}

const struct intent *place_intent(const char *number)
{
    return keep(client_sample_intent(number));
}

enum journal_status place_record_this(struct journal *journal, struct intent *intent)
{
    return journal_record(journal, keep(intent));
}

enum journal_status place_attempt(struct journal *journal, const struct intent *intent,
                                  unsigned number)
{
    unsigned attempt;
    bool arrived;
    enum journal_status status = journal_attempt_begin(journal, intent, &attempt, &arrived);
    if (status == JOURNAL_OK && attempt != number) support_die("attempt %u", attempt);
    return status;
}

const struct intent *place_record(struct journal *journal, const char *number)
{
    const struct intent *intent = place_intent(number);
    if (journal_record(journal, intent) != JOURNAL_OK) support_die("%s", journal_sentence(journal));
    return intent;
}

enum journal_status place_try_record(struct journal *journal, const char *number)
{
    struct intent *intent = client_sample_intent(number);
    enum journal_status status = journal_record(journal, intent);
    intent_free(intent);
    return status;
}
