/* Records of another system, read from a file, duplicates and all. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_IMPORT_H
#define INVONCE_MOCK_SERVER_DUPLICATES_IMPORT_H

#include "mock_server/duplicates/source.h"
#include "mock_server/duplicates/task.h"

struct import {
    struct task task;
    const char *file;    /* "-": standard input */
    const char *source;  /* that their ids are of */
    const char *rejects; /* NULL: beside the file */
    struct source_form form;
};

/* The exit code. */
int import_run(struct import *import);

#endif
