/* What came of the cases, for people as it comes, and for programs at the end. */
#ifndef INVONCE_TESTS_LAB_CONFORM_REPORT_H
#define INVONCE_TESTS_LAB_CONFORM_REPORT_H

#include "tests/lab/conform/cases.h"

#include <stdbool.h>

struct report {
    bool is_json;
    struct json *cases;
    unsigned passed, failed, not_offered;
    int error; /* errno of what couldn't be written; 0: all of it was */
};

void report_begin(struct report *report, const struct run *run, bool is_json);

/* The case that has just been run; what the run remembers of it goes into the report. */
void report_add(struct report *report, struct run *run, const struct conform_case *tried);

void report_end(struct report *report, const struct run *run);

/* What was printed up to now goes out. errno, or 0. */
int report_flush(void);

#endif
