# The client's tests: they share samples and a scripted server.
add_library(client-test-support STATIC client_disk.c client_peer.c client_sample.c)
target_link_libraries(client-test-support PUBLIC client test-support PkgConfig::SQLITE)

foreach(name courier intent journal outcome retry submission submitter)
    add_unit_test(client_${name}_test client-test-support)
endforeach()
