/* A module of the server's: what a text looks like, by ICU's spoof checker. */
#include <stdlib.h>
#include <unicode/ucasemap.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#define UNITS_MAX 1024 /* UTF-16, of a text and of all that is made of it */
#define BYTES_MAX (3 * UNITS_MAX + 1)

char *invonce_skeleton(const char *folded);

static USpoofChecker *checker;

/* Capital letters first: an i looks like an l only where both are large, and O like 0. What comes
 * of them is folded, as is what they are compared with. */
char *invonce_skeleton(const char *folded)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar typed[UNITS_MAX], large[UNITS_MAX], looks[UNITS_MAX];
    char *text = malloc(BYTES_MAX);
    int32_t length = 0;
    if (!checker) {
        checker = uspoof_open(&error);
    }
    u_strFromUTF8(typed, UNITS_MAX, &length, folded, -1, &error);
    length = u_strToUpper(large, UNITS_MAX, typed, length, "", &error);
    length = uspoof_getSkeleton(checker, 0, large, length, looks, UNITS_MAX, &error);
    length = u_strFoldCase(typed, UNITS_MAX, looks, length, U_FOLD_CASE_DEFAULT, &error);
    if (text) {
        u_strToUTF8(text, BYTES_MAX, &length, typed, length, &error);
    }
    if (!text || U_FAILURE(error) || length >= BYTES_MAX) {
        free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}
