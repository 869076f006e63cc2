# What is installed beside a program: its manual page, and completion in three shells.
set(INVONCE_ZSH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING
    "Where zsh's completions go; Debian's packages have them in share/zsh/vendor-completions")
find_program(SCDOC scdoc)
find_program(GZIP gzip)
if(NOT SCDOC OR NOT GZIP)
    message(NOTICE "scdoc or gzip is not installed: there will be no man pages")
endif()

# Makes and installs man/NAME.1.scd of the calling directory.
function(add_manual name)
    if(NOT SCDOC OR NOT GZIP)
        return()
    endif()
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.1.scd)
    set(page ${CMAKE_CURRENT_BINARY_DIR}/${name}.1)
    configure_file(man/${name}.1.scd ${source} @ONLY)
    add_custom_command(OUTPUT ${page}.gz
        COMMAND ${SCDOC} < ${source} > ${page}
        COMMAND ${GZIP} -9nf ${page}
        DEPENDS ${source} VERBATIM)
    add_custom_target(${name}-manual ALL DEPENDS ${page}.gz)
    install(FILES ${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endfunction()

# Installs completions/NAME.{bash,zsh,fish} of the calling directory.
function(add_completions name)
    install(FILES completions/${name}.bash RENAME ${name}
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES completions/${name}.zsh RENAME _${name} DESTINATION ${INVONCE_ZSH_COMPLETIONS})
    install(FILES completions/${name}.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endfunction()
