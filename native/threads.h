// Threads that stay, for the product's own operations: starting one takes longer than a product of small matrices.
#pragma once

#include <cstdint>

namespace clinic {

// As many threads as TensorFlow computes one operation with.
int threads();

// Calls f(state, i) for each i in [0, count), on this thread and on those that stay, whoever is free. Calls may come
// from several threads at once: all but the first of them work alone. f must compute each i by itself, so that no bit
// hangs on which thread it ran.
void each(int64_t count, void (*f)(const void* state, int64_t i), const void* state);

// The same for anything that can be called.
template <class F>
void each(int64_t count, const F& f) {
  each(count, [](const void* state, int64_t i) { (*static_cast<const F*>(state))(i); }, &f);
}

}  // namespace clinic
