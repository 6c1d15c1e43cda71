// Lets another program use a FileHome: requests from one descriptor, answers to another, each a u32
// length and so many bytes. tests-js/support/native-home.ts is the other side.
//
//   apply := u8 1, u8 strict, u32 count, (u8 kind, text name, u64 offset, text bytes){count}
//   read  := u8 2, text name, u64 offset, u64 length      -> the bytes
//   list  := u8 3                                         -> (text name, u64 length)*
//   roots := u8 4                                         -> (text name, u8 slot, text bytes)*
//   close := u8 5
//   answer := u8 1, what was asked for | u8 0, text code, text message
#pragma once

#include <string>

namespace corsac::native {

/// The first answer says whether the folder could be opened. Ends with the input, or a `close`; 0
/// when the other side kept to the form.
int serve_home(const std::string& folder, int in, int out);

}  // namespace corsac::native
