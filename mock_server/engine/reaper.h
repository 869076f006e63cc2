/* Turns the saved replies of keys past their lifetime into tombstones, a batch at a time. Nothing
 * depends on when it comes: lifetimes are judged by the clock. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_REAPER_H
#define INVONCE_MOCK_SERVER_ENGINE_REAPER_H

#include <stdbool.h>

/* After the timers and the writer. It ends with the timers. */
bool reaper_start(void);

#endif
