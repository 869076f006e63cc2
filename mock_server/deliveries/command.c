#include "mock_server/deliveries/command.h"

#include "mock_server/base/names.h"
#include "mock_server/deliveries/mending.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_ABSENT  4
#define OPERANDS_MAX 1000

static struct {
    const char *operands[OPERANDS_MAX]; /* what is to be done, and events */
    const char *tenant;
    bool json, all_parked;
} asked;

static const struct option_row OPTIONS[] = {
    {"store", "URL", take_store,
     "Where the records are kept: sqlite:FILE, or postgresql://...\n"
     "Default: the server's",
     NULL},
    {"tenant", "NAME", take_text, "Whose deliveries. Needed", &asked.tenant},
    {"all-parked", NULL, take_flag, "All that are parked, instead of those that are named.",
     &asked.all_parked},
    {"json", NULL, take_flag, "Print JSON, an object a line.", &asked.json},
};

static const char INTRODUCTION[] =
    "NAME\n"
    "    " PROGRAM " deliveries - what is told elsewhere, and isn't yet\n"
    "\n"
    "SYNOPSIS\n"
    "    " PROGRAM " deliveries list --store URL --tenant NAME\n"
    "    " PROGRAM " deliveries retry|discard --store URL --tenant NAME EVENT_ID...\n"
    "    " PROGRAM " deliveries retry|discard --store URL --tenant NAME --all-parked\n"
    "\n"
    "DESCRIPTION\n"
    "    A server with --deliver posts each event (a create, a merge) until it is\n"
    "    taken, and parks it when it wasn't for 72 hours. What was taken is gone from\n"
    "    here. Servers may run meanwhile; they see at once what is done here.\n"
    "\n"
    "    list     prints each that is on its way: waiting, being sent, or parked, the\n"
    "             attempts that failed, when the next one is, and what was wrong\n"
    "    retry    has it tried now, and for 72 hours more\n"
    "    discard  has it told to nobody any more, which the audit says. It can't be\n"
    "             undone; what follows of the same record goes on\n"
    "\n"
    "    An event of a record waits for those of it that came before, parked ones too.\n"
    "\n"
    "OPTIONS\n";

static const char CONCLUSION[] =
    "EXIT STATUS\n"
    "    0  done\n"
    "    1  failed, or one is being sent at this moment and stayed as it is\n"
    "    2  the command line or the store was refused\n"
    "    4  one that was named isn't on its way\n"
    "\n"
    "EXAMPLES\n"
    "    " PROGRAM " deliveries list --store sqlite:invonce.db --tenant north\n"
    "    " PROGRAM " deliveries retry --tenant north --all-parked\n";

static bool check(void)
{
    const char *what = asked.operands[0];
    bool lists = what && strcmp(what, "list") == 0;
    if (!lists && !(what && (strcmp(what, "retry") == 0 || strcmp(what, "discard") == 0))) {
        refuse("deliveries needs list, retry or discard; deliveries --help shows how to call it");
        return false;
    }
    if (!names_valid(asked.tenant)) {
        refuse(asked.tenant ? "--tenant: no tenant can be called that"
                            : "--tenant is needed: whose deliveries, as a token names a tenant");
        return false;
    }
    if (lists && (asked.operands[1] || asked.all_parked)) {
        refuse("deliveries list lists all of them");
        return false;
    }
    if (!lists && !asked.operands[1] == !asked.all_parked) {
        refuse("deliveries %s needs the ids of events, or else --all-parked", what);
        return false;
    }
    return true;
}

/* A file that isn't there would be made. */
static int open_store(struct store **store)
{
    char message[STORE_MESSAGE_MAX], *url = command_line_store();
    if (!url) {
        return EXIT_REFUSED;
    }
    int code = command_line_store_is_there(url) ? 0 : refuse("there is no store %s", url);
    if (code == 0 &&
        !(*store = store_open(url, &(struct store_options){.exists = true}, message))) {
        code = refuse("%s", message);
    }
    free(url);
    return code;
}

static bool carry_out(struct mending *mending)
{
    const char *what = asked.operands[0];
    size_t count = 0;
    while (1 + count < OPERANDS_MAX && asked.operands[1 + count]) {
        count++;
    }
    if (strcmp(what, "list") == 0) {
        return mending_list(mending);
    }
    enum mend mend = strcmp(what, "retry") == 0 ? MEND_RETRY : MEND_DISCARD;
    if (!mending_mend(mending, mend, asked.operands + 1, count)) {
        return false;
    }
    if (!asked.json && asked.all_parked) {
        printf("%lld %s\n", (long long)mending->done,
               mend == MEND_RETRY ? "tried again now" : "discarded");
    }
    return true;
}

static int run(void)
{
    struct mending mending = {.tenant = asked.tenant, .json = asked.json};
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk's */
    int code = open_store(&mending.store);
    if (code != 0) {
        return code;
    }
    bool ok = carry_out(&mending);
    store_close(mending.store);
    if (!ok) {
        refuse("the store failed: its log says why");
        return EXIT_FAILED;
    }
    return mending.some_absent ? EXIT_ABSENT : mending.some_under_way ? EXIT_FAILED : EXIT_SUCCESS;
}

const struct command deliveries_command = {
    .name = "deliveries",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .introduction = INTRODUCTION,
    .conclusion = CONCLUSION,
    .operands = asked.operands,
    .operands_max = OPERANDS_MAX,
    .check = check,
    .run = run,
};
