/* Follows the server's audit as it grows, over the form's own courier; comes back after a break
 * where it was. */
#ifndef INVONCE_TUI_AUDIT_FEED_H
#define INVONCE_TUI_AUDIT_FEED_H

#include "protocol/client/courier/courier.h"
#include "tui/demo/audit.h"
#include "tui/demo/event_stream.h"

struct audit_feed {
    struct courier *courier;
    struct courier_call *call; /* the stream; NULL: to be opened at due_ms */
    struct event_stream stream;
    struct audit *audit; /* told of each entry */
    int64_t due_ms;
    bool lost; /* no stream: it couldn't be opened, or ended */
    bool news; /* since it was last taken back */
};

void audit_feed_start(struct audit_feed *feed, struct courier *courier, struct audit *audit);
void audit_feed_stop(struct audit_feed *feed);

/* Opens the stream when that is due. */
void audit_feed_advance(struct audit_feed *feed, int64_t now_ms);

#endif
