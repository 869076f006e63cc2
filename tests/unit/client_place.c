#include "tests/unit/client_place.h"

#include "tests/support/support.h"
#include "tests/unit/client_sample.h"

#include <stdlib.h>
#include <string.h>

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

int place_tear_down(void **state)
{
    struct place *place = *state;
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

void place_record(struct journal *journal, const char *number, char key[IDEMPOTENCY_KEY_SIZE])
{
    struct intent *intent = client_sample_intent(number);
    enum journal_status status = journal_record(journal, intent);
    if (status != JOURNAL_OK) support_die("%s", journal_sentence(journal));
    if (key != NULL) memcpy(key, intent->key, sizeof intent->key);
    intent_free(intent);
}

enum journal_status place_try_record(struct journal *journal, const char *number)
{
    struct intent *intent = client_sample_intent(number);
    enum journal_status status = journal_record(journal, intent);
    intent_free(intent);
    return status;
}
