// Who works on the slices that JavaScript asks for? In the threaded build a pool of threads, in the
// others the caller alone: workers_alone.cpp and workers_pool.cpp, of which one is linked.
#pragma once

#include "base/budget.h"

namespace corsac::bindings {

/// Starts a pool of `count` workers, the caller among them; nothing where there are no threads.
/// Requires: called once, before anything else, with a web worker waiting for each but the caller.
void start_workers(unsigned count);

/// A budget of `units` for whoever works.
Budget budget_of(double units);

}  // namespace corsac::bindings
