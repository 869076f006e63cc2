#include "mock_server/duplicates/import.h"

#include "mock_server/base/settings.h"
#include "mock_server/duplicates/import_write.h"
#include "mock_server/duplicates/progress.h"
#include "mock_server/duplicates/rejects.h"
#include "mock_server/duplicates/scratch.h"
#include "protocol/wire/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNLIKE_TOLD_MAX 20

struct course {
    const struct import *import;
    struct legacy_defaults defaults;
    char *endpoint; /* that the records' keys are claimed for */
    struct source source;
    struct rejects rejects;
    struct scratch scratch;
    sqlite3_stmt *count_equal;
    int64_t expires_at;
    int64_t imported, known, standing, payments, known_paid;
    int64_t unlike;      /* records with a payment that was left out for one of another amount */
    const char *trouble; /* that ends it; "": a sentence was written */
};

/* --- what came of each --- */

static void tell_unlike(struct course *course, const struct import_job *job)
{
    course->unlike++;
    if (course->unlike <= UNLIKE_TOLD_MAX) {
        progress_clear();
        fprintf(stderr,
                "%s:%zu: Payment %zu was left out: its provider and event_id are those of another "
                "amount.\n",
                course->rejects.input, job->line, job->unlike);
    }
}

static void told(void *context, struct errand *errand)
{
    struct course *course = context;
    struct import_job *job = (struct import_job *)errand;
    if (errand->end == WRITER_KEPT) {
        course->imported += !job->known;
        course->known += job->known;
        course->standing += job->stands > 0;
        course->payments += job->payments;
        course->known_paid += job->known_paid;
        if (job->unlike) {
            tell_unlike(course, job);
        }
    } else if (!course->trouble) {
        course->trouble = errand->end == WRITER_AWAY ? "the store can't be reached"
                                                     : "the store took no more; it said why";
    }
    import_job_free(job);
}

/* How many equal ones came before. */
static bool count_equal(struct course *course, struct import_job *job)
{
    bool failed = false;
    sqlite3_bind_text(course->count_equal, 1, job->legacy->fingerprint, -1, SQLITE_STATIC);
    if (scratch_step(&course->scratch, course->count_equal, &failed)) {
        job->times = sqlite3_column_int64(course->count_equal, 0);
    }
    sqlite3_reset(course->count_equal);
    return !failed;
}

static void send(struct course *course, struct legacy *legacy, size_t line)
{
    struct import_job *job = import_job_new(legacy);
    if (!job) {
        legacy_free(legacy);
        course->trouble = "out of memory";
        return;
    }
    job->line = line;
    job->tenant = course->import->task.tenant;
    job->user = course->import->task.by;
    job->endpoint = course->endpoint;
    job->expires_at = course->expires_at;
    if (!count_equal(course, job)) {
        import_job_free(job);
        course->trouble = "";
    } else if (course->import->task.dry_run) {
        course->imported++;
        course->payments += (int64_t)legacy->payment_count;
        import_job_free(job);
    } else {
        pipeline_send(&job->errand);
    }
}

static void reject(struct course *course, const struct source_item *item, const char *reason)
{
    if (course->source.csv) {
        course->rejects.header = resource_csv_header(course->source.csv);
    }
    rejects_add(&course->rejects, item, reason);
    if (course->rejects.failed) {
        course->trouble = "";
    }
}

static void take_item(void *context, struct source_item *item)
{
    struct course *course = context;
    struct buffer reason = {0};
    struct legacy *legacy = NULL;
    if (course->trouble) {
        json_free(item->json);
        return;
    }
    if (item->json) {
        legacy = legacy_read(&course->import->task.kept, item->json, &course->defaults, &reason);
    } else {
        buffer_text(&reason, item->problem);
    }
    buffer_append(&reason, "", 1);
    if (legacy) {
        send(course, legacy, item->line);
    } else if (reason.failed || reason.bytes[0] == '\0') {
        course->trouble = "out of memory";
    } else {
        reject(course, item, reason.bytes);
    }
    buffer_clear(&reason);
    progress_tell(course->imported + course->known + course->rejects.count, course->source.position,
                  course->source.size);
}

/* --- the whole --- */

