// Batch norm and its gradient (Ioffe & Szegedy 2015). TensorFlow's own op is made for pictures: on the rows of a dense
// net its set-up costs several times the arithmetic. Each channel is summed in float64, row after row, so that nothing
// hangs on the number of threads.
#if __has_include("tensorflow/c/kernels.h")

#include <cmath>

#include "ops.h"

using namespace clinic;

namespace {

// Channels that are taken together: a cache line of floats.
constexpr int WIDE = 16;

// Sums of u and of u·v over all rows, for `n` ≤ WIDE channels; u = a − c, v = b − d with channel-wise c and d.
VECTOR void sums(const float* a, const float* b, int64_t rows, int64_t stride, int n, const double* c, const double* d, double* one,
                 double* two) {
  double s[WIDE] = {0}, t[WIDE] = {0};
  if (n == WIDE)
    for (int64_t r = 0; r < rows; r++, a += stride, b += stride)
      for (int k = 0; k < WIDE; k++) {
        const double u = double(a[k]) - c[k];
        s[k] += u;
        t[k] += u * (double(b[k]) - d[k]);
      }
  else
    for (int64_t r = 0; r < rows; r++, a += stride, b += stride)
      for (int k = 0; k < n; k++) {
        const double u = double(a[k]) - c[k];
        s[k] += u;
        t[k] += u * (double(b[k]) - d[k]);
      }
  for (int k = 0; k < n; k++) {
    one[k] = s[k];
    two[k] = t[k];
  }
}

// y = p·a + q·(b − m) + r, by channel.
VECTOR void combine(const float* a, const float* b, float* y, int64_t rows, int64_t stride, int n, const float* p, const float* q,
                    const float* m, const float* r) {
  if (n == WIDE)
    for (int64_t i = 0; i < rows; i++, a += stride, b += stride, y += stride)
      for (int k = 0; k < WIDE; k++) y[k] = p[k] * a[k] + (q[k] * (b[k] - m[k]) + r[k]);
  else
    for (int64_t i = 0; i < rows; i++, a += stride, b += stride, y += stride)
      for (int k = 0; k < n; k++) y[k] = p[k] * a[k] + (q[k] * (b[k] - m[k]) + r[k]);
}

// y = p·(x − m) + r, by channel. The difference comes first: a mean that is large beside the deviation costs no digits.
VECTOR void scale(const float* x, float* y, int64_t rows, int64_t stride, int n, const float* p, const float* m, const float* r) {
  if (n == WIDE)
    for (int64_t i = 0; i < rows; i++, x += stride, y += stride)
      for (int k = 0; k < WIDE; k++) y[k] = p[k] * (x[k] - m[k]) + r[k];
  else
    for (int64_t i = 0; i < rows; i++, x += stride, y += stride)
      for (int k = 0; k < n; k++) y[k] = p[k] * (x[k] - m[k]) + r[k];
}

struct Settings {
  float epsilon = 0;
  bool alone = false;
};
void* create(TF_OpKernelConstruction* ctx) {
  Status status;
  Settings* settings = new Settings;
  TF_OpKernelConstruction_GetAttrFloat(ctx, "epsilon", &settings->epsilon, status.s);
  if (!status.ok()) TF_OpKernelConstruction_Failure(ctx, status.s);
  settings->alone = flag(ctx, "alone");
  return settings;
}
void destroy(void* settings) { delete static_cast<Settings*>(settings); }

// Calls f(first channel, how many) for all channels.
template <class F>
void by_channels(int64_t channels, int64_t size, bool alone, const F& f) {
  spread((channels + WIDE - 1) / WIDE, double(size) * 0.5, alone, [&](int64_t from, int64_t to) {
    for (int64_t b = from; b < to; b++) f(b * WIDE, int(std::min<int64_t>(WIDE, channels - b * WIDE)));
  });
}

// x [… × channels], γ, β → y, mean, biased variance.
void forward(void* kernel, TF_OpKernelContext* ctx) {
  Status status;
  const Settings& settings = *static_cast<Settings*>(kernel);
  const double epsilon = settings.epsilon;
  const Tensor x = input(ctx, 0, status), gamma = input(ctx, 1, status), beta = input(ctx, 2, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const int64_t channels = gamma.size();
  if (!channels || x.size() % channels || beta.size() != channels) return fail(ctx, status, "the channels differ");
  const int64_t rows = x.size() / channels;
  const Tensor y = output(ctx, 0, x.shape(), status), mean = output(ctx, 1, {channels}, status), variance = output(ctx, 2, {channels}, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  by_channels(channels, x.size(), settings.alone, [&](int64_t at, int n) {
    const float* from = x.data() + at;
    double none[WIDE] = {0}, sum[WIDE], centre[WIDE], rest[WIDE], squares[WIDE];
    float p[WIDE], m[WIDE], r[WIDE];
    sums(from, from, rows, channels, n, none, none, sum, squares);
    for (int k = 0; k < n; k++) centre[k] = sum[k] / double(rows);
    sums(from, from, rows, channels, n, centre, centre, rest, squares);
    for (int k = 0; k < n; k++) {
      const double v = squares[k] / double(rows);
      mean.data()[at + k] = m[k] = float(centre[k]);
      variance.data()[at + k] = float(v);
      p[k] = float(gamma.data()[at + k] / std::sqrt(v + epsilon));
      r[k] = beta.data()[at + k];
    }
    scale(from, y.data() + at, rows, channels, n, p, m, r);
  });
}

// ∂y, x, γ, mean, variance → ∂x, ∂γ, ∂β: ∂x = γ·(∂y − mean(∂y) − x̂·mean(∂y·x̂))/√(var + ε) (section 3).
void backward(void* kernel, TF_OpKernelContext* ctx) {
  Status status;
  const Settings& settings = *static_cast<Settings*>(kernel);
  const double epsilon = settings.epsilon;
  const Tensor dy = input(ctx, 0, status), x = input(ctx, 1, status), gamma = input(ctx, 2, status), mean = input(ctx, 3, status),
               variance = input(ctx, 4, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const int64_t channels = gamma.size();
  if (!channels || x.size() % channels || dy.size() != x.size() || mean.size() != channels || variance.size() != channels)
    return fail(ctx, status, "the channels differ");
  const int64_t rows = x.size() / channels;
  const Tensor dx = output(ctx, 0, x.shape(), status), d_gamma = output(ctx, 1, {channels}, status), d_beta = output(ctx, 2, {channels}, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  by_channels(channels, x.size(), settings.alone, [&](int64_t at, int n) {
    double none[WIDE] = {0}, centre[WIDE], sum[WIDE], products[WIDE];
    float p[WIDE], q[WIDE], r[WIDE];
    for (int k = 0; k < n; k++) centre[k] = mean.data()[at + k];
    sums(dy.data() + at, x.data() + at, rows, channels, n, none, centre, sum, products);
    for (int k = 0; k < n; k++) {
      const double inverse = 1 / std::sqrt(double(variance.data()[at + k]) + epsilon);
      const double by_hat = products[k] * inverse;
      d_gamma.data()[at + k] = float(by_hat);
      d_beta.data()[at + k] = float(sum[k]);
      const double slope = gamma.data()[at + k] * inverse;
      p[k] = float(slope);
      q[k] = float(-slope * inverse * by_hat / double(rows));
      r[k] = float(-slope * sum[k] / double(rows));
    }
    combine(dy.data() + at, x.data() + at, dx.data() + at, rows, channels, n, p, q, mean.data() + at, r);
  });
}

// The first output has the shape of the first input, the others that of the scales.
void infer(TF_ShapeInferenceContext* ctx, TF_Status* status, int scales) {
  TF_ShapeHandle* handle = TF_NewShapeHandle();
  for (int i = 0; i < 3 && TF_GetCode(status) == TF_OK; i++) {
    TF_ShapeInferenceContextGetInput(ctx, i ? scales : 0, handle, status);
    if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(ctx, i, handle, status);
  }
  TF_DeleteShapeHandle(handle);
}
void infer_forward(TF_ShapeInferenceContext* ctx, TF_Status* status) { infer(ctx, status, 1); }
void infer_backward(TF_ShapeInferenceContext* ctx, TF_Status* status) { infer(ctx, status, 2); }

const bool registered =
    add_op("ClinicBatchNorm", {"epsilon: float", ALONE}, {"x: float", "scale: float", "shift: float"}, {"y: float", "mean: float", "variance: float"},
           infer_forward, create, forward, destroy) &&
    add_op("ClinicBatchNormGrad", {"epsilon: float", ALONE}, {"dy: float", "x: float", "scale: float", "mean: float", "variance: float"},
           {"dx: float", "dscale: float", "dshift: float"}, infer_backward, create, backward, destroy);

}  // namespace

#endif
