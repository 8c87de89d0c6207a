// Sigmoid and tanh of any tensor, as in chains of dense layers: within two units in the last place, where TensorFlow's
// tanh is up to five off. That is much where a unit saturates: its slope 1 − y² is then as small as such an error.
#if __has_include("tensorflow/c/kernels.h")

#include "layer.h"
#include "ops.h"

using namespace clinic;

namespace {

struct Kind {
  Activation f;
  bool alone;
};
void* create(TF_OpKernelConstruction* ctx) {
  Status status;
  int32_t f = 0;
  TF_OpKernelConstruction_GetAttrInt32(ctx, "f", &f, status.s);
  if (status.ok() && (f < 0 || f > int32_t(Activation::TANH))) TF_SetStatus(status.s, TF_INVALID_ARGUMENT, "there is no such activation");
  if (!status.ok()) TF_OpKernelConstruction_Failure(ctx, status.s);
  return new Kind{Activation(f), flag(ctx, "alone")};
}
void destroy(void* kind) { delete static_cast<Kind*>(kind); }

void compute(void* kernel, TF_OpKernelContext* ctx) {
  const Kind& kind = *static_cast<Kind*>(kernel);
  Status status;
  const Tensor z = input(ctx, 0, status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  const Tensor y = output(ctx, 0, z.shape(), status);
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  spread(z.size(), double(z.size()) * 0.5, kind.alone,
         [&](int64_t from, int64_t to) { activate(kind.f, z.data() + from, y.data() + from, to - from); });
}

const bool registered = add_op("ClinicActivation", {"f: int", ALONE}, {"z: float"}, {"y: float"}, infer_same, create, compute, destroy);

}  // namespace

#endif
