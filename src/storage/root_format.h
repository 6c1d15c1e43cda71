// How is a root laid out? docs/format.md draws it; the asserts keep the drawing true.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/checksum.h"
#include "storage/catalog.h"

namespace corsac::storage {

inline constexpr std::array<std::uint8_t, 8> kRootMagic = {0x89, 'X',  'R',  'T',
                                                           0x0D, 0x0A, 0x1A, 0x0A};
inline constexpr std::array<std::uint8_t, 8> kCatalogMagic = {0x89, 'X',  'C',  'T',
                                                              0x0D, 0x0A, 0x1A, 0x0A};
inline constexpr std::uint16_t kRootMajor = 1;
inline constexpr std::uint16_t kRootMinor = 1;

inline constexpr std::size_t kMaxRootBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxCatalogBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxSnapshots = 2;

/// What every root begins with, in this and every later version; the checksum is its last 16 bytes.
inline constexpr std::size_t kRootPrefixBytes = 24;
inline constexpr std::size_t kRootChecksumBytes = sizeof(Checksum128);
inline constexpr std::size_t kRootHeaderBytes = 128;
inline constexpr std::size_t kSnapshotHeaderBytes = 40;
inline constexpr std::size_t kBlobRefBytes = 56;
inline constexpr std::size_t kCatalogHeaderBytes = 64;

namespace catalog_field {
inline constexpr std::size_t kStore = 24, kGeneration = 40, kEpoch = 48, kNextId = 56, kCount = 60;
}
static_assert(catalog_field::kStore == kRootPrefixBytes);
static_assert(catalog_field::kCount + sizeof(std::uint32_t) == kCatalogHeaderBytes);

namespace root_field {
inline constexpr std::size_t kMajor = 8, kMinor = 10, kMinReader = 12, kFlags = 14,
                             kIncompatible = 16, kLength = 20, kStore = 24, kCollection = 40,
                             kSnapshots = 44, kGeneration = 48, kEpoch = 56, kNextBlob = 64,
                             kNextSegment = 72, kDurable = 80, kEndSegment = 88, kEndLength = 96,
                             kEndSequence = 104, kReserved = 112;
}
static_assert(root_field::kStore == kRootPrefixBytes);
static_assert(root_field::kStore + sizeof(Uuid) == root_field::kCollection);
static_assert(root_field::kReserved + 16 == kRootHeaderBytes);
static_assert(kSnapshotHeaderBytes == 2 * 8 + sizeof(Checksum128) + 2 * 4);
static_assert(kBlobRefBytes == 8 + 4 * 8 + sizeof(Checksum128));
/// Two snapshots of 16 sections with 16 blobs each fit.
static_assert(kRootHeaderBytes + 2 * (kSnapshotHeaderBytes + 256 * kBlobRefBytes) +
                  kRootChecksumBytes <=
              kMaxRootBytes);

/// What a reader must know to read a root, bit by bit.
namespace root_feature {
inline constexpr std::uint32_t kPatches = 1;  ///< delta arrays may hold patches (base/patched.h)
}
inline constexpr std::uint32_t kKnownFeatures = root_feature::kPatches;

namespace root_flag {
inline constexpr std::uint16_t kClean =
    1;  ///< the session that wrote it ended well at the end sequence
}

}  // namespace corsac::storage
