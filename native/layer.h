// What a dense layer's backward pass does beside its products.
#pragma once

#include <cstdint>

#include "product.h"

namespace clinic {

// Columns that `sum_rows` sums together at most.
constexpr int64_t COLUMNS = 64;

// What follows the sums of a layer.
enum class Activation { NONE, RELU, SIGMOID, TANH };

// y = f(z), within two units in the last place; what is not a number stays.
void activate(Activation f, const float* z, float* y, int64_t count);
// dz = dy·f′(z), which y = f(z) gives. That of ReLU is computed as a product, so that what is infinite or not a number
// stays visible, as in TensorFlow.
void slope(Activation f, const float* dy, const float* y, float* dz, int64_t count);
// That of ReLU, of columns of some rows that are `row` numbers apart.
void slope_of_relu(const float* dy, const float* y, float* dz, int64_t rows, int64_t row, int64_t columns);
// Sums columns over rows that are `row` numbers apart.
void sum_rows(const float* x, int64_t rows, int64_t row, int64_t columns, float* sum);

}  // namespace clinic
