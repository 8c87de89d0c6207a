#if __has_include("tensorflow/c/kernels.h")

#include "layer.h"

#include <cstring>

#include "ops.h"

namespace clinic {

namespace {

// Rows whose sums are added in turn: long sums of float32 lose digits.
constexpr int64_t ROWS = 64;

// eˣ after Cody and Waite (1980): x = n·ln 2 + r, and a polynomial for r that Cephes (Moshier 1992) gives.
inline __attribute__((always_inline)) float exponential(float x) {
  x = x > 89.0f ? 89.0f : x < -88.0f ? -88.0f : x;
  // What is above 88.7 becomes infinite. Adding and taking away 1.5·2²³ rounds to a whole number.
  const float n = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const float p = 5.0000001201e-1f + r * (1.6666665459e-1f + r * (4.1665795894e-2f + r * (8.3334519073e-3f + r * (1.3981999507e-3f + r * 1.9875691500e-4f))));
  const int32_t bits = (int32_t(n) + 127) * (1 << 23);
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return (1.0f + (r + r * r * p)) * power;
}

}  // namespace

VECTOR void activate(Activation f, const float* z, float* y, int64_t count) {
  switch (f) {
    case Activation::NONE:
      for (int64_t i = 0; i < count; i++) y[i] = z[i];
      break;
    case Activation::RELU:
      for (int64_t i = 0; i < count; i++) y[i] = z[i] < 0.0f ? 0.0f : z[i];
      break;
    case Activation::SIGMOID:
      for (int64_t i = 0; i < count; i++) y[i] = 1.0f / (1.0f + exponential(-z[i]));
      break;
    case Activation::TANH:
      for (int64_t i = 0; i < count; i++) {
        const float x = z[i], size = __builtin_fabsf(x), square = x * x;
        // Near 0 the difference below would lose its digits.
        const float near = x + x * square * (-3.33332819e-1f + square * (1.33314422e-1f + square * (-5.37397155e-2f + square * (2.06390887e-2f - square * 5.70498872e-3f))));
        const float far = 1.0f - 2.0f / (1.0f + exponential(2.0f * size));
        y[i] = size < 0.625f ? near : x < 0.0f ? -far : x != x ? x : far;
      }
      break;
  }
}

VECTOR void slope(Activation f, const float* dy, const float* y, float* dz, int64_t count) {
  switch (f) {
    case Activation::NONE:
      for (int64_t i = 0; i < count; i++) dz[i] = dy[i];
      break;
    case Activation::RELU:
      for (int64_t i = 0; i < count; i++) dz[i] = dy[i] * (y[i] > 0.0f ? 1.0f : 0.0f);
      break;
    case Activation::SIGMOID:
      for (int64_t i = 0; i < count; i++) dz[i] = dy[i] * (y[i] * (1.0f - y[i]));
      break;
    case Activation::TANH:
      for (int64_t i = 0; i < count; i++) dz[i] = dy[i] * (1.0f - y[i] * y[i]);
      break;
  }
}

VECTOR void slope_of_relu(const float* dy, const float* y, float* dz, int64_t rows, int64_t row, int64_t columns) {
  for (int64_t r = 0; r < rows; r++, dy += row, y += row, dz += row)
    for (int64_t j = 0; j < columns; j++) dz[j] = dy[j] * (y[j] > 0.0f ? 1.0f : 0.0f);
}

VECTOR void sum_rows(const float* x, int64_t rows, int64_t row, int64_t columns, float* sum) {
  std::fill_n(sum, columns, 0.0f);
  for (int64_t first = 0; first < rows; first += ROWS) {
    float some[COLUMNS] = {0};
    for (int64_t r = first; r < std::min(rows, first + ROWS); r++, x += row)
      for (int64_t j = 0; j < columns; j++) some[j] += x[j];
    for (int64_t j = 0; j < columns; j++) sum[j] += some[j];
  }
}

}  // namespace clinic

#endif
