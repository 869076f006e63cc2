# The client's tests: they share samples and a scripted server.
pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl)
add_library(client-test-support STATIC
    client_call.c
    client_disk.c
    client_peer.c
    client_place.c
    client_sample.c
    client_stage.c
    client_terminal.c
    client_tls_peer.c)
target_link_libraries(client-test-support
    PUBLIC client test-support PkgConfig::SQLITE
    PRIVATE PkgConfig::SSL PkgConfig::CRYPTO)

foreach(name account courier courier_reply draft intent interrupted journal journal_log journal_trouble meanwhile outcome retry runs submission submitter
        trust whose)
    add_unit_test(client_${name}_test client-test-support)
endforeach()
target_link_libraries(client_courier_reply_test PRIVATE PkgConfig::CURL)
target_sources(client_intent_test PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/order.c)

# The journal on an SQLite whose calls can be made to fail.
foreach(name IN ITEMS calls whole words)
    add_unit_test(client_journal_${name}_test client-test-support)
    target_sources(client_journal_${name}_test PRIVATE failing_acts.c failing_sqlite.c)
    target_link_options(client_journal_${name}_test PRIVATE
        LINKER:--wrap=sqlite3_step,--wrap=sqlite3_prepare_v2,--wrap=sqlite3_prepare_v3,--wrap=sqlite3_exec
        LINKER:--wrap=sqlite3_errcode,--wrap=realloc,--wrap=strdup,--wrap=strndup)
endforeach()

add_unit_test(client_memory_test client-test-support PkgConfig::CURL)
starve(client_memory_test)
set_tests_properties(unit_client_memory_test PROPERTIES TIMEOUT ${hangs_after_s})

# Against the real server.
add_unit_test(client_faults_test client-test-support)
add_dependencies(client_faults_test invonce-mock-server)
set_tests_properties(unit_client_faults_test PROPERTIES TIMEOUT ${hangs_after_s})
