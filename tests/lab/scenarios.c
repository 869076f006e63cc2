#include "tests/lab/scenarios.h"

#include <string.h>

const struct scenario SCENARIOS[] = {
    {"enter-twice", "Enter twice", scenario_enter_twice, IN_NONE | IN_KEY},
    {"enter-and-button", "Enter, then the button", scenario_enter_and_button, IN_NONE | IN_KEY},
    {"refresh", "The created view, refreshed", scenario_refresh, IN_NONE},
    {"lost-reply", "The reply is lost", scenario_lost_reply, IN_NONE | IN_FORM},
    {"time-out", "A time-out; the server still commits", scenario_time_out, IN_NONE | IN_FORM,
     .options = {"--in-progress-wait", "100ms"}},
    {"same-key-at-once", "One key twice at one instant", scenario_same_key_at_once,
     IN_NONE | IN_FORM},
    {"key-expired", "Sent again after the key expired", scenario_key_expired, IN_NONE | IN_FORM,
     .options = {"--key-ttl", "1h"}},
    {"redelivery", "A webhook delivered again", scenario_redelivery,
     IN_NONE | IN_FORM | IN_CONSTRAINT, "payment"},
    {"client-killed", "The client killed mid-submit", scenario_client_killed,
     IN_NONE | IN_FORM | IN_KEY},
    {"server-killed-before", "The server killed before its commit", scenario_server_killed_before,
     0, .options = {"--lease", "200ms"}},
    {"server-killed-after", "The server killed after its commit", scenario_server_killed_after,
     IN_NONE | IN_FORM, .options = {"--lease", "200ms"}},
    {"two-terminals", "The same invoice in two terminals", scenario_two_terminals,
     IN_NONE | IN_FORM | IN_KEY},
};

const size_t SCENARIO_COUNT = sizeof SCENARIOS / sizeof *SCENARIOS;

const struct scenario *scenario_named(const char *name)
{
    for (size_t i = 0; i < SCENARIO_COUNT; i++)
        if (strcmp(SCENARIOS[i].name, name) == 0) return &SCENARIOS[i];
    return NULL;
}
