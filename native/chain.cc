// Dense layers that follow each other as one operation: all of them there, and all of them back. A row of a batch goes
// through the layers without asking for another row, so that each thread takes some rows through all layers, and none
// waits for another between two layers. The gradients of the weights sum over rows and are computed at the end. The
// recorded step puts them in the place of single layers: src/trainer/graph/chain.ts.
#if __has_include("tensorflow/c/kernels.h")

#include "layer.h"
#include "ops.h"

using namespace clinic;

namespace {

// Multiply–adds from which a chain is shared among threads.
constexpr double SHARED = 1 << 20;
// Pieces of a job for each thread: one that comes late takes fewer.
constexpr int64_t PIECES = 4;

// What the attribute `layers` tells of each layer: its activation in two bits, and flags.
constexpr int ACTIVATION = 3;
enum There { SUMS = 4 };
enum Back { BIAS = 4, DX = 8, DW = 16 };
Activation activation(int32_t layer) { return Activation(layer & ACTIVATION); }

void* create(TF_OpKernelConstruction* ctx) {
  Status status;
  int32_t length = 0, total = 0;
  TF_OpKernelConstruction_GetAttrSize(ctx, "layers", &length, &total, status.s);
  auto* flags = new std::vector<int32_t>(length > 0 ? length : 0);
  if (status.ok()) TF_OpKernelConstruction_GetAttrInt32List(ctx, "layers", flags->data(), length, status.s);
  if (!status.ok()) TF_OpKernelConstruction_Failure(ctx, status.s);
  return flags;
}
void destroy(void* flags) { delete static_cast<std::vector<int32_t>*>(flags); }

// Calls f(i) for i in [0, count), on several threads where a job of so many multiply–adds is worth it.
template <class F>
void share(int64_t count, double work, const F& f) {
  if (work >= SHARED) return each(count, f);
  for (int64_t i = 0; i < count; i++) f(i);
}

// Copies what several pieces read of the products' right sides. @returns the panels of each, or null
std::vector<const float*> copies(const std::vector<Product>& products, double work) {
  thread_local std::vector<float> room;
  std::vector<int64_t> at;
  int64_t all = 0;
  for (const Product& p : products) {
    at.push_back(p.panels() ? all : -1);
    all += p.panels();
  }
  room.resize(std::max(room.size(), size_t(all)));
  float* const to = room.data();
  if (all) share(int64_t(products.size()), work, [&](int64_t i) {
    if (at[i] >= 0) products[i].copy(to + at[i]);
  });
  std::vector<const float*> out;
  for (const int64_t start : at) out.push_back(start < 0 ? nullptr : to + start);
  return out;
}

// Calls f(from, to) for parts of a batch's rows.
template <class F>
void by_rows(int64_t batch, int64_t blocks, double work, const F& f) {
  const int64_t pieces = work < SHARED || threads() < 2 ? 1 : std::min(blocks, PIECES * threads());
  share(pieces, work, [&](int64_t i) { f(batch * i / pieces, batch * (i + 1) / pieces); });
}

// x [batch, inputs], then W [inputs, units] and b [units] of each layer → of each layer its sums z = x·W + b, where it
// has no activation or they are asked for, and y = f(z), where it has one. [batch, units] both.
void forward(void* kernel, TF_OpKernelContext* ctx) {
  const std::vector<int32_t>& layers = *static_cast<std::vector<int32_t>*>(kernel);
  Status status;
  std::vector<Tensor> inputs, outputs;
  for (size_t i = 0; i < 1 + 2 * layers.size(); i++) inputs.push_back(input(ctx, int(i), status));
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  if (inputs[0].rank() != 2) return fail(ctx, status, "the batch must be a matrix");
  const int64_t batch = inputs[0].dim(0);
  std::vector<Product> products;
  // Where the activation writes, or null where there is none or the product does it.
  std::vector<float*> active;
  const float* x = inputs[0].data();
  int64_t width = inputs[0].dim(1);
  double work = 0;
  for (size_t l = 0; l < layers.size(); l++) {
    const Tensor &w = inputs[1 + 2 * l], &bias = inputs[2 + 2 * l];
    if (w.rank() != 2 || w.dim(0) != width || bias.size() != w.dim(1)) return fail(ctx, status, "the sides of the matrices differ");
    const int64_t units = w.dim(1);
    const Activation f = activation(layers[l]);
    const bool both = f != Activation::NONE && (layers[l] & SUMS), inside = f == Activation::RELU && !both;
    for (int k = 0; k < (both ? 2 : 1); k++) outputs.push_back(output(ctx, int(outputs.size()), {batch, units}, status));
    if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
    float* const y = outputs.back().data();
    products.push_back({false, false, batch, units, width, x, w.data(), both ? outputs[outputs.size() - 2].data() : y, bias.data(), inside});
    active.push_back(f == Activation::NONE || inside ? nullptr : y);
    work += products.back().work();
    x = y;
    width = units;
  }
  const std::vector<const float*> panels = copies(products, work);
  by_rows(batch, products[0].blocks(), work, [&](int64_t from, int64_t to) {
    for (size_t l = 0; l < products.size(); l++) {
      const Product& p = products[l];
      p.rows(from, to, panels[l]);
      if (active[l]) activate(activation(layers[l]), p.c + from * p.n, active[l] + from * p.n, (to - from) * p.n);
    }
  });
}

// Takes ∂y [batch, units] of the last layer, then of each layer, from the last one down, y where it has an activation,
// W [inputs, units] where ∂x is wanted, and x [batch, inputs] where ∂W is. Gives of each, of those that are wanted, ∂z
// where it has an activation (without, it is ∂y), ∂b, ∂x = ∂z·Wᵀ, which is the next one's ∂y, and ∂W = xᵀ·∂z.
void backward(void* kernel, TF_OpKernelContext* ctx) {
  const std::vector<int32_t>& layers = *static_cast<std::vector<int32_t>*>(kernel);
  Status status;
  struct Layer {
    Activation f;
    const float *dy, *y, *at;
    float *dz, *db;
    int64_t units;
    int dx;
  };
  int taken = 0;
  std::vector<Tensor> inputs, outputs;
  const auto take = [&]() -> const Tensor& { return inputs.emplace_back(input(ctx, taken++, status)); };
  const auto give = [&](const std::vector<int64_t>& shape) {
    outputs.push_back(output(ctx, int(outputs.size()), shape, status));
    return outputs.back().t ? outputs.back().data() : nullptr;
  };
  inputs.reserve(1 + 3 * layers.size());
  const Tensor& first = take();
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  if (first.rank() != 2) return fail(ctx, status, "the gradient must be a matrix");
  const int64_t batch = first.dim(0);
  int64_t units = first.dim(1);
  const float* dy = first.data();
  std::vector<Layer> steps;
  std::vector<Product> down, weights;
  double work = 0;
  for (size_t l = 0; l < layers.size(); l++) {
    const int32_t wanted = layers[l];
    const Tensor *y = wanted & ACTIVATION ? &take() : nullptr, *w = wanted & DX ? &take() : nullptr, *x = wanted & DW ? &take() : nullptr;
    if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
    if (!dy || (y && y->size() != batch * units) || (w && (w->rank() != 2 || w->dim(1) != units)) || (x && (x->rank() != 2 || x->dim(0) != batch)))
      return fail(ctx, status, "the sides of the matrices differ");
    Layer step{activation(wanted), dy, y ? y->data() : nullptr, dy, nullptr, nullptr, units, -1};
    if (y) step.at = step.dz = give({batch, units});
    if (wanted & BIAS) step.db = give({units});
    float* const dx = w ? give({batch, w->dim(0)}) : nullptr;
    float* const dw = x ? give({x->dim(1), units}) : nullptr;
    if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
    if (w) {
      step.dx = int(down.size());
      down.push_back({false, true, batch, w->dim(0), units, step.at, w->data(), dx});
      work += down.back().work();
      units = w->dim(0);
    }
    if (x) {
      weights.push_back({true, false, x->dim(1), step.units, batch, x->data(), step.at, dw});
      work += weights.back().work();
    }
    steps.push_back(step);
    dy = dx;
  }
  const std::vector<const float*> panels = copies(down, work);
  const int64_t blocks = Product{false, false, batch, 1, 1, nullptr, nullptr, nullptr}.blocks();
  by_rows(batch, blocks, work, [&](int64_t from, int64_t to) {
    for (const Layer& step : steps) {
      const int64_t start = from * step.units;
      if (step.y) slope(step.f, step.dy + start, step.y + start, step.dz + start, (to - from) * step.units);
      if (step.dx >= 0) down[step.dx].rows(from, to, panels[step.dx]);
    }
  });
  const int64_t parts = work < SHARED || threads() < 2 || weights.empty() ? 1 : (PIECES * threads() - 1) / int64_t(weights.size()) + 1;
  const int64_t products = int64_t(weights.size()) * parts;
  share(products + int64_t(steps.size()), work, [&](int64_t i) {
    if (i < products) return weights[i / parts].part(i % parts, parts);
    const Layer& step = steps[i - products];
    for (int64_t j = 0; step.db && j < step.units; j += COLUMNS)
      sum_rows(step.at + j, batch, step.units, std::min(COLUMNS, step.units - j), step.db + j);
  });
}

const bool registered =
    add_op("ClinicChain", {"N: int >= 1", "M: int >= 1", "layers: list(int)"}, {"inputs: N * float"}, {"outputs: M * float"}, infer_unknown,
           create, forward, destroy) &&
    add_op("ClinicChainGrad", {"N: int >= 1", "M: int >= 1", "layers: list(int)"}, {"inputs: N * float"}, {"outputs: M * float"}, infer_unknown,
           create, backward, destroy);

}  // namespace

#endif