static void tell_end(const struct course *course, enum source_end end)
{
    double seconds = progress_seconds();
    int64_t count = course->imported + course->known + course->rejects.count;
    if (course->import->task.json) {
        printf("{\"imported\":%lld,\"known\":%lld,\"rejected\":%lld,\"standing\":%lld,"
               "\"payments\":%lld,\"known_payments\":%lld,\"unlike\":%lld,\"complete\":%s,"
               "\"seconds\":%.3f}\n",
               (long long)course->imported, (long long)course->known,
               (long long)course->rejects.count, (long long)course->standing,
               (long long)course->payments, (long long)course->known_paid,
               (long long)course->unlike, end == SOURCE_DONE && !course->trouble ? "true" : "false",
               seconds);
        return;
    }
    printf("%s%lld imported, with %lld payment%s; %lld there already; %lld rejected; "
           "%.0f records a second\n",
           course->import->task.dry_run ? "would be: " : "", (long long)course->imported,
           (long long)course->payments, course->payments == 1 ? "" : "s", (long long)course->known,
           (long long)course->rejects.count, seconds > 0 ? (double)count / seconds : 0);
    if (course->known_paid > 0) {
        printf("payments more that were there already, by the ids of their events: %lld\n",
               (long long)course->known_paid);
    }
    if (course->unlike > 0) {
        printf("records with a payment that was left out, as its event's id is of another amount: "
               "%lld\n",
               (long long)course->unlike);
    }
    if (course->standing > 0) {
        printf("of them %lld share what must be unique with others: see duplicates find\n",
               (long long)course->standing);
    }
}

static int tell_trouble(struct course *course, enum source_end end)
{
    const char *name = course->import->file;
    if (course->trouble && course->trouble[0]) {
        refuse("%s: %s", name, course->trouble);
    } else if (!course->trouble && end == SOURCE_FAILED) {
        refuse("%s: %s", name, course->source.problem);
    }
    if (course->trouble || end != SOURCE_DONE) {
        fprintf(stderr, "%s: not all of it was read; the same command goes on where it was\n",
                name);
        return EXIT_FAILED;
    }
    return course->rejects.count > 0 || course->unlike > 0 ? EXIT_SOME_REJECTED : EXIT_SUCCESS;
}

static int read_all(struct course *course)
{
    const struct import *import = course->import;
    progress_start("records");
    enum source_end end =
        source_read(&course->source, import->task.kept.resource, &import->form, take_item, course);
    if (!import->task.dry_run) {
        pipeline_drain();
    }
    progress_clear();
    if (!rejects_close(&course->rejects) && !course->trouble) {
        course->trouble = "";
    }
    tell_end(course, end);
    return tell_trouble(course, end);
}

static bool prepare(struct course *course)
{
    if (!scratch_open(&course->scratch,
                      "CREATE TABLE seen (fingerprint TEXT PRIMARY KEY, times INTEGER NOT NULL)"
                      " WITHOUT ROWID")) {
        return false;
    }
    course->count_equal =
        scratch_prepare(&course->scratch, "INSERT INTO seen VALUES (?1, 0) ON CONFLICT DO UPDATE"
                                          " SET times = times + 1 RETURNING times");
    return course->count_equal != NULL;
}

/* With the store open, unless nothing is to be written. */
static int run_course(struct course *course)
{
    struct store *store = course->import->task.store;
    int code = EXIT_FAILED;
    bool ready = prepare(course);
    if (ready && store && !pipeline_start(store, told, course)) {
        refuse("the store cannot be written to");
    } else if (ready) {
        code = read_all(course);
        if (store) {
            pipeline_stop();
        }
    }
    sqlite3_finalize(course->count_equal);
    scratch_close(&course->scratch);
    return code;
}

static int open_and_run(struct import *import, struct course *course)
{
    if (!source_open(&course->source, import->file)) {
        return refuse("%s: %s", import->file, strerror(errno));
    }
    int code = 0;
    if (source_is(&course->source, course->rejects.path)) {
        code = refuse("--rejects: %s is the file that is read; name another", course->rejects.path);
    } else if (!import->task.dry_run) {
        code = task_start(&import->task, false);
    }
    if (code == 0) {
        code = run_course(course);
        task_end(&import->task);
    }
    source_close(&course->source);
    return code;
}

int import_run(struct import *import)
{
    bool piped = strcmp(import->file, "-") == 0;
    char *rejects = NULL;
    struct course course = {
        .import = import,
        .defaults = {import->source, import->task.by, clock_now_ms()},
        .rejects = {.input = piped ? "standard input" : import->file, .path = import->rejects},
    };
    course.expires_at = course.defaults.now + settings.key_ttl_ms;
    if (!import->rejects &&
        asprintf(&rejects, "%s.rejects", piped ? "import" : import->file) >= 0) {
        course.rejects.path = rejects;
    }
    int code = EXIT_FAILED;
    if (course.rejects.path && asprintf(&course.endpoint, "import %s %s",
                                        import->task.kept.resource->name, import->source) >= 0) {
        code = open_and_run(import, &course);
    } else {
        refuse("out of memory");
    }
    free(course.endpoint);
    free(rejects);
    return code;
}
