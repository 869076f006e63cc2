#include "mock_server/duplicates/commands.h"
#include "mock_server/duplicates/duplicates.h"
#include "mock_server/duplicates/merges.h"
#include "mock_server/engine/ids.h"

#include <string.h>

enum verb { VERB_FIND, VERB_MERGE, VERB_ENFORCE, VERB_UNDO, VERBS };

static struct cleaning cleaning = {.task.resource = "invoice"};
static const char *operands[2]; /* the verb, and what undo is to undo */
static enum verb verb;
static int64_t merge;

static const struct option_row OPTIONS[] = {
    TASK_OPTIONS(cleaning.task),
    {"take-lines", NULL, take_flag,
     "merge: where lines differ, those that are missing go over to the\n"
     "record that is kept, and its totals are made anew. find: show\n"
     "what that would do.",
     &cleaning.take_lines},
    {"dry-run", NULL, take_flag, "merge, undo: print the plan, and change nothing.",
     &cleaning.task.dry_run},
};

static const char INTRODUCTION[] =
    "NAME\n"
    "    " PROGRAM " duplicates - clean up records that are there twice\n"
    "\n"
    "SYNOPSIS\n"
    "    " PROGRAM " duplicates find    --store URL --tenant NAME [OPTION]...\n"
    "    " PROGRAM " duplicates merge   --store URL --tenant NAME [--take-lines] [--dry-run]\n"
    "    " PROGRAM " duplicates enforce --store URL --tenant NAME [OPTION]...\n"
    "    " PROGRAM " duplicates undo    --store URL --tenant NAME [MERGE_ID]\n"
    "\n"
    "DESCRIPTION\n"
    "    Records that came by \"import\" may break the rules: the same invoice number\n"
    "    twice in a year, the same external reference. In this order a store is\n"
    "    cleaned; servers may run on it meanwhile:\n"
    "\n"
    "    1. find shows them and changes nothing. Each group has the records that share\n"
    "       what must be unique, the one that would be kept first. Behind those come\n"
    "       look-alikes, which no rule forbids: the same customer, date and total\n"
    "       under another number, and numbers that only look different (O and 0,\n"
    "       l and 1, letters of other alphabets). No command merges look-alikes:\n"
    "       judge them yourself.\n"
    "    2. merge --dry-run prints what merge would do.\n"
    "    3. merge keeps the oldest record of each group. Payments of the others go to\n"
    "       it, and the others are marked as merged into it: they stay, as they were\n"
    "       created, and whoever asks for one is led to the one that was kept. A group\n"
    "       whose lines differ is left alone, as that may be two invoices: look at it,\n"
    "       and then say --take-lines, which moves the missing lines to the one that\n"
    "       is kept, and shows its total before and after. Each group is merged whole\n"
    "       or not at all; stopped or killed, the same command goes on. Run twice, it\n"
    "       changes nothing. Each merge has an id, mrg_7.\n"
    "    4. enforce says whether each rule holds without exception, and how many groups\n"
    "       still stand in its way.\n"
    "    5. undo mrg_7 takes one merge back: everything is as it was, and payments that\n"
    "       came since for a record that was merged are its own again. undo without an\n"
    "       id lists the merges that stand, and changes nothing.\n"
    "\n"
    "    For what comes, the rules hold always: no server lets a duplicate in.\n"
    "    The audit has an entry for each record that was merged, or came back.\n"
    "\n"
    "OPTIONS\n";

static const char CONCLUSION[] =
    "EXIT STATUS\n"
    "    0  done; for merge also where groups were left alone; for enforce: each rule\n"
    "       holds\n"
    "    1  failed or stopped; for enforce: groups stand in the way of a rule; for\n"
    "       undo: another merge must be undone first\n"
    "    2  the command line or the store was refused\n"
    "    4  for undo: there is no such merge\n"
    "\n"
    "EXAMPLES\n"
    "    " PROGRAM " import --store sqlite:invonce.db --tenant north old.jsonl\n"
    "    " PROGRAM " duplicates find --store sqlite:invonce.db --tenant north\n"
    "    " PROGRAM " duplicates merge --store sqlite:invonce.db --tenant north --dry-run\n"
    "    " PROGRAM " duplicates merge --store sqlite:invonce.db --tenant north\n"
    "    " PROGRAM " duplicates enforce --store sqlite:invonce.db --tenant north\n"
    "    " PROGRAM " duplicates undo --store sqlite:invonce.db --tenant north mrg_7\n"
    "\n"
    "SEE ALSO\n"
    "    " PROGRAM " import --help\n";

static bool read_verb(void)
{
    static const char *const NAMES[VERBS] = {"find", "merge", "enforce", "undo"};
    for (verb = 0; verb < VERBS; verb++) {
        if (operands[0] && strcmp(operands[0], NAMES[verb]) == 0) {
            return true;
        }
    }
    refuse("duplicates needs one of find, merge, enforce and undo; duplicates --help says more");
    return false;
}

/* What only some of the verbs take. */
static bool check_verb(void)
{
    if (verb != VERB_UNDO && operands[1]) {
        refuse("unexpected argument %s; --help shows how to call it", operands[1]);
        return false;
    }
    if (verb == VERB_UNDO && operands[1] && !id_parse(MERGE_PREFIX, operands[1], &merge)) {
        refuse("undo needs the id of a merge, such as " MERGE_PREFIX
               "7; without one it lists them");
        return false;
    }
    if (cleaning.take_lines && verb != VERB_MERGE && verb != VERB_FIND) {
        refuse("--take-lines is for merge and find");
        return false;
    }
    if (cleaning.task.dry_run && verb != VERB_MERGE && verb != VERB_UNDO) {
        refuse("--dry-run is for merge and undo: %s changes nothing", operands[0]);
        return false;
    }
    return true;
}

static bool check(void)
{
    return read_verb() && check_verb() && task_check(&cleaning.task);
}

static int run(void)
{
    switch (verb) {
    case VERB_FIND:
        return duplicates_find(&cleaning);
    case VERB_MERGE:
        return duplicates_merge(&cleaning);
    case VERB_ENFORCE:
        return duplicates_enforce(&cleaning);
    case VERB_UNDO:
        return operands[1] ? duplicates_undo(&cleaning, merge) : duplicates_undo_list(&cleaning);
    case VERBS:
        break;
    }
    return EXIT_FAILED;
}

const struct command duplicates_command = {
    .name = "duplicates",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .introduction = INTRODUCTION,
    .conclusion = CONCLUSION,
    .operands = operands,
    .operands_max = sizeof operands / sizeof operands[0],
    .check = check,
    .run = run,
};
