// Dense layers: the forward pass with bias and ReLU, the backward pass of a layer as one operation, and any other
// product of two matrices. The recorded step puts them in the place of TensorFlow's: src/trainer/graph/dense.ts.
#if __has_include("tensorflow/c/kernels.h")

#include "ops.h"
#include "layer.h"

using namespace clinic;

namespace {

struct Sides {
  bool a, b, alone;
};
void* create_product(TF_OpKernelConstruction* ctx) { return new Sides{flag(ctx, "transpose_a"), flag(ctx, "transpose_b"), flag(ctx, "alone")}; }
void destroy_product(void* sides) { delete static_cast<Sides*>(sides); }

void product(void* kernel, TF_OpKernelContext* ctx) {
  const Sides& transposed = *static_cast<Sides*>(kernel);
  Status status;
  const Tensor a = input(ctx, 0, status), b = input(ctx, 1, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  if (a.rank() != 2 || b.rank() != 2 || a.dim(transposed.a ? 0 : 1) != b.dim(transposed.b ? 1 : 0))
    return fail(ctx, status, "the sides of the matrices differ");
  const int64_t m = a.dim(transposed.a ? 1 : 0), k = a.dim(transposed.a ? 0 : 1), n = b.dim(transposed.b ? 0 : 1);
  const Tensor c = output(ctx, 0, {m, n}, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const Product only{transposed.a, transposed.b, m, n, k, a.data(), b.data(), c.data()};
  multiply(&only, 1, transposed.alone);
}

struct Layer {
  bool relu, alone;
};
void* create_forward(TF_OpKernelConstruction* ctx) { return new Layer{flag(ctx, "relu"), flag(ctx, "alone")}; }
void destroy_forward(void* layer) { delete static_cast<Layer*>(layer); }

// x [batch, inputs], W [inputs, units], b [units] → x·W + b, through ReLU where the layer has it.
void forward(void* kernel, TF_OpKernelContext* ctx) {
  const Layer& layer = *static_cast<Layer*>(kernel);
  Status status;
  const Tensor x = input(ctx, 0, status), w = input(ctx, 1, status), bias = input(ctx, 2, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  if (x.rank() != 2 || w.rank() != 2 || x.dim(1) != w.dim(0) || bias.size() != w.dim(1))
    return fail(ctx, status, "the sides of the matrices differ");
  const Tensor y = output(ctx, 0, {x.dim(0), w.dim(1)}, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const Product only{false, false, x.dim(0), w.dim(1), x.dim(1), x.data(), w.data(), y.data(), bias.data(), layer.relu};
  multiply(&only, 1, layer.alone);
}

struct Wanted {
  bool relu, bias, x, w, alone;
};
void* create_backward(TF_OpKernelConstruction* ctx) {
  return new Wanted{flag(ctx, "relu"), flag(ctx, "bias"), flag(ctx, "dx"), flag(ctx, "dw"), flag(ctx, "alone")};
}
void destroy_backward(void* wanted) { delete static_cast<Wanted*>(wanted); }

// Takes ∂y [batch, units], then y where the layer ends in ReLU, W [inputs, units] where ∂x is wanted, x [batch, inputs]
// where ∂W is. Gives, of those that are wanted and in this order, ∂z, ∂b, ∂x = ∂z·Wᵀ and ∂W = xᵀ·∂z. ∂z is ∂y without
// ReLU, and no output then.
void backward(void* kernel, TF_OpKernelContext* ctx) {
  const Wanted& wanted = *static_cast<Wanted*>(kernel);
  Status status;
  int taken = 0, given = 0;
  const Tensor dy = input(ctx, taken++, status), y = wanted.relu ? input(ctx, taken++, status) : Tensor(),
               w = wanted.x ? input(ctx, taken++, status) : Tensor(), x = wanted.w ? input(ctx, taken++, status) : Tensor();
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  if (dy.rank() != 2) return fail(ctx, status, "the gradient must be a matrix");
  const int64_t batch = dy.dim(0), units = dy.dim(1);
  if ((wanted.relu && y.size() != dy.size()) || (wanted.x && (w.rank() != 2 || w.dim(1) != units)) ||
      (wanted.w && (x.rank() != 2 || x.dim(0) != batch)))
    return fail(ctx, status, "the sides of the matrices differ");
  const Tensor dz = wanted.relu ? output(ctx, given++, dy.shape(), status) : Tensor(),
               db = wanted.bias ? output(ctx, given++, {units}, status) : Tensor(),
               dx = wanted.x ? output(ctx, given++, {batch, w.dim(0)}, status) : Tensor(),
               dw = wanted.w ? output(ctx, given++, {x.dim(1), units}, status) : Tensor();
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const float* at = wanted.relu ? dz.data() : dy.data();
  spread((units + COLUMNS - 1) / COLUMNS, double(dy.size()) * 0.3, wanted.alone, [&](int64_t from, int64_t to) {
    for (int64_t j = from * COLUMNS; j < std::min(to * COLUMNS, units); j += COLUMNS) {
      const int64_t columns = std::min(COLUMNS, units - j);
      if (wanted.relu) slope_of_relu(dy.data() + j, y.data() + j, dz.data() + j, batch, units, columns);
      if (wanted.bias) sum_rows(at + j, batch, units, columns, db.data() + j);
    }
  });
  Product products[2];
  int count = 0;
  if (wanted.x) products[count++] = {false, true, batch, w.dim(0), units, at, w.data(), dx.data()};
  if (wanted.w) products[count++] = {true, false, x.dim(1), units, batch, x.data(), at, dw.data()};
  multiply(products, count, wanted.alone);
}

const bool registered =
    add_op("ClinicMatMul", {"transpose_a: bool", "transpose_b: bool", ALONE}, {"a: float", "b: float"}, {"c: float"}, infer_unknown, create_product,
           product, destroy_product) &&
    add_op("ClinicDense", {"relu: bool", ALONE}, {"x: float", "w: float", "b: float"}, {"y: float"}, infer_unknown, create_forward, forward,
           destroy_forward) &&
    add_op("ClinicDenseGrad", {"N: int >= 1", "M: int >= 1", "relu: bool", "bias: bool", "dx: bool", "dw: bool", ALONE}, {"inputs: N * float"},
           {"outputs: M * float"}, infer_unknown, create_backward, backward, destroy_backward);

}  // namespace

#endif
