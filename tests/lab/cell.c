#include "tests/lab/cell.h"

#include "protocol/wire/clock.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>

#define LEASE_MS 30000 /* the server's default, and more than the scenarios' own */

static const char *kind_of(const struct scenario *scenario)
{
    return scenario->kind ? scenario->kind : "invoice";
}

static bool all_are_on(const struct cell *cell)
{
    return cell->layers == &LAYERS[LAYERS_COUNT - 1];
}

static long long number_for(const struct world *world, const char *query, const char *subject,
                            const char *kind)
{
    sqlite3_stmt *statement;
    sqlite3 *database = evidence_database(world->evidence);
    if (sqlite3_prepare_v2(database, query, -1, &statement, NULL) != SQLITE_OK)
        support_die("%s: %s", query, sqlite3_errmsg(database));
    sqlite3_bind_text(statement, 1, subject, -1, SQLITE_STATIC);
    if (kind) sqlite3_bind_text(statement, 2, kind, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) != SQLITE_ROW) support_die("%s", sqlite3_errmsg(database));
    long long number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static void name_trial(struct trial *trial, unsigned index)
{
    snprintf(trial->subject, sizeof trial->subject, "LAB-%u", index);
}

static void run_trial(struct cell *cell, struct world *world, unsigned seed, unsigned index)
{
    struct trial trial = {.world = world, .scenario = cell->scenario->name, .seed = seed + index};
    name_trial(&trial, index);
    trial.body = sample_body(trial.subject, NULL);
    cell->scenario->run(&trial);
    free(trial.body);
}

static void take_trial(struct cell *cell, struct world *world, unsigned seed, unsigned index)
{
    struct trial trial = {.world = world, .scenario = cell->scenario->name, .seed = seed + index};
    name_trial(&trial, index);
    long long made =
        number_for(world, "SELECT count(*) FROM records WHERE subject = ? AND kind = ?",
                   trial.subject, kind_of(cell->scenario));
    long long lies = number_for(world,
                                "SELECT count(*) FROM findings WHERE subject = ?"
                                " AND sort IN ('lost', 'lied_about', 'undecided')",
                                trial.subject, NULL);
    if (index == 0 || made < cell->least) cell->least = made;
    if (made > cell->most) cell->most = made;
    cell->true_trials += lies == 0;
    if (!all_are_on(cell) || (made == 1 && lies == 0)) return;
    char *command = trial_command(&trial);
    fprintf(stderr, "\n%s: %lld records, %lld findings; seed %u; again: %s\n",
            cell->scenario->title, made, lies, trial.seed, command);
    free(command);
}

void cell_run(struct cell *cell, unsigned seed,
              void (*done)(const struct cell *cell, unsigned trial))
{
    struct world world;
    long long start = support_now_ms();
    world_open(&world, cell->layers, cell->scenario->options);
    for (unsigned i = 0; i < cell->trials; i++) {
        run_trial(cell, &world, seed, i);
        if (done) done(cell, i + 1);
    }
    world_gather(&world);
    cell->counts = checker_judge(world.evidence, clock_now_ms(), LEASE_MS);
    cell->findings = checker_findings(world.evidence);
    for (unsigned i = 0; i < cell->trials; i++)
        take_trial(cell, &world, seed, i);
    if (all_are_on(cell)) checker_print(world.evidence, 3, stderr);
    world_close(&world);
    cell->seconds = (double)(support_now_ms() - start) / 1000;
}

const char *cell_complaint(const struct cell *cell)
{
    unsigned column = 1U << (cell->layers - LAYERS);
    bool predicted = (cell->scenario->duplicates & column) != 0;
    if (cell->trials == 0) return "it couldn't be carried out";
    if (cell->least < 1) return "something that was meant was never made";
    if (predicted && cell->most < 2) return "the duplicate that is predicted isn't seen";
    if (!predicted && cell->most > 1) return "there is a duplicate where none should be";
    if (!all_are_on(cell)) return NULL;
    if (cell->true_trials < cell->trials) return "somebody was told what isn't so";
    return cell->findings > 0 ? "the checker found something" : NULL;
}
