/* SQLite may undo a transaction by itself, for want of memory or room. What comes after that isn't
 * kept either, until the transaction is ended. */
#include "mock_server/store/sqlite/sqlite_session.h"
#include "tests/support/rows.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_follows_an_undone_transaction_is_not_kept(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    struct store_audit_entry entry = entry_of("north", "k1");
    begin(fixture);
    assert_ok(store_audit_append(session, &entry));
    assert_true(sqlite_script(sqlite_session_of(session), "ROLLBACK")); /* as it does itself */
    assert_status(store_audit_append(session, &entry), STORE_FAILED);
    assert_false(store_commit(session));
    store_rollback(session);
    assert_int_equal(rows_number(fixture->place, "SELECT count(*) FROM audit"), 0);

    begin(fixture);
    assert_ok(store_audit_append(session, &entry));
    commit(fixture);
    assert_int_equal(rows_number(fixture->place, "SELECT count(*) FROM audit"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(what_follows_an_undone_transaction_is_not_kept)};
    return cmocka_run_group_tests_name("store_undone", tests, NULL, NULL);
}
