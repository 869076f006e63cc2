/* Who is told of each create (--deliver), and often fails at it. What is taken goes into the
 * evidence. */
#ifndef INVONCE_TESTS_LAB_SOAK_RECEIVER_H
#define INVONCE_TESTS_LAB_SOAK_RECEIVER_H

#include "tests/lab/soak/message.h"
#include "tests/lab/soak/soak.h"

struct receiver {
    struct soak *soak;
    struct listener listener;
    char url[64];
    atomic_llong taken;
};

void receiver_start(struct receiver *receiver, struct soak *soak);
void receiver_stop(struct receiver *receiver);

#endif
