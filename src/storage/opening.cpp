// Opening: recovery without the collection, then the collection loaded from its sections and
// brought up to date by the log.
#include <cassert>

#include "storage/durable_state.h"

namespace corsac::storage {

struct Opening::State {
  CatalogEntry entry;
  LogIdentity identity;
  DurableOptions options;
  Recovery recovery;

  std::unique_ptr<DurableCollection::State> opened;
  std::optional<Error> error;
  std::vector<LoggedOperation> operations;
  std::size_t next_operation = 0;
  bool applying = false;
  bool loaded = false;
  OpenReport report;

  void load();
  Status load_collection(Recovered& recovered);
  Status replay_next();
  bool replay(Budget& budget);
};

Opening::Opening(const CatalogEntry& entry, const Uuid& store, std::uint64_t epoch,
                 const DurableOptions& options, const Uuid& entropy, RootPair roots,
                 std::vector<BlobInfo> blobs)
    : state_(new State{
          .entry = entry,
          .identity = {.store = store, .collection = entry.id, .epoch = epoch, .entropy = entropy},
          .options = options,
          .recovery = Recovery(entry.id, store, std::move(roots), blobs),
          .opened = {},
          .error = {},
          .operations = {},
          .report = {}}) {}

Opening::~Opening() = default;
Opening::Opening(Opening&&) noexcept = default;
Opening& Opening::operator=(Opening&&) noexcept = default;

std::optional<ReadRequest> Opening::next() {
  return state_->loaded ? std::nullopt : state_->recovery.next();
}

void Opening::supply(ByteView bytes) { state_->recovery.supply(bytes); }
void Opening::supply_missing() { state_->recovery.supply_missing(); }
const OpenReport& Opening::report() const noexcept { return state_->report; }

double Opening::progress() const noexcept {
  if (!state_->loaded) return state_->recovery.progress() / 2;
  if (state_->operations.empty()) return 1;
  return 0.5 + 0.5 * static_cast<double>(state_->next_operation) /
                   static_cast<double>(state_->operations.size());
}

Status Opening::State::load_collection(Recovered& recovered) {
  Result<collection::CollectionOptions> asked = collection::parse_options(entry.options_json);
  if (!asked) return asked.error();
  Result<ClientTable> clients = ClientTable::decode(recovered.source.section(SectionId::Clients));
  if (!clients) return clients.error();
  const bool empty = recovered.snapshot.blobs.empty();
  Result<collection::Collection> made =
      empty ? collection::Collection::create(*asked)
            : collection::Collection::load(*asked, recovered.source);
  if (!made) return made.error();
  for (const LoggedOperation& operation : recovered.log.operations)
    clients->record(operation.client, operation.number);
  operations = std::move(recovered.log.operations);
  report = recovered.report;
  report.replayed = operations.size();
  opened.reset(new DurableCollection::State{
      .options = options,
      .collection = *std::move(made),
      .journal = Journal(identity, options, std::move(recovered), *std::move(clients)),
      .waiting = {},
      .report = {}});
  return Done{};
}

void Opening::State::load() {
  loaded = true;
  Result<Recovered> recovered = std::move(recovery).finish();
  if (!recovered) {
    error = recovered.error();
    return;
  }
  if (const Status done = load_collection(*recovered); !done) error = done.error();
}

// What the log holds was valid when it was written; it is validated again because bytes are never
// trusted.
Status Opening::State::replay_next() {
  LoggedOperation& logged = operations[next_operation];
  collection::Collection& into = opened->collection;
  const Result<collection::Operation> operation =
      collection::decode_operation(logged.bytes, into.options().dimension);
  const auto refused = [&](const Error& why) {
    return Error{ErrorCode::Corrupt, "logged operation " + std::to_string(logged.sequence) +
                                         " cannot be applied: " + why.message};
  };
  if (!operation) return refused(operation.error());
  if (operation->kind == collection::OperationKind::Maintain) {
    ++next_operation;
    return Done{};
  }
  if (const Status valid = into.validate(*operation); !valid) return refused(valid.error());
  into.begin_apply(std::move(logged.bytes));
  applying = true;
  return Done{};
}

bool Opening::State::replay(Budget& budget) {
  do {
    if (!applying) {
      if (error || next_operation == operations.size()) return true;
      if (const Status begun = replay_next(); !begun) error = begun.error();
    } else if (opened->collection.step(budget)) {
      opened->count(opened->collection.last_affected());
      applying = false;
      ++next_operation;
    }
  } while (!budget.spent());
  return error.has_value() || (!applying && next_operation == operations.size());
}

bool Opening::step(Budget& budget) {
  assert(!next());
  if (!state_->loaded) state_->load();
  return state_->replay(budget);
}

Result<std::unique_ptr<DurableCollection>> Opening::finish() {
  for (Budget all; !step(all);) all = {};
  if (state_->error) return *state_->error;
  state_->opened->report = state_->report;
  return std::unique_ptr<DurableCollection>(new DurableCollection(std::move(state_->opened)));
}

}  // namespace corsac::storage
