// Products of matrices after the pattern of Goto & van de Geijn (2008): a block of c stays in registers while rows of a
// and a panel of columns of b pass by. TensorFlow's own are up to twice as slow where matrices are small or
// transposed, as in a backward pass.
#if __has_include("tensorflow/c/kernels.h")

#include "product.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "ops.h"
#include "threads.h"

namespace clinic {

namespace {

// Terms of a sum after which it is added to c.
constexpr int64_t STRETCH = 256;
// Columns of b that are packed at a time: with a stretch of rows they fill half of a second-level cache.
constexpr int64_t PACKED = 512;
// Bytes from row to row up to which b is read as it lies. Beyond that its rows would drive each other out of the cache.
constexpr int64_t NEAR = 1024;
// Multiply–adds from which a product is shared among threads. TensorFlow runs several smaller ones at a time, which
// need not wait for each other. As `LARGE` in src/trainer/graph/dense.ts.
constexpr double SHARED = 1 << 24, SHARED_ALONE = 1 << 20;

// How a processor computes a block: `high` rows and `wide` columns, the most there are in one.
struct Kernels {
  int high, wide;
  // By the number of rows less one: the sums over t of a[row·a_row + t·a_term]·b[t·b_term + column], put into c or
  // added to it.
  void (*const* block)(int64_t k, const float* a, int64_t a_row, int64_t a_term, const float* b, int64_t b_term, float* c, int64_t c_row,
                       int64_t columns, bool add);
};

#if defined(__GNUC__) && !defined(__clang__)
#define UNROLL _Pragma("GCC unroll 12")
#define FAST optimize("O3")
#else
#define UNROLL
#define FAST unused
#endif

// A block of ROWS × two registers of WIDTH numbers, compiled for one kind of processor.
#define BLOCK(NAME, WIDTH, ...)                                                                                       \
  typedef float NAME##Vector                                                                                          \
      __attribute__((vector_size(WIDTH * sizeof(float)), aligned(sizeof(float)), may_alias));                         \
  template <int ROWS>                                                                                                 \
  __attribute__((__VA_ARGS__)) void NAME(int64_t k, const float* a, int64_t a_row, int64_t a_term, const float* b,    \
                                         int64_t b_term, float* c, int64_t c_row, int64_t columns, bool add) {        \
    NAME##Vector sums[ROWS][2] = {};                                                                                  \
    for (int64_t t = 0; t < k; t++, a += a_term, b += b_term) {                                                       \
      const NAME##Vector left = *reinterpret_cast<const NAME##Vector*>(b);                                            \
      const NAME##Vector right = *reinterpret_cast<const NAME##Vector*>(b + WIDTH);                                   \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                                         \
        sums[r][0] += a[r * a_row] * left;                                                                            \
        sums[r][1] += a[r * a_row] * right;                                                                           \
      }                                                                                                               \
    }                                                                                                                 \
    if (columns == 2 * WIDTH) {                                                                                       \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                                         \
        NAME##Vector* to = reinterpret_cast<NAME##Vector*>(c + r * c_row);                                            \
        to[0] = add ? to[0] + sums[r][0] : sums[r][0];                                                                \
        to[1] = add ? to[1] + sums[r][1] : sums[r][1];                                                                \
      }                                                                                                               \
      return;                                                                                                         \
    }                                                                                                                 \
    float all[ROWS][2 * WIDTH];                                                                                       \
    std::memcpy(all, sums, sizeof all);                                                                               \
    for (int r = 0; r < ROWS; r++)                                                                                    \
      for (int64_t j = 0; j < columns; j++) c[r * c_row + j] = add ? c[r * c_row + j] + all[r][j] : all[r][j];        \
  }

#define SIX(NAME) &NAME<1>, &NAME<2>, &NAME<3>, &NAME<4>, &NAME<5>, &NAME<6>

BLOCK(plain_block, 4, FAST)
using Block = decltype(&plain_block<1>);
constexpr Block PLAIN[] = {SIX(plain_block)};

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
BLOCK(avx2_block, 8, FAST, target("arch=x86-64-v3"))
BLOCK(avx512_block, 16, FAST, target("arch=x86-64-v4"))
constexpr Block AVX2[] = {SIX(avx2_block)};
constexpr Block AVX512[] = {SIX(avx512_block),   &avx512_block<7>,  &avx512_block<8>, &avx512_block<9>,
                            &avx512_block<10>, &avx512_block<11>, &avx512_block<12>};
