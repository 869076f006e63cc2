/* What the two sides of a replay have in common. */
#ifndef INVONCE_TESTS_MODEL_REPLAY_H
#define INVONCE_TESTS_MODEL_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

/* As the model numbers them. */
enum scenario { ALONE, REFUSED, SAME, OTHER_BODY, SAME_NUMBER };

int replay_key(enum scenario scenario, int request);
int replay_body(enum scenario scenario, int request);

/* The text of a key, and of a body (the caller's to free). */
const char *replay_key_text(int key);
char *replay_body_text(enum scenario scenario, int body);

/* An answer on the wire; status 0: none. */
struct answer {
    int status;
    const char *media_type; /* static */
    bool replayed;
    char *body; /* owned */
    size_t length;
};

void answer_clear(struct answer *answer);

#endif
