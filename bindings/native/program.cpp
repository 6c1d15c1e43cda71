// corsac_files home FOLDER | corsac_files store FOLDER: a home or a store for another program.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "native/home_server.h"
#include "native/store_questions.h"

namespace {

using corsac::native::FileStore;

void say(const std::string& line) {
  fwrite(line.data(), 1, line.size(), stdout);
  fputc('\n', stdout);
  fflush(stdout);
}

int serve_store(const std::string& folder) {
  auto store = FileStore::open(folder);
  if (!store) {
    fprintf(stderr, "%s: %s\n", std::string(store.error().code).c_str(),
            store.error().message.c_str());
    return 1;
  }
  char* line = nullptr;
  size_t room = 0;
  for (ssize_t length; (length = getline(&line, &room, stdin)) > 0;)
    say(answer_question(**store, std::string_view(line, static_cast<size_t>(length))));
  free(line);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count == 3 ? arguments[1] : "";
  if (what == "home") return corsac::native::serve_home(arguments[2], STDIN_FILENO, STDOUT_FILENO);
  if (what == "store") return serve_store(arguments[2]);
  fprintf(stderr, "usage: corsac_files home|store FOLDER\n");
  return 2;
}
