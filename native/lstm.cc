// A long short-term memory over a whole sequence, and its gradient (Hochreiter & Schmidhuber 1997, with the forget gate
// of Gers 2000). TensorFlow has an operation for one time step only: a dispatch, a dozen small tensors and a new layout
// of the weights at each. Examples do not depend on each other, so that each thread takes some of them through all of
// time.
#if __has_include("tensorflow/c/kernels.h")

#include <cstring>

#include "ops.h"

using namespace clinic;

namespace {

// Columns in a panel of packed weights, and rows that are multiplied together: their sums fill the vector registers.
constexpr int PANEL = 16, ROWS = 4;
// Terms of a sum for which a panel stays in the first-level cache.
constexpr int64_t TERMS = 256;

// Half a panel: what a register of AVX holds.
constexpr int HALF = PANEL / 2;
typedef float Vector __attribute__((vector_size(HALF * sizeof(float)), aligned(sizeof(float)), may_alias));

// Weights [k, n] by panels of columns, the last one filled up with zeros.
// @param transposed whether they stand as [n, k]
struct Packed {
  int64_t k, n;
  std::vector<float> data;
  Packed(const float* w, int64_t k, int64_t n, bool transposed) : k(k), n(n), data(size_t((n + PANEL - 1) / PANEL * PANEL * k)) {
    for (int64_t j = 0; j < n; j++)
      for (int64_t i = 0; i < k; i++) data[size_t(j / PANEL * PANEL * k + i * PANEL + j % PANEL)] = transposed ? w[j * k + i] : w[i * n + j];
  }
};

// c[m, n] += a[m, k]·w, each sum term after term.
VECTOR void add_product(const float* a, int64_t a_stride, const float* w, int64_t k_all, float* c, int64_t c_stride, int64_t m, int64_t n) {
  for (int64_t first = 0; first < k_all; first += TERMS) {
    const int64_t k = std::min(TERMS, k_all - first);
    for (int64_t j = 0; j < n; j += PANEL) {
      const float* panel = w + j * k_all + first * PANEL;
      const int64_t wide = std::min<int64_t>(PANEL, n - j);
      for (int64_t i = 0; i < m; i += ROWS) {
        const int64_t high = std::min<int64_t>(ROWS, m - i);
        // Rows that there aren't repeat the last one and are dropped.
        const float *a0 = a + i * a_stride + first, *a1 = high > 1 ? a0 + a_stride : a0, *a2 = high > 2 ? a1 + a_stride : a1,
                    *a3 = high > 3 ? a2 + a_stride : a2;
        Vector s0 = {}, s1 = {}, s2 = {}, s3 = {}, t0 = {}, t1 = {}, t2 = {}, t3 = {};
        for (int64_t t = 0; t < k; t++) {
          const Vector b = *reinterpret_cast<const Vector*>(panel + t * PANEL), d = *reinterpret_cast<const Vector*>(panel + t * PANEL + HALF);
          s0 += a0[t] * b;
          t0 += a0[t] * d;
          s1 += a1[t] * b;
          t1 += a1[t] * d;
          s2 += a2[t] * b;
          t2 += a2[t] * d;
          s3 += a3[t] * b;
          t3 += a3[t] * d;
        }
        float sums[ROWS][PANEL];
        const Vector all[2 * ROWS] = {s0, t0, s1, t1, s2, t2, s3, t3};
        std::memcpy(sums, all, sizeof sums);
        for (int64_t r = 0; r < high; r++) {
          float* to = c + (i + r) * c_stride + j;
          for (int64_t v = 0; v < wide; v++) to[v] += sums[r][v];
        }
      }
    }
  }
}

// Polynomials of Cephes (Moshier 1992): right to the last bit or two.
inline __attribute__((always_inline)) float exponential(float x) {
  x = x < -87.3f ? -87.3f : x > 88.3f ? 88.3f : x;
  // Adding and taking away 1.5·2²³ rounds to a whole number.
  const float n = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  const float r = x - n * 0.693359375f + n * 2.12194440e-4f;
  float y = 1.9875691500e-4f;
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * r * r + r + 1.0f;
  const int32_t bits = (int32_t(n) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return y * power;
}
inline __attribute__((always_inline)) float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }
inline __attribute__((always_inline)) float hyperbolic(float x) {
  const float size = __builtin_fabsf(x), z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float small = p * z * x + x;
  const float large = 1.0f - 2.0f / (exponential(2.0f * size) + 1.0f);
  return size < 0.625f ? small : x < 0.0f ? -large : large;
}

// One example at one time: z becomes the gates i, g, f, o.
VECTOR void step(float* __restrict__ z, const float* __restrict__ before, float* __restrict__ c, float* __restrict__ tanh_c, float* __restrict__ h,
                 int64_t units, float forget_bias) {
  float *zi = z, *zg = z + units, *zf = z + 2 * units, *zo = z + 3 * units;
  for (int64_t u = 0; u < units; u++) {
    const float i = sigmoid(zi[u]), g = hyperbolic(zg[u]), f = sigmoid(zf[u] + forget_bias), o = sigmoid(zo[u]);
    const float now = i * g + f * before[u];
    const float t = hyperbolic(now);
    zi[u] = i;
    zg[u] = g;
    zf[u] = f;
    zo[u] = o;
    c[u] = now;
    tanh_c[u] = t;
    h[u] = o * t;
  }
}

// One example at one time: from ∂h and ∂c (of this time) ∂z and, in place, ∂c of the time before.
VECTOR void step_back(const float* __restrict__ gates, const float* __restrict__ before, const float* __restrict__ tanh_c,
                      const float* __restrict__ dh, float* __restrict__ dc, float* __restrict__ dz, int64_t units) {
  const float *gi = gates, *gg = gates + units, *gf = gates + 2 * units, *go = gates + 3 * units;
  float *di = dz, *dg = dz + units, *df = dz + 2 * units, *d_o = dz + 3 * units;
  for (int64_t u = 0; u < units; u++) {
    const float i = gi[u], g = gg[u], f = gf[u], o = go[u], t = tanh_c[u];
    const float d = dc[u] + dh[u] * o * (1.0f - t * t);
    di[u] = d * g * i * (1.0f - i);
    dg[u] = d * i * (1.0f - g * g);
    df[u] = d * before[u] * f * (1.0f - f);
    d_o[u] = dh[u] * t * o * (1.0f - o);
    dc[u] = d * f;
  }
}

// What an example's time step costs, in about nanoseconds.
double work(int64_t length, int64_t batch, int64_t units) { return double(length) * double(batch) * double(units) * (double(units) * 0.1 + 5); }

struct Bias {
  float forget = 0;
};
void* create_forward(TF_OpKernelConstruction* ctx) {
  Status status;
  Bias* bias = new Bias;
  TF_OpKernelConstruction_GetAttrFloat(ctx, "forget_bias", &bias->forget, status.s);
  if (!status.ok()) TF_OpKernelConstruction_Failure(ctx, status.s);
  return bias;
}
void destroy_forward(void* bias) { delete static_cast<Bias*>(bias); }

// z = x·W + b of all times [T, batch, 4·units], U [units, 4·units] → h, c, tanh c [T, batch, units], gates like z.
void forward(void* kernel, TF_OpKernelContext* ctx) {
  Status status;
  const float forget_bias = static_cast<Bias*>(kernel)->forget;
  const Tensor z = input(ctx, 0, status), recurrent = input(ctx, 1, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  if (z.rank() != 3 || recurrent.rank() != 2 || recurrent.dim(1) != z.dim(2) || recurrent.dim(0) * 4 != z.dim(2))
    return fail(ctx, status, "z must be [T, batch, 4·units] and the recurrent kernel [units, 4·units]");
  const int64_t length = z.dim(0), batch = z.dim(1), units = recurrent.dim(0);
  const std::vector<int64_t> shape{length, batch, units};
  const Tensor h = output(ctx, 0, shape, status), c = output(ctx, 1, shape, status), tanh_c = output(ctx, 2, shape, status),
               gates = output(ctx, 3, z.shape(), status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const Packed u(recurrent.data(), units, 4 * units, false);
  const std::vector<float> none(units);
  spread(batch, work(length, batch, units), false, [&](int64_t from, int64_t to) {
    for (int64_t t = 0; t < length; t++) {
      const int64_t row = t * batch + from;
      float* now = gates.data() + row * 4 * units;
      std::memcpy(now, z.data() + row * 4 * units, size_t(to - from) * 4 * units * sizeof(float));
      if (t) add_product(h.data() + (row - batch) * units, units, u.data.data(), units, now, 4 * units, to - from, 4 * units);
      for (int64_t r = row; r < row + to - from; r++)
        step(gates.data() + r * 4 * units, t ? c.data() + (r - batch) * units : none.data(), c.data() + r * units, tanh_c.data() + r * units,
             h.data() + r * units, units, forget_bias);
    }
  });
}

struct Reach {
  int32_t truncate = 0;
};
void* create_backward(TF_OpKernelConstruction* ctx) {
  Status status;
  Reach* reach = new Reach;
  TF_OpKernelConstruction_GetAttrInt32(ctx, "truncate", &reach->truncate, status.s);
  if (!status.ok()) TF_OpKernelConstruction_Failure(ctx, status.s);
  return reach;
}
void destroy_backward(void* reach) { delete static_cast<Reach*>(reach); }

// ∂y, what the loss reads of h: [T, batch, units], or of the last time [batch, units]; U, c, tanh c, gates → the total
// gradients of h [T, batch, units] and of z [T, batch, 4·units].
void backward(void* kernel, TF_OpKernelContext* ctx) {
  Status status;
  const int64_t truncate = static_cast<Reach*>(kernel)->truncate;
  const Tensor dy = input(ctx, 0, status), recurrent = input(ctx, 1, status), c = input(ctx, 2, status), tanh_c = input(ctx, 3, status),
               gates = input(ctx, 4, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  if (c.rank() != 3 || recurrent.rank() != 2 || recurrent.dim(0) != c.dim(2) || recurrent.dim(1) != 4 * c.dim(2) || gates.size() != 4 * c.size() ||
      tanh_c.size() != c.size())
    return fail(ctx, status, "the shapes differ");
  const int64_t length = c.dim(0), batch = c.dim(1), units = c.dim(2);
  const bool every = dy.rank() == 3;
  if (dy.size() != (every ? c.size() : batch * units)) return fail(ctx, status, "the gradient has another shape");
  const Tensor dh = output(ctx, 0, c.shape(), status), dz = output(ctx, 1, gates.shape(), status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const Packed u(recurrent.data(), 4 * units, units, true);
  const std::vector<float> none(units);
  spread(batch, work(length, batch, units), false, [&](int64_t from, int64_t to) {
    const int64_t rows = to - from;
    std::vector<float> dc(size_t(rows * units));
    for (int64_t t = length - 1; t >= 0; t--) {
      const int64_t row = t * batch + from;
      float* total = dh.data() + row * units;
      const size_t bytes = size_t(rows * units) * sizeof(float);
      if (every)
        std::memcpy(total, dy.data() + row * units, bytes);
      else if (t == length - 1)
        std::memcpy(total, dy.data() + from * units, bytes);
      else
        std::memset(total, 0, bytes);
      // The state that step t + 1 received passes no gradient back where a stretch ends.
      const bool cut = truncate > 0 && (length - t - 1) % truncate == 0;
      if (t < length - 1 && !cut)
        add_product(dz.data() + (row + batch) * 4 * units, 4 * units, u.data.data(), 4 * units, total, units, rows, units);
      if (cut) std::fill(dc.begin(), dc.end(), 0.0f);
      for (int64_t r = 0; r < rows; r++)
        step_back(gates.data() + (row + r) * 4 * units, t ? c.data() + (row + r - batch) * units : none.data(), tanh_c.data() + (row + r) * units,
                  total + r * units, &dc[size_t(r * units)], dz.data() + (row + r) * 4 * units, units);
    }
  });
}

const bool registered = add_op("ClinicLstm", {"forget_bias: float"}, {"z: float", "recurrent: float"},
                               {"h: float", "c: float", "tanh_c: float", "gates: float"}, infer_unknown, create_forward, forward, destroy_forward) &&
                        add_op("ClinicLstmGrad", {"truncate: int"}, {"dy: float", "recurrent: float", "c: float", "tanh_c: float", "gates: float"},
                               {"dh: float", "dz: float"}, infer_unknown, create_backward, backward, destroy_backward);

}  // namespace

#endif
