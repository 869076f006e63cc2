#include "protocol/client/journal/lease.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#define DRAWS_MAX 8

static int64_t draw_owner(void)
{
    int64_t number = 0;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) return 0;
    return number & (INT64_MAX >> 1);
}

/* Locks of the open file description (not the process): closing another descriptor of the same file
 * doesn't drop them, and two leases within a process are two. */
static struct flock byte_of(int64_t owner)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = owner, .l_len = 1};
}

bool lease_take(struct lease *lease, const char *path)
{
    *lease = (struct lease){.file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (lease->file < 0) return false;
    for (int i = 0; i < DRAWS_MAX; i++) {
        lease->owner = draw_owner();
        struct flock lock = byte_of(lease->owner);
        if (lease->owner > 0 && fcntl(lease->file, F_OFD_SETLK, &lock) == 0) return true;
    }
    int error = errno == EACCES ? EAGAIN : errno; /* as POSIX allows to say it */
    lease_release(lease);
    errno = error;
    return false;
}

void lease_release(struct lease *lease)
{
    if (lease->file >= 0) close(lease->file);
    *lease = (struct lease){.file = -1};
}

bool lease_is_held(const struct lease *lease, int64_t owner)
{
    assert(lease->file >= 0);
    if (owner <= 0) return false;
    if (owner == lease->owner) return true;
    struct flock lock = byte_of(owner);
    return fcntl(lease->file, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}
