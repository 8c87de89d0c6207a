// Products of matrices in single precision.
#pragma once

#include <cstdint>

namespace clinic {

// c[m, n] = a·b + bias. Matrices lie row by row without gaps: a is [m, k], or [k, m] where it is transposed; b is
// [k, n], or [n, k]. Each element is the sum of its terms in their order, in stretches of 256 whose sums are added in
// turn, so that no bit hangs on the number of threads or on the parts in which it is computed.
struct Product {
  bool transposed_a, transposed_b;
  int64_t m, n, k;
  const float *a, *b;
  float* c;
  // [n], added to each row, unless null.
  const float* bias = nullptr;
  // Whether what is below 0 becomes 0.
  bool relu = false;

  // Multiply–adds.
  double work() const { return double(m) * double(n) * double(k); }
  // In how many parts it is best computed by several threads. @param alone whether nothing else could use them
  int64_t parts(bool alone) const;
  // Computes a part of c.
  void part(int64_t index, int64_t of) const;

  // In how many blocks of rows c is computed.
  int64_t blocks() const;
  // How many numbers b takes where it is copied for several parts that all read it; 0 where it is read as it lies.
  int64_t panels() const;
  // Copies b there.
  void copy(float* panels) const;
  // Computes rows of c. @param panels what `copy` has written, or null where b is read as it lies
  void rows(int64_t from, int64_t to, const float* panels) const;
};

// Computes products that do not depend on each other.
void multiply(const Product* products, int count, bool alone);

}  // namespace clinic
