/* Mistakes that real servers make, planted to be noticed: crooked answers in the key policy. */
#ifndef INVONCE_MOCK_SERVER_FAULTS_BUGS_H
#define INVONCE_MOCK_SERVER_FAULTS_BUGS_H

#include <stdbool.h>

/* Plants the one of that name, in the place of another; before any thread starts. False: there is
 * no such. */
bool bugs_plant(const char *name);

bool bugs_are_planted(void);

#endif
