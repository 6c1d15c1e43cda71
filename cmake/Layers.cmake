# What is a layer? A folder of src/ that becomes one library, corsac_<name>, and one test program.

# Flags of everything written here. No contraction and no exceptions, so that native and wasm
# builds compute the same bits and the wasm stays small.
add_library(corsac_flags INTERFACE)
target_compile_features(corsac_flags INTERFACE cxx_std_20)
target_compile_options(corsac_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -fno-exceptions -ffp-contract=off)
target_include_directories(corsac_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)

# In the wasm math is compiled for speed, what calls it in loops nearly so, and the rest, which runs
# once per call, for size.
set(CORSAC_WASM_LEVEL_math -O3)
set(CORSAC_WASM_LEVEL_codec -O2)
set(CORSAC_WASM_LEVEL_index -O2)

# add_layer(<name> [DEPENDS <layer>...] [LIBRARIES <target>...])
function(add_layer name)
  cmake_parse_arguments(LAYER "" "" "DEPENDS;LIBRARIES" ${ARGN})
  list(TRANSFORM LAYER_DEPENDS PREPEND corsac_)
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  if(NOT IS_DIRECTORY ${folder})
    message(WARNING "src/${name} does not exist: the layer is empty")
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  set(scope PUBLIC)
  if(sources)
    add_library(corsac_${name} STATIC ${sources})
    if(EMSCRIPTEN)
      set(level ${CORSAC_WASM_LEVEL_${name}} -Oz)
      list(GET level 0 level)
      target_compile_options(corsac_${name} PRIVATE ${level})
    endif()
  else()
    add_library(corsac_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(corsac_${name} ${scope} corsac_flags ${LAYER_DEPENDS} ${LAYER_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY corsac_layers ${name})
endfunction()

# add_layer_tests(<name>): tests-cpp/<name>/*_test.cpp as the program corsac_<name>_tests; those of
# threads, thread_*_test.cpp, where there are threads.
function(add_layer_tests name)
  set(folder ${PROJECT_SOURCE_DIR}/tests-cpp/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*_test.cpp)
  if(NOT TARGET corsac_threads)
    list(FILTER sources EXCLUDE REGEX "/thread_[a-z]+_test.cpp$")
  endif()
  if(NOT sources)
    return()
  endif()
  set(program corsac_${name}_tests)
  add_executable(${program} ${sources})
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/tests-cpp)
  target_link_libraries(${program} PRIVATE corsac_${name} corsac_test_support)
  add_test(NAME ${program} COMMAND ${program})
  set_tests_properties(${program} PROPERTIES TIMEOUT 900)
endfunction()
