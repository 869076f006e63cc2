/* What the flow's own files share: its slots, and what is told of them. */
#ifndef INVONCE_TUI_FLOW_INSIDE_H
#define INVONCE_TUI_FLOW_INSIDE_H

#include "tui/batch/flow.h"
#include "tui/batch/lineup.h"
#include "tui/batch/told.h"

struct slot {
    struct submitter *submitter;
    bool busy;
    bool postponed;     /* its number is that of another one under way here … */
    int64_t look_ms;    /* … or elsewhere: looked at again then; 0: not so */
    int64_t give_up_ms; /* the latest time for that */
    int64_t number;     /* in the lineup */
    int64_t run, position;
};

struct flow {
    const struct flow_options *options;
    const struct flow_source *source;
    struct slot *slots;
    size_t slot_count;
    struct journal_recording *recordings; /* room for one a slot … */
    struct slot **recorded;               /* … and for whose they are */
    size_t busy;                          /* slots */
    size_t first;                         /* the slot that is sent next, if it can be */
    struct lineup lineup;
    struct told told;
    bool dry; /* the source has no more */
    bool broken;
    bool shows; /* results and progress may share a terminal */
    int exit_code;
    char *sentence;
};

/* It can't go on. */
void flow_breaks(struct flow *flow, const char *sentence);

/* Puts a result in the lineup. `text` is owned from here on; NULL: out of memory. `key` is of the
 * settled intent that it tells of, "" of none. */
void flow_tell(struct flow *flow, int64_t number, enum result_outcome outcome, char *text,
               const char *key);

void flow_free_slot(struct flow *flow, struct slot *slot);

/* Records all that is to be recorded; what can't be is told, or waits. */
void flow_record(struct flow *flow);

#endif
