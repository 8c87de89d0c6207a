// A TensorFlow op that computes all figures of a layer's tensors in one pass over each tensor. Stock ops need one or
// two passes and a dispatch for each figure, which costs more than the training step itself in narrow layers. Without
// it, stock ops compute the same figures: src/shared/catalog/statistics.
#if __has_include("tensorflow/c/kernels.h")

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "ops.h"

using namespace clinic;

namespace {

// In the order of `figures` in src/shared/catalog/statistics/parts/fused.ts.
enum Figure { NORM, RMS, MAX_ABS, MEAN_ABS, MEAN, STD, ZERO_SHARE, NANS, INFINITIES, NON_FINITE, OUTSIDE_SHARE, DEAD_SHARE, NORM_RATIO, FIGURES };
constexpr uint32_t INF_BITS = 0x7f800000u;
constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
// Independent sums in a loop: enough to fill the widest registers, with the same order of additions on every processor.
constexpr int LANES = 16;
// Elements from which on several threads measure the tensors. Below it, TensorFlow measures several layers at once,
// unless no operation runs beside another.
constexpr int64_t SHARED = 1 << 20, SHARED_ALONE = 1 << 15;

struct Sums {
  double abs = 0;
  double squares = 0;
  // Bits of the largest |x|: above INF_BITS there is a NaN.
  uint32_t largest = 0;
  int64_t zeros = 0;
};

// Squares of floats always fit a double, so nothing under- or overflows here.
VECTOR double sum_of_squares(const float* x, int64_t n) {
  double lane[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lane[k] += double(x[i + k]) * double(x[i + k]);
  for (; i < n; i++) lane[0] += double(x[i]) * double(x[i]);
  double sum = 0;
  for (double v : lane) sum += v;
  return sum;
}

VECTOR double sum_of(const float* x, int64_t n) {
  double lane[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lane[k] += double(x[i + k]);
  for (; i < n; i++) lane[0] += double(x[i]);
  double sum = 0;
  for (double v : lane) sum += v;
  return sum;
}

VECTOR double sum_of_squares_around(const float* x, int64_t n, double centre) {
  double lane[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lane[k] += (double(x[i + k]) - centre) * (double(x[i + k]) - centre);
  for (; i < n; i++) lane[0] += (double(x[i]) - centre) * (double(x[i]) - centre);
  double sum = 0;
  for (double v : lane) sum += v;
  return sum;
}

VECTOR Sums all_sums(const float* x, int64_t n) {
  double abs[LANES] = {0}, squares[LANES] = {0};
  uint32_t largest[LANES] = {0}, zeros[LANES] = {0};
  Sums out;
  int64_t i = 0;
  while (i + LANES <= n) {
    // The 32-bit counters are emptied long before they overflow.
    const int64_t end = n - i > (int64_t(1) << 30) ? i + (int64_t(1) << 30) : n;
    for (; i + LANES <= end; i += LANES)
      for (int k = 0; k < LANES; k++) {
        uint32_t bits;
        std::memcpy(&bits, x + i + k, sizeof bits);
        bits &= 0x7fffffffu;
        float magnitude;
        std::memcpy(&magnitude, &bits, sizeof bits);
        const double wide = magnitude;
        abs[k] += wide;
        squares[k] += wide * wide;
        largest[k] = bits > largest[k] ? bits : largest[k];
        zeros[k] += magnitude == 0.0f;
      }
    for (int k = 0; k < LANES; k++) {
      out.zeros += zeros[k];
      zeros[k] = 0;
    }
  }
  for (; i < n; i++) {
    uint32_t bits;
    std::memcpy(&bits, x + i, sizeof bits);
    bits &= 0x7fffffffu;
    const double wide = std::fabs(double(x[i]));
    abs[0] += wide;
    squares[0] += wide * wide;
    largest[0] = bits > largest[0] ? bits : largest[0];
    out.zeros += x[i] == 0.0f;
  }
  for (int k = 0; k < LANES; k++) {
    out.abs += abs[k];
    out.squares += squares[k];
    out.largest = largest[k] > out.largest ? largest[k] : out.largest;
  }
  return out;
}

VECTOR int64_t count_outside(const float* x, int64_t n, float below, float above) {
  uint32_t lane[LANES] = {0};
  int64_t i = 0, count = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int k = 0; k < LANES; k++) lane[k] += (x[i + k] < below) | (x[i + k] > above);
    if ((i & 0xfffffff) == 0)
      for (uint32_t& v : lane) {
        count += v;
        v = 0;
      }
  }
  for (uint32_t v : lane) count += v;
  for (; i < n; i++) count += (x[i] < below) | (x[i] > above);
  return count;
}

// Marks the units (columns) with a positive value; returns true when there is a NaN.
VECTOR bool mark_living(const float* x, int64_t rows, int64_t units, uint32_t* living) {
  uint32_t nan = 0;
  for (int64_t r = 0; r < rows; r++, x += units)
    for (int64_t u = 0; u < units; u++) {
      living[u] |= x[u] > 0.0f;
      nan |= x[u] != x[u];
    }
  return nan != 0;
}

double dead_share(const float* x, int64_t n, int64_t units) {
  std::vector<uint32_t> living(units, 0);
  if (units == 0 || mark_living(x, n / units, units, living.data())) return NOT_A_NUMBER;
  int64_t count = 0;
  for (uint32_t v : living) count += v != 0;
  return double(units - count) / double(units);
}

struct Request {
  int32_t tensor, figure, over;
};
struct Plan {
  int32_t tensors = 0;
  bool alone = false;
  std::vector<Request> requests;
  // The requested figures of each tensor, as bits.
  std::vector<uint32_t> wanted;
  // Two per tensor.
  std::vector<float> bounds;
};
constexpr uint32_t bit(int figure) { return 1u << figure; }

void measure(const float* x, int64_t n, int64_t units, uint32_t wanted, const float* bounds, double* out) {
  const double count = double(n);
  constexpr uint32_t full = bit(MAX_ABS) | bit(MEAN_ABS) | bit(ZERO_SHARE) | bit(NANS) | bit(INFINITIES);
  if (wanted & (full | bit(NORM) | bit(RMS) | bit(NON_FINITE))) {
    Sums s;
    if (wanted & full)
      s = all_sums(x, n);
    else
      s.squares = sum_of_squares(x, n);
    out[NORM] = std::sqrt(s.squares);
    out[RMS] = std::sqrt(s.squares / count);
    const bool nan = s.largest > INF_BITS;
    float largest;
    std::memcpy(&largest, &s.largest, sizeof largest);
    out[MAX_ABS] = nan ? NOT_A_NUMBER : double(largest);
    out[MEAN_ABS] = s.abs / count;
    out[ZERO_SHARE] = nan ? NOT_A_NUMBER : double(s.zeros) / count;
    // Otherwise there is nothing to count.
    int64_t nans = 0, infinities = 0;
    if (!std::isfinite(s.squares))
      for (int64_t i = 0; i < n; i++) {
        nans += std::isnan(x[i]);
        infinities += std::isinf(x[i]);
      }
    out[NANS] = double(nans);
    out[INFINITIES] = double(infinities);
    out[NON_FINITE] = double(nans + infinities);
  }
  if (wanted & (bit(MEAN) | bit(STD))) {
    out[MEAN] = sum_of(x, n) / count;
    if (wanted & bit(STD)) out[STD] = std::sqrt(sum_of_squares_around(x, n, out[MEAN]) / count);
  }
  if (wanted & bit(OUTSIDE_SHARE)) out[OUTSIDE_SHARE] = double(count_outside(x, n, bounds[0], bounds[1])) / count;
  if (wanted & bit(DEAD_SHARE)) out[DEAD_SHARE] = dead_share(x, n, units);
}

void* create(TF_OpKernelConstruction* ctx) {
  Status status;
  Plan* plan = new Plan;
  const auto fail = [&](const char* why) -> void* {
    TF_SetStatus(status.s, TF_INVALID_ARGUMENT, why);
    TF_OpKernelConstruction_Failure(ctx, status.s);
    return plan;
  };
  plan->alone = flag(ctx, "alone");
  int32_t length = 0, total = 0;
  TF_OpKernelConstruction_GetAttrInt32(ctx, "N", &plan->tensors, status.s);
  if (!status.ok()) return fail("N is missing");
  TF_OpKernelConstruction_GetAttrSize(ctx, "requests", &length, &total, status.s);
  std::vector<int32_t> flat(length > 0 ? length : 0);
  if (status.ok()) TF_OpKernelConstruction_GetAttrInt32List(ctx, "requests", flat.data(), length, status.s);
  if (!status.ok() || flat.size() % 3) return fail("requests must be triples");
  TF_OpKernelConstruction_GetAttrSize(ctx, "bounds", &length, &total, status.s);
  plan->bounds.resize(length > 0 ? length : 0);
  if (status.ok()) TF_OpKernelConstruction_GetAttrFloatList(ctx, "bounds", plan->bounds.data(), length, status.s);
  if (!status.ok() || plan->bounds.size() != size_t(2 * plan->tensors)) return fail("bounds must be two numbers per tensor");
  plan->wanted.assign(plan->tensors, 0);
  for (size_t i = 0; i < flat.size(); i += 3) {
    const Request r{flat[i], flat[i + 1], flat[i + 2]};
    const bool ratio = r.figure == NORM_RATIO;
    if (r.tensor < 0 || r.tensor >= plan->tensors || r.figure < 0 || r.figure >= FIGURES || r.over >= plan->tensors || (ratio && r.over < 0))
      return fail("a request names a tensor or a figure that there isn't");
    plan->wanted[r.tensor] |= bit(ratio ? NORM : r.figure);
    if (ratio) plan->wanted[r.over] |= bit(NORM);
    plan->requests.push_back(r);
  }
  return plan;
}

void compute(void* kernel, TF_OpKernelContext* ctx) {
  const Plan& plan = *static_cast<Plan*>(kernel);
  Status status;
  std::vector<double> figures(size_t(plan.tensors) * FIGURES);
  std::vector<Tensor> tensors;
  int64_t all = 0;
  for (int32_t i = 0; i < plan.tensors; i++) all += tensors.emplace_back(input(ctx, i, status)).t ? tensors.back().size() : 0;
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const auto one = [&](int64_t i) {
    const Tensor& x = tensors[i];
    measure(x.data(), x.size(), x.rank() ? x.dim(x.rank() - 1) : 1, plan.wanted[i], &plan.bounds[2 * i], &figures[size_t(i) * FIGURES]);
  };
  if (all < (plan.alone ? SHARED_ALONE : SHARED))
    for (int32_t i = 0; i < plan.tensors; i++) one(i);
  else
    each(plan.tensors, one);
  const int64_t length = int64_t(plan.requests.size());
  Tensor out;
  out.t = TF_AllocateOutput(ctx, 0, TF_FLOAT, &length, 1, length * sizeof(float), status.s);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  float* to = static_cast<float*>(TF_TensorData(out.t));
  for (const Request& r : plan.requests) {
    const double* of = &figures[size_t(r.tensor) * FIGURES];
    // The ratio of no update is 0, even for weights that are all 0.
    const double over = r.figure == NORM_RATIO ? figures[size_t(r.over) * FIGURES + NORM] : 1;
    *to++ = float(r.figure != NORM_RATIO ? of[r.figure] : of[NORM] == 0 ? 0 : of[NORM] / over);
  }
}

void destroy(void* kernel) { delete static_cast<Plan*>(kernel); }

const bool registered = add_op("ClinicMeasure", {"N: int >= 1", "requests: list(int)", "bounds: list(float)", ALONE}, {"tensors: N * float"},
                               {"figures: float"}, infer_unknown, create, compute, destroy);

}  // namespace

#endif
