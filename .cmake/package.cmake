# The documents, and the Debian package: cpack makes it from what cmake --install installs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Invonce authors <maintainers@invonce.example>")
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/permissions.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS postgresql)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "enter each invoice exactly once, in a terminal
Invonce is a form for entering invoices that cannot be entered twice: press
Enter five times, lose the server's reply, or kill the program half-way, and
there is still exactly one invoice, and the screen says so.
.
The package holds the form and its commands for files of records (invonce),
and a server to try them against (invonce-mock-server): a real HTTP server on
SQLite or PostgreSQL that can lose replies, stall and crash on request.")
include(CPack)

install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES protocol/RULES.md protocol/openapi.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR}/protocol)

# LICENSE, as Debian writes it: continuation lines are indented, empty ones hold a dot.
file(READ LICENSE license)
string(REGEX MATCH "Copyright \\(c\\) ([^\n]*)" ignored "${license}")
set(COPYRIGHT_HOLDER "${CMAKE_MATCH_1}")
string(REGEX REPLACE "^.*Copyright[^\n]*\n+" "" license "${license}")
string(REGEX REPLACE "\n$" "" license "${license}")
string(REPLACE "\n" "\n " license "${license}")
string(REPLACE "\n \n" "\n .\n" LICENSE_TEXT "${license}")
configure_file(.cmake/copyright.in ${CMAKE_BINARY_DIR}/copyright @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS LICENSE)

if(GZIP)
    string(TIMESTAMP CHANGELOG_DATE "%a, %d %b %Y 00:00:00 +0000" UTC)
    configure_file(.cmake/changelog.in ${CMAKE_BINARY_DIR}/changelog @ONLY)
    add_custom_command(OUTPUT changelog.gz
        COMMAND ${GZIP} -9nfk changelog DEPENDS ${CMAKE_BINARY_DIR}/changelog VERBATIM)
    add_custom_target(changelog-compressed ALL DEPENDS ${CMAKE_BINARY_DIR}/changelog.gz)
    install(FILES ${CMAKE_BINARY_DIR}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