const Kernels& kernels() {
  static const Kernels best = __builtin_cpu_supports("x86-64-v4")   ? Kernels{12, 32, AVX512}
                              : __builtin_cpu_supports("x86-64-v3") ? Kernels{6, 16, AVX2}
                                                                    : Kernels{6, 8, PLAIN};
  return best;
}
#else
const Kernels& kernels() {
  static const Kernels only{6, 8, PLAIN};
  return only;
}
#endif

typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t Order __attribute__((vector_size(32)));

// Eight rows of eight numbers, `from` apart, become columns, `to` apart.
#if defined(__GNUC__) && !defined(__clang__)
inline __attribute__((always_inline)) void turn(const float* from, int64_t from_row, float* to, int64_t to_row) {
  Eight x[8], y[8];
  for (int i = 0; i < 8; i++) x[i] = *reinterpret_cast<const Eight*>(from + i * from_row);
  for (int i = 0; i < 8; i += 2) {
    y[i] = __builtin_shuffle(x[i], x[i + 1], Order{0, 8, 1, 9, 4, 12, 5, 13});
    y[i + 1] = __builtin_shuffle(x[i], x[i + 1], Order{2, 10, 3, 11, 6, 14, 7, 15});
  }
  for (int i = 0; i < 8; i += 4)
    for (int h = 0; h < 2; h++) {
      x[i + 2 * h] = __builtin_shuffle(y[i + h], y[i + h + 2], Order{0, 1, 8, 9, 4, 5, 12, 13});
      x[i + 2 * h + 1] = __builtin_shuffle(y[i + h], y[i + h + 2], Order{2, 3, 10, 11, 6, 7, 14, 15});
    }
  for (int i = 0; i < 4; i++) {
    Eight *one = reinterpret_cast<Eight*>(to + i * to_row), *other = reinterpret_cast<Eight*>(to + (i + 4) * to_row);
    *one = __builtin_shuffle(x[i], x[i + 4], Order{0, 1, 2, 3, 8, 9, 10, 11});
    *other = __builtin_shuffle(x[i], x[i + 4], Order{4, 5, 6, 7, 12, 13, 14, 15});
  }
}
#else
inline void turn(const float* from, int64_t from_row, float* to, int64_t to_row) {
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++) to[j * to_row + i] = from[i * from_row + j];
}
#endif

// b[k, n] by panels of `wide` columns, the last one filled up with zeros.
VECTOR void pack(const float* b, int64_t row, bool transposed, int64_t k, int64_t n, int64_t wide, float* to) {
  if (!transposed) {
    // Row by row, as they lie: weights come from afar, and neighbours come with them.
    for (int64_t t = 0; t < k; t++, b += row)
      for (int64_t j = 0; j < n; j += wide) {
        float* at = to + j * k + t * wide;
        const int64_t columns = std::min(wide, n - j);
        std::memcpy(at, b + j, size_t(columns) * sizeof(float));
        std::fill_n(at + columns, wide - columns, 0.0f);
      }
    return;
  }
  for (int64_t j = 0; j < n; j += wide, to += k * wide) {
    const int64_t columns = std::min(wide, n - j);
    int64_t v = 0;
    for (; v + 8 <= columns; v += 8) {
      const float* from = b + (j + v) * row;
      int64_t t = 0;
      for (; t + 8 <= k; t += 8) turn(from + t, row, to + t * wide + v, wide);
      for (; t < k; t++)
        for (int i = 0; i < 8; i++) to[t * wide + v + i] = from[i * row + t];
    }
    for (; v < wide; v++)
      for (int64_t t = 0; t < k; t++) to[t * wide + v] = v < columns ? b[(j + v) * row + t] : 0.0f;
  }
}

// What a layer does to its product.
VECTOR void finish(const float* bias, bool relu, float* c, int64_t rows, int64_t row, int64_t columns) {
  for (int64_t r = 0; r < rows; r++, c += row) {
    if (bias)
      for (int64_t j = 0; j < columns; j++) c[j] += bias[j];
    // What is not a number is not below 0, and stays.
    if (relu)
      for (int64_t j = 0; j < columns; j++) c[j] = c[j] < 0.0f ? 0.0f : c[j];
  }
}

int64_t up_to(int64_t n, int64_t wide) { return (n + wide - 1) / wide * wide; }
// Where a row of b, of those terms that are added up, begins.
const float* part_of_b(const Product& p, int64_t term, int64_t column) {
  return p.transposed_b ? p.b + column * p.k + term : p.b + term * p.n + column;
}
bool lies(const Product& p, int64_t columns) {
  return !p.transposed_b && columns % kernels().wide == 0 && p.n * int64_t(sizeof(float)) <= NEAR;
}

