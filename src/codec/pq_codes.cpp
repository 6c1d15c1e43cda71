#include "codec/pq_codes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

#include "base/checksum.h"
#include "codec/k_means.h"
#include "codec/query_values.h"
#include "math/normalise.h"
#include "math/touch.h"

namespace corsac::codec {
namespace {

Error corrupt(const std::string& what) {
  return {ErrorCode::Corrupt, "product quantised codes: " + what};
}

/// Copies a section of floats. False when one is no number.
bool read_floats(ByteView bytes, math::AlignedVector<float>& out) {
  out.resize(bytes.size() / sizeof(float));
  if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return std::all_of(out.begin(), out.end(), [](float x) { return std::isfinite(x); });
}

}  // namespace

/// The rows to learn from, and how far it has come.
struct PqCodes::Learning {
  std::vector<float> rows;
  math::AlignedVector<float> book;
  std::size_t piece = 0;
  std::unique_ptr<KMeans> means;  // of this piece
};

PqCodes::PqCodes(PqCodes&& other) noexcept = default;
PqCodes::~PqCodes() = default;

PqCodes::PqCodes(Metric metric, std::size_t dimension, const PqShape& shape, std::uint64_t seed,
                 const math::Kernels& kernels)
    : SingleScoreCodec(dimension),
      kernels_(&kernels),
      metric_(metric),
      shape_(shape),
      seed_(seed),
      picks_(std::size_t{1} << shape.bits),
      unit_(dimension),
      distances_(picks_.size()) {
  assert(shape.subvectors >= 1 && shape.subvectors <= dimension);
  assert(shape.bits == 4 || shape.bits == 8);
  std::iota(picks_.begin(), picks_.end(), 0u);
}

void PqCodes::append(std::span<const float> vectors) {
  assert(vectors.size() % dimension_ == 0);
  for (std::size_t at = 0; at < vectors.size(); at += dimension_) {
    std::span<const float> vector = vectors.subspan(at, dimension_);
    if (metric_ == Metric::Cosine) {
      math::normalise(vector, unit_);
      vector = unit_;
    }
    ++size_;
    if (!is_trained()) {
      math::reserve_growing(rows_, rows_.size() + dimension_);
      rows_.insert(rows_.end(), vector.begin(), vector.end());
      continue;
    }
    math::reserve_growing(codes_, size_ * row_bytes());
    codes_.resize(size_ * row_bytes());
    encode(vector, codes_.data() + (size_ - 1) * row_bytes());
  }
  if (!is_trained() && size_ >= kTrainAt) train();
}

bool PqCodes::learn(std::span<const float> sample, Budget& budget) {
  assert(size_ == 0 && !sample.empty());
  if (learning_ == nullptr) begin_learning(sample);
  return step_learning(budget);
}

void PqCodes::begin_learning(std::span<const float> rows) {
  const std::size_t given = rows.size() / dimension_;
  const std::size_t count = std::min<std::size_t>(given, shape_.samples);
  learning_ = std::make_unique<Learning>();
  learning_->book.resize(centroids() * dimension_);
  learning_->rows.resize(count * dimension_);
  for (std::size_t i = 0; i < count; ++i) {
    // Spread evenly over what is there.
    const auto row = rows.subspan(i * given / count * dimension_, dimension_);
    const auto to = std::span(learning_->rows).subspan(i * dimension_, dimension_);
    // Those that were stored have their length already.
    if (metric_ == Metric::Cosine && size_ == 0) {
      math::normalise(row, to);
    } else {
      std::copy(row.begin(), row.end(), to.begin());
    }
  }
}

bool PqCodes::step_learning(Budget& budget) {
  Learning& now = *learning_;
  for (; now.piece < shape_.subvectors; ++now.piece) {
    const std::size_t begin = begin_of(now.piece), length = begin_of(now.piece + 1) - begin;
    if (now.means == nullptr) {
      std::vector<float> points(now.rows.size() / dimension_ * length);
      for (std::size_t i = 0; i * length < points.size(); ++i)
        std::copy_n(now.rows.data() + i * dimension_ + begin, length, points.data() + i * length);
      now.means = std::make_unique<KMeans>(
          KMeans::Settings{length, shape_.iterations, seed_ + now.piece}, *kernels_,
          std::move(points),
          std::span(now.book).subspan(centroids() * begin, centroids() * length));
    }
    if (!now.means->step(budget)) return false;
    now.means.reset();
  }
  codebook_ = std::move(now.book);
  learning_.reset();
  return true;
}

void PqCodes::train() {
  begin_learning(rows_);
  for (Budget all; !step_learning(all);) all = {};
  codes_.resize(size_ * row_bytes());
  for (std::size_t i = 0; i < size_; ++i)
    encode(std::span(rows_).subspan(i * dimension_, dimension_), codes_.data() + i * row_bytes());
  rows_ = {};
}

void PqCodes::encode(std::span<const float> vector, std::uint8_t* code) {
  std::fill_n(code, row_bytes(), std::uint8_t{0});
  for (std::size_t piece = 0; piece < shape_.subvectors; ++piece) {
    const std::size_t begin = begin_of(piece);
    const std::size_t best = nearest_centroid(*kernels_, vector.data() + begin, centroids_of(piece),
                                              begin_of(piece + 1) - begin, picks_, distances_);
    const std::size_t bit = piece * shape_.bits;
    code[bit / 8] = static_cast<std::uint8_t>(code[bit / 8] | best << (bit % 8));
  }
}

std::size_t PqCodes::code_of(Slot slot, std::size_t piece) const noexcept {
  const std::size_t bit = piece * shape_.bits;
  return codes_[slot * row_bytes() + bit / 8] >> (bit % 8) & (centroids() - 1);
}

void PqCodes::prepare(std::span<const float> vector, Query& prepared) const {
  assert(vector.size() == dimension_);
  auto& query = prepared.reuse<Prepared>();
  query.values.resize(dimension_);
  query.is_zero = take_values(metric_, vector, query.values);
  tabulate(query);
}

void PqCodes::prepare_stored(Slot slot, Query& prepared) const {
  auto& query = prepared.reuse<Prepared>();
  query.values.resize(dimension_);
  decode(slot, query.values);
  query.is_zero = false;
  tabulate(query);
}

void PqCodes::tabulate(Prepared& query) const {
  if (!is_trained()) return;
  query.tables.resize(shape_.subvectors * centroids());
  const auto score = metric_ == Metric::L2 ? kernels_->l2_f32 : kernels_->dot_f32;
  for (std::size_t piece = 0; piece < shape_.subvectors; ++piece) {
    const std::size_t begin = begin_of(piece);
    score(query.values.data() + begin, centroids_of(piece), begin_of(piece + 1) - begin,
          picks_.data(), picks_.size(), query.tables.data() + piece * centroids());
  }
  if (shape_.bits == 4) round_tables(query);
}

// Every piece from its own least entry, all in steps of one size.
void PqCodes::round_tables(Prepared& query) const {
  std::vector<float> least(shape_.subvectors);
  float range = 0;
  query.least = 0;
  for (std::size_t piece = 0; piece < shape_.subvectors; ++piece) {
    const auto table = std::span(query.tables).subspan(piece * centroids(), centroids());
    const auto [low, high] = std::minmax_element(table.begin(), table.end());
    least[piece] = *low;
    range = std::max(range, *high - *low);
    query.least += *low;
  }
  query.step = range / 255;
  const float steps = range > 0 ? 255 / range : 0;
  query.steps.assign(2 * row_bytes() * centroids(), 0);
  for (std::size_t i = 0; i < query.tables.size(); ++i) {
    const float exact = (query.tables[i] - least[i / centroids()]) * steps;
    query.steps[i] = static_cast<std::uint8_t>(std::min(exact + 0.5f, 255.0f));
  }
}

void PqCodes::score_codes(const Prepared& query, std::span<const Slot> slots,
                          std::span<float> scores) const noexcept {
  if (shape_.bits == 4) {
    std::int32_t sums[64];
    for (std::size_t at = 0; at < slots.size(); at += std::size(sums)) {
      const std::size_t count = std::min(std::size(sums), slots.size() - at);
      kernels_->sum_nibbles(query.steps.data(), codes_.data(), row_bytes(), slots.data() + at,
                            count, sums);
      for (std::size_t i = 0; i < count; ++i)
        scores[at + i] = query.least + query.step * static_cast<float>(sums[i]);
    }
    return;
  }
  for (const Slot slot : slots) math::touch(codes_.data() + slot * row_bytes(), row_bytes());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    // Four sums in one fixed order, so that the additions need not wait for each other.
    float sums[4] = {};
    const float* table = query.tables.data();
    for (std::size_t piece = 0; piece < shape_.subvectors; ++piece, table += centroids())
      sums[piece % 4] += table[code_of(slots[i], piece)];
    scores[i] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}

void PqCodes::score(const Query& prepared, std::span<const Slot> slots,
                    std::span<float> scores) const noexcept {
  assert(scores.size() >= slots.size());
  const auto& query = prepared.as<Prepared>();
  const float sign = metric_ == Metric::L2 ? -1.0f : 1.0f;
  if (!is_trained()) {
    const auto exact = metric_ == Metric::L2 ? kernels_->l2_f32 : kernels_->dot_f32;
    exact(query.values.data(), rows_.data(), dimension_, slots.data(), slots.size(), scores.data());
  } else {
    score_codes(query, slots, scores);
  }
  for (std::size_t i = 0; i < slots.size(); ++i) scores[i] = rankable(sign * scores[i]);
}

void PqCodes::decode(Slot slot, std::span<float> out) const {
  assert(slot < size_ && out.size() == dimension_);
  if (!is_trained()) {
    std::copy_n(rows_.data() + slot * dimension_, dimension_, out.begin());
    return;
  }
  for (std::size_t piece = 0; piece < shape_.subvectors; ++piece) {
    const std::size_t begin = begin_of(piece), length = begin_of(piece + 1) - begin;
    std::copy_n(centroids_of(piece) + code_of(slot, piece) * length, length,
                out.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

ByteView PqCodes::bytes_of(Slot slot) const noexcept {
  if (!is_trained()) return std::as_bytes(std::span(rows_).subspan(slot * dimension_, dimension_));
  return std::as_bytes(std::span(codes_).subspan(slot * row_bytes(), row_bytes()));
}

std::uint64_t PqCodes::fingerprint(Slot slot) const noexcept { return checksum64(bytes_of(slot)); }

bool PqCodes::same_code(Slot a, Slot b) const noexcept {
  return std::ranges::equal(bytes_of(a), bytes_of(b));
}

void PqCodes::save(SectionSink& sink) {
  if (is_trained() && !is_codebook_saved_) {
    // What was saved before were the vectors themselves.
    sink.restart(SectionId::Codes);
    saved_ = 0;
    sink.replace(SectionId::Codebook, std::as_bytes(std::span(codebook_)));
    is_codebook_saved_ = true;
  }
  if (is_trained()) {
    sink.append(SectionId::Codes, std::as_bytes(std::span(codes_).subspan(saved_ * row_bytes())));
  } else {
    sink.append(SectionId::Codes, std::as_bytes(std::span(rows_).subspan(saved_ * dimension_)));
  }
  saved_ = size_;
}

Status PqCodes::load(const SectionSource& source, std::size_t count) {
  const ByteView book = source.section(SectionId::Codebook);
  const ByteView stored = source.section(SectionId::Codes);
  const bool trained = !book.empty();
  if (!trained && count >= kTrainAt)
    return corrupt(std::to_string(count) + " vectors without a codebook");
  const std::size_t row = trained ? row_bytes() : dimension_ * sizeof(float);
  if (stored.size() / row != count || stored.size() % row != 0)
    return corrupt(std::to_string(stored.size()) + " bytes, expected " + std::to_string(count) +
                   " rows of " + std::to_string(row));
  if (trained && book.size() != centroids() * dimension_ * sizeof(float))
    return corrupt("a codebook of " + std::to_string(book.size()) + " bytes");
  size_ = saved_ = count;
  is_codebook_saved_ = trained;
  if (!trained)
    return read_floats(stored, rows_) ? Status(Done{}) : corrupt("a vector is no number");
  if (!read_floats(book, codebook_)) return corrupt("a centroid is no number");
  codes_.resize(stored.size());
  std::memcpy(codes_.data(), stored.data(), stored.size());
  if (shape_.bits == 8 || shape_.subvectors % 2 == 0) return Done{};
  for (std::size_t end = row; end <= codes_.size(); end += row) {
    if (codes_[end - 1] >> 4 != 0) return corrupt("bits past the last piece");
  }
  return Done{};
}

}  // namespace corsac::codec
