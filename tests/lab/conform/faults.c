#include "tests/lab/conform/faults.h"

#include "tests/lab/conform/api.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH        "/_mock/faults"
#define NO_RULES    "{\"rules\":[]}"
#define PUT_BACK_MS 5000 /* somebody waits at the terminal */

static bool put(const struct faults *faults, const char *rules, int64_t timeout_ms)
{
    struct http_reply reply = api_ask(faults->settings, "PUT", PATH, rules, timeout_ms);
    bool taken = reply.error == 0 && reply.status == 200;
    http_reply_clear(&reply);
    return taken;
}

/* As a run leaves them that was killed. */
static bool are_ours(const struct json *rules)
{
    static const char *const OURS[] = {FAULT_HOLD_FIRST, FAULT_HOLD_NEW, FAULT_FAIL_NEW};
    const char *rule = json_count(rules) == 1 ? json_string(json_first(rules)) : NULL;
    bool found = false;
    for (size_t i = 0; rule && i < sizeof OURS / sizeof *OURS; i++)
        found = found || strcmp(rule, OURS[i]) == 0;
    return found;
}

static void find_rules(struct faults *faults)
{
    struct http_reply reply = api_ask(faults->settings, NULL, PATH, NULL, 0);
    const struct json *rules = json_member(reply.json, "rules");
    bool has = reply.status == 200 && json_kind(rules) == JSON_ARRAY;
    if (has) faults->rules = support_format("%s", are_ours(rules) ? NO_RULES : reply.body);
    if (has && are_ours(rules)) put(faults, NO_RULES, 0);
    http_reply_clear(&reply);
}

/* With the lock. */
static bool put_back(const struct faults *faults)
{
    int64_t timeout_ms = faults->settings->timeout_ms;
    bool good = !faults->rules ||
                put(faults, faults->rules, timeout_ms < PUT_BACK_MS ? timeout_ms : PUT_BACK_MS);
    if (!good)
        fprintf(stderr,
                "invonce-lab conform: the server's fault rules couldn't be put back; they were "
                "%s\n",
                faults->rules);
    return good;
}

/* It keeps the lock, so that no case changes the rules after it. */
static void *watch(void *context)
{
    struct faults *faults = context;
    int signal = 0;
    while (sigwait(&faults->signals, &signal) != 0) {
    }
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_mutex_lock(&faults->lock);
    put_back(faults);
    _exit(128 + signal);
}

/* One that is ignored, as SIGHUP by nohup, stays so. */
static sigset_t signals_to_watch(void)
{
    static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t signals;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
        struct sigaction now;
        if (sigaction(SIGNALS[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaddset(&signals, SIGNALS[i]);
    }
    return signals;
}

void faults_open(struct faults *faults, const struct run_settings *settings)
{
    *faults = (struct faults){.settings = settings, .signals = signals_to_watch()};
    pthread_mutex_init(&faults->lock, NULL);
    find_rules(faults);
    if (pthread_sigmask(SIG_BLOCK, &faults->signals, NULL) != 0 ||
        pthread_create(&faults->watcher, NULL, watch, faults) != 0)
        support_die("no threads left");
}

bool faults_close(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    bool good = put_back(faults);
    pthread_mutex_unlock(&faults->lock);
    pthread_cancel(faults->watcher);
    pthread_join(faults->watcher, NULL);
    pthread_sigmask(SIG_UNBLOCK, &faults->signals, NULL);
    pthread_mutex_destroy(&faults->lock);
    free(faults->rules); /* until here, as a case or the watcher may look at them */
    faults->rules = NULL;
    return good;
}

bool faults_are_offered(const struct faults *faults)
{
    return faults->rules != NULL;
}

bool faults_set(struct faults *faults, const char *rule)
{
    char *rules = rule ? support_format("{\"rules\":[\"%s\"]}", rule) : NULL;
    pthread_mutex_lock(&faults->lock);
    bool taken = put(faults, rules ? rules : NO_RULES, 0);
    pthread_mutex_unlock(&faults->lock);
    free(rules);
    return taken;
}