// c[rows from..to, columns from..to]. `panels` is the whole of b, packed, or null.
void block_of(const Product& p, int64_t first_row, int64_t last_row, int64_t first_column, int64_t last_column, const float* panels = nullptr) {
  if (!p.k)
    for (int64_t r = first_row; r < last_row; r++) std::fill(p.c + r * p.n + first_column, p.c + r * p.n + last_column, 0.0f);
  const Kernels& kernel = kernels();
  const int64_t wide = kernel.wide, a_row = p.transposed_a ? 1 : p.k, a_term = p.transposed_a ? p.m : 1, b_row = p.transposed_b ? p.k : p.n;
  thread_local std::vector<float> room;
  const int64_t rows = last_row - first_row, blocks = (rows + kernel.high - 1) / kernel.high;
  for (int64_t column = first_column; column < last_column; column += PACKED) {
    const int64_t columns = std::min(PACKED, last_column - column);
    const bool as_it_lies = !panels && lies(p, columns);
    for (int64_t term = 0; term < p.k; term += STRETCH) {
      const int64_t terms = std::min(STRETCH, p.k - term);
      const float* b = part_of_b(p, term, column);
      if (panels)
        b = panels + column * p.k + term * up_to(columns, wide);
      else if (!as_it_lies) {
        room.resize(std::max(room.size(), size_t(terms * up_to(columns, wide))));
        pack(b, b_row, p.transposed_b, terms, columns, wide, room.data());
        b = room.data();
      }
      for (int64_t i = 0; i < blocks; i++) {
        // Blocks of about the same height: a last one of a single row would take as long as a full one.
        const int64_t row = first_row + rows * i / blocks, high = first_row + rows * (i + 1) / blocks - row;
        for (int64_t j = 0; j < columns; j += wide)
          kernel.block[high - 1](terms, p.a + row * a_row + term * a_term, a_row, a_term, as_it_lies ? b + j : b + j * terms,
                                 as_it_lies ? b_row : wide, p.c + row * p.n + column + j, p.n, std::min(wide, columns - j), term > 0);
      }
    }
    if (p.bias || p.relu)
      finish(p.bias ? p.bias + column : nullptr, p.relu, p.c + first_row * p.n + column, rows, p.n, columns);
  }
}

}  // namespace

int64_t Product::parts(bool alone) const {
  return work() < (alone ? SHARED_ALONE : SHARED) ? 1 : 4 * threads();
}

void Product::part(int64_t index, int64_t of) const {
  const Kernels& kernel = kernels();
  // Along the longer side, in whole panels or blocks.
  const bool by_columns = n >= m;
  const int64_t side = by_columns ? n : m, unit = by_columns ? kernel.wide : kernel.high, units = (side + unit - 1) / unit;
  const int64_t from = std::min(side, units * index / of * unit), to = std::min(side, units * (index + 1) / of * unit);
  if (from >= to) return;
  if (by_columns)
    block_of(*this, 0, m, from, to);
  else
    block_of(*this, from, to, 0, n);
}

int64_t Product::blocks() const { return (m + kernels().high - 1) / kernels().high; }

int64_t Product::panels() const {
  return lies(*this, std::min(n, PACKED)) && lies(*this, n % PACKED) ? 0 : up_to(n, kernels().wide) * k;
}

void Product::copy(float* to) const {
  const int64_t wide = kernels().wide;
  for (int64_t column = 0; column < n; column += PACKED) {
    const int64_t columns = std::min(PACKED, n - column);
    for (int64_t term = 0; term < k; term += STRETCH)
      pack(part_of_b(*this, term, column), transposed_b ? k : n, transposed_b, std::min(STRETCH, k - term), columns, wide,
           to + column * k + term * up_to(columns, wide));
  }
}

void Product::rows(int64_t from, int64_t to, const float* panels) const { block_of(*this, from, to, 0, n, panels); }

void multiply(const Product* products, int count, bool alone) {
  int64_t parts[8], all = 0;
  for (int i = 0; i < count; i++) all += parts[i] = products[i].parts(alone);
  if (all == count) {
    for (int i = 0; i < count; i++) products[i].part(0, 1);
    return;
  }
  each(all, [&](int64_t index) {
    int i = 0;
    while (index >= parts[i]) index -= parts[i++];
    products[i].part(index, parts[i]);
  });
}

}  // namespace clinic

#endif
