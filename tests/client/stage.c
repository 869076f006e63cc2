#include "tests/client/stage.h"

#include <stdlib.h>

int stage_set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage || !mock_start(&stage->mock, NULL)) return -1;
    room_open(&stage->room, stage->mock.url, NULL);
    *state = stage;
    return 0;
}

int stage_tear_down(void **state)
{
    struct stage *stage = *state;
    room_clear(&stage->room);
    mock_clear(&stage->mock);
    free(stage);
    return 0;
}
