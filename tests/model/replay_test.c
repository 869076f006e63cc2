/* Follows a trace of the model with the real engine and the real client, step by step, and compares
 * after each what both say.
 *
 * usage: replay_test [--bug NAME] FILE          they never part
 *        replay_test [--bug NAME] FILE STEP     they part where the model makes that step: "send 0
 * 0"; any: wherever it is */
#include "mock_server/faults/bugs.h"
#include "tests/model/replay_client.h"
#include "tests/model/replay_engine.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_SIZE 512
#define WORDS         4
#define BAR           " | "

int replay_key(enum scenario scenario, int request)
{
    return scenario == SAME || scenario == OTHER_BODY ? 0 : request;
}

int replay_body(enum scenario scenario, int request)
{
    return scenario == OTHER_BODY || scenario == SAME_NUMBER ? request : 0;
}

const char *replay_key_text(int key)
{
    return key == 0 ? "key-0" : "key-1";
}

char *replay_body_text(enum scenario scenario, int body)
{
    char *changes = support_format("{\"notes\":\"body %d\"}", body);
    char *text = sample_body(body == 0 || scenario == SAME_NUMBER ? "A-1" : "A-2", changes);
    free(changes);
    return text;
}

void answer_clear(struct answer *answer)
{
    free(answer->body);
    *answer = (struct answer){0};
}

/* A step of the model, and the state behind it, as in its line. */
struct step {
    char line[LINE_MAX_SIZE];
    char *words[WORDS]; /* "" where there are no more */
    const char *state;
    long number; /* of the line */
};

static bool read_step(FILE *file, struct step *step)
{
    if (!fgets(step->line, sizeof step->line, file)) return false;
    step->number++;
    step->line[strcspn(step->line, "\n")] = '\0';
    char *bar = strstr(step->line, BAR), *rest = step->line;
    if (!bar) support_die("line %ld is no step: %s", step->number, step->line);
    *bar = '\0';
    step->state = bar + strlen(BAR);
    for (int i = 0; i < WORDS; i++) {
        char *word = strsep(&rest, " ");
        step->words[i] = word ? word : bar;
    }
    return true;
}

static int number_at(const struct step *step, int word)
{
    int number = step->words[word][0] - '0';
    if (number < 0 || number > SAME_NUMBER || step->words[word][1])
        support_die("line %ld: no number: %s", step->number, step->words[word]);
    return number;
}

/* One engine with unique constraints, and one without. */
struct code {
    char directory[TEMP_DIR_SIZE];
    struct engine *engines[2], *engine;
    struct client *clients[2];
};

static void begin(struct code *code, enum scenario scenario)
{
    code->engine = code->engines[scenario == SAME_NUMBER];
    engine_begin(code->engine, scenario);
    for (int i = 0; i < 2; i++) {
        client_free(code->clients[i]);
        code->clients[i] = client_new(scenario, i);
    }
}

/* What comes of it is what came of it in the model; an answer goes to whoever sent the request. */
static bool serve(struct code *code, const struct step *step)
{
    struct answer answer = {0};
    int request = number_at(step, 2);
    const char *result =
        engine_do(code->engine, step->words[0], number_at(step, 1), request, &answer);
    if (answer.status) client_take(code->clients[request], &answer);
    return result && strcmp(result, step->words[3]) == 0;
}

static bool is_unconfirmed(const struct step *step, int client)
{
    const char *at = step->state;
    for (int bars = 3 + client; bars > 0; bars--)
        at = strstr(at, BAR) + strlen(BAR);
    return strncmp(at, "unconfirmed ", strlen("unconfirmed ")) == 0;
}

static bool has_word(const char *word, const char *const *words)
{
    while (*words && strcmp(word, *words) != 0)
        words++;
    return *words != NULL;
}

static bool make(struct code *code, const struct step *step)
{
    static const char *const OF_SERVERS[] = {"claim",           "create",       "complete",
                                             "refuse",          "complete_key", "crash_in_claim",
                                             "crash_in_create", "crash_server", NULL};
    const char *doing = step->words[0];
    if (strcmp(doing, "begin") == 0)
        begin(code, (enum scenario)number_at(step, 1));
    else if (strcmp(doing, "lease_over") == 0)
        engine_pass_lease(code->engine);
    else if (strcmp(doing, "expire") == 0)
        engine_pass_lifetime(code->engine);
    else if (has_word(doing, OF_SERVERS))
        return serve(code, step);
    else if (strcmp(doing, "quiet") != 0)
        return client_do(code->clients[number_at(step, 1)], doing,
                         is_unconfirmed(step, number_at(step, 1)));
    return true;
}

/* False where they part, with the code's state. */
static bool follow(struct code *code, const struct step *step, char state[LINE_MAX_SIZE])
{
    char engine[ENGINE_TEXT_SIZE], clients[2][CLIENT_TEXT_SIZE];
    bool made = make(code, step);
    engine_describe(code->engine, engine);
    for (int i = 0; i < 2; i++)
        client_describe(code->clients[i], clients[i]);
    snprintf(state, LINE_MAX_SIZE, "%s | %s | %s", engine, clients[0], clients[1]);
    return made && strcmp(state, step->state) == 0;
}

/* True when they part. */
static bool follow_all(struct code *code, FILE *file, struct step *step)
{
    char state[LINE_MAX_SIZE];
    long runs = 0;
    while (read_step(file, step)) {
        runs += strcmp(step->words[0], "begin") == 0;
        if (!follow(code, step, state)) {
            printf("They part at line %ld, %s %s %s %s:\n  the model: %s\n  the code:  %s\n",
                   step->number, step->words[0], step->words[1], step->words[2], step->words[3],
                   step->state, state);
            return true;
        }
    }
    printf("%ld runs, %ld steps: they never part.\n", runs, step->number);
    if (runs == 0) support_die("there is no run in it");
    return false;
}

static bool is_at(const struct step *step, const char *words)
{
    char *all = support_format("%s %s %s", step->words[0], step->words[1], step->words[2]);
    bool is = strcmp(words, "any") == 0 || strncmp(all, words, strlen(words)) == 0;
    free(all);
    return is;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--bug") == 0) {
        if (!bugs_plant(argv[2])) support_die("there is no bug %s", argv[2]);
        argv += 2;
        argc -= 2;
    }
    if (argc != 2 && argc != 3) support_die("usage: replay_test [--bug NAME] FILE [STEP]");
    FILE *file = fopen(argv[1], "r");
    if (!file) support_die("can't read %s", argv[1]);
    struct code code = {0};
    struct step step = {0};
    temp_dir_make(code.directory);
    for (int i = 0; i < 2; i++)
        code.engines[i] = engine_open(code.directory, i == 1);
    bool parted = follow_all(&code, file, &step);
    bool as_expected = argc == 2 ? !parted : parted && is_at(&step, argv[2]);
    for (int i = 0; i < 2; i++) {
        client_free(code.clients[i]);
        engine_close(code.engines[i]);
    }
    temp_dir_remove(code.directory);
    fclose(file);
    if (!as_expected) printf("That is not as it should be.\n");
    return as_expected ? 0 : 1;
}
