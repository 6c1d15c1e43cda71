# Which code of others is built in? The C libraries as targets corsac_dep::<name>, compiled from the
# sources that scripts/setup/sources.mjs keeps outside the clone, for whatever the preset targets.

# Asked anew at each configuration: the folder is named after what it holds.
unset(CORSAC_SOURCES CACHE)
set(CORSAC_SOURCES "$ENV{CORSAC_SOURCES}")
if(NOT CORSAC_SOURCES)
  execute_process(COMMAND node ${PROJECT_SOURCE_DIR}/scripts/setup/sources.mjs
    OUTPUT_VARIABLE CORSAC_SOURCES OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()

# corsac_add_dependency(<name> INCLUDE <folder>... [DEFINES <define>...] [SOURCES <pattern>...])
# Their warnings are not ours to mend: -w, and headers as system headers. In the wasm they are
# compiled for size.
function(corsac_add_dependency name)
  cmake_parse_arguments(DEP "" "" "INCLUDE;DEFINES;SOURCES" ${ARGN})
  list(TRANSFORM DEP_INCLUDE PREPEND ${CORSAC_SOURCES}/${name}/)
  list(TRANSFORM DEP_SOURCES PREPEND ${CORSAC_SOURCES}/${name}/)
  set(target corsac_dep_${name})
  if(DEP_SOURCES)
    file(GLOB sources ${DEP_SOURCES})
    add_library(${target} STATIC ${sources})
    target_compile_options(${target} PRIVATE -w -ffp-contract=off -fno-sanitize=undefined
      $<$<BOOL:${EMSCRIPTEN}>:-Os>)
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} SYSTEM ${scope} ${DEP_INCLUDE})
  target_compile_definitions(${target} ${scope} ${DEP_DEFINES})
  add_library(corsac_dep::${name} ALIAS ${target})
endfunction()

# Of the zstd encoder only the fastest strategy, which every level then means.
corsac_add_dependency(zstd INCLUDE .
  SOURCES common/*.c compress/*.c decompress/*.c
  DEFINES ZSTD_NO_INLINE=1 ZSTD_STRIP_ERROR_STRINGS=1 HUF_FORCE_DECOMPRESS_X1=1 ZSTD_FORCE_DECOMPRESS_SEQUENCES_SHORT=1
    ZSTD_MULTITHREAD=0 ZSTD_DISABLE_ASM=1 ZSTD_LEGACY_SUPPORT=0 XXH_NAMESPACE=ZSTD_
    ZSTD_EXCLUDE_DFAST_BLOCK_COMPRESSOR ZSTD_EXCLUDE_GREEDY_BLOCK_COMPRESSOR ZSTD_EXCLUDE_LAZY_BLOCK_COMPRESSOR
    ZSTD_EXCLUDE_LAZY2_BLOCK_COMPRESSOR ZSTD_EXCLUDE_BTLAZY2_BLOCK_COMPRESSOR ZSTD_EXCLUDE_BTOPT_BLOCK_COMPRESSOR
    ZSTD_EXCLUDE_BTULTRA_BLOCK_COMPRESSOR)
corsac_add_dependency(lz4 INCLUDE . SOURCES lz4.c lz4hc.c)
corsac_add_dependency(zlib INCLUDE .
  SOURCES adler32.c compress.c crc32.c deflate.c inffast.c inflate.c inftrees.c trees.c uncompr.c zutil.c)

corsac_add_dependency(xxhash INCLUDE .)

# English is not among these: src/text/english_stemmer.cpp follows a newer Snowball. The wasm core links none of them
# (bindings/wasm/snowball.cpp).
set(languages
  arabic armenian basque catalan danish dutch finnish french german greek hindi hungarian indonesian irish
  italian lithuanian nepali norwegian portuguese romanian russian serbian spanish swedish tamil turkish yiddish)
set(STEMMER_INCLUDES "")
set(STEMMER_ROWS "")
set(STEMMER_NAMES "")
foreach(language IN LISTS languages)
  string(APPEND STEMMER_INCLUDES "#include \"src_c/stem_UTF_8_${language}.h\"\n")
  string(APPEND STEMMER_ROWS "  {\"${language}\", ENC_UTF_8, ${language}_UTF_8_create_env, "
    "${language}_UTF_8_close_env, ${language}_UTF_8_stem},\n")
  string(APPEND STEMMER_NAMES "  \"${language}\",\n")
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/stemmer_modules.h.in ${PROJECT_BINARY_DIR}/stemmer/modules_utf8.h @ONLY)
list(TRANSFORM languages REPLACE "(.+)" "src_c/stem_UTF_8_\\1.c" OUTPUT_VARIABLE language_sources)
corsac_add_dependency(stemmer INCLUDE include
  SOURCES libstemmer/libstemmer_utf8.c runtime/*.c ${language_sources})
target_include_directories(corsac_dep_stemmer PRIVATE
  ${PROJECT_BINARY_DIR}/stemmer ${CORSAC_SOURCES}/stemmer)

if(CORSAC_TESTS)
  corsac_add_dependency(googletest INCLUDE include SOURCES src/gtest-all.cc src/gtest_main.cc
    DEFINES GTEST_HAS_EXCEPTIONS=0 GTEST_HAS_PTHREAD=0)
  target_include_directories(corsac_dep_googletest PRIVATE ${CORSAC_SOURCES}/googletest)
  target_compile_options(corsac_dep_googletest PRIVATE -fno-exceptions)
  target_compile_features(corsac_dep_googletest PUBLIC cxx_std_20)
  add_library(corsac_dep::gtest ALIAS corsac_dep_googletest)
endif()
