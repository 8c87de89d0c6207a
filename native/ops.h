// What the product's own TensorFlow operations share. Set-up compiles them into the tfjs-node binding, and each
// registers itself when the binding is loaded. They use the C API only, which is all that a library offers for sure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "threads.h"

// GCC compiles a version for each of these processors, and the loader picks the best one.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define VECTOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3", "no-trapping-math")))
#elif defined(__GNUC__) && !defined(__clang__)
#define VECTOR __attribute__((optimize("O3", "no-trapping-math")))
#else
#define VECTOR
#endif

namespace clinic {

// Free what they hold at the end of a scope.
struct Status {
  TF_Status* s = TF_NewStatus();
  Status() = default;
  Status(const Status&) = delete;
  ~Status() { TF_DeleteStatus(s); }
  bool ok() const { return TF_GetCode(s) == TF_OK; }
};
struct Tensor {
  TF_Tensor* t = nullptr;
  Tensor() = default;
  Tensor(const Tensor&) = delete;
  Tensor(Tensor&& from) : t(from.t) { from.t = nullptr; }
  ~Tensor() {
    if (t) TF_DeleteTensor(t);
  }
  float* data() const { return static_cast<float*>(TF_TensorData(t)); }
  int64_t size() const { return TF_TensorElementCount(t); }
  int rank() const { return TF_NumDims(t); }
  int64_t dim(int i) const { return TF_Dim(t, i); }
  std::vector<int64_t> shape() const {
    std::vector<int64_t> out(rank());
    for (int i = 0; i < rank(); i++) out[i] = dim(i);
    return out;
  }
};

inline Tensor input(TF_OpKernelContext* ctx, int i, Status& status) {
  Tensor x;
  TF_GetInput(ctx, i, &x.t, status.s);
  return x;
}
inline Tensor output(TF_OpKernelContext* ctx, int i, const std::vector<int64_t>& shape, Status& status) {
  int64_t n = 1;
  for (int64_t d : shape) n *= d;
  Tensor y;
  y.t = TF_AllocateOutput(ctx, i, TF_FLOAT, shape.data(), int(shape.size()), n * sizeof(float), status.s);
  return y;
}
inline void fail(TF_OpKernelContext* ctx, Status& status, const char* why) {
  TF_SetStatus(status.s, TF_INVALID_ARGUMENT, why);
  TF_OpKernelContext_Failure(ctx, status.s);
}

// Says that no other operation runs beside one: src/trainer/graph/turns.ts.
constexpr const char* ALONE = "alone: bool = false";

inline bool flag(TF_OpKernelConstruction* ctx, const char* name) {
  Status status;
  unsigned char value = 0;
  TF_OpKernelConstruction_GetAttrBool(ctx, name, &value, status.s);
  if (!status.ok()) TF_OpKernelConstruction_Failure(ctx, status.s);
  return value != 0;
}

// Calls f(from, to) for parts of [0, count) that together are the whole, on several threads where `work` (in about
// nanoseconds) is worth it: less of it where no other operation could use them. f must compute each item by itself, so
// that no bit hangs on the number of threads.
template <class F>
void spread(int64_t count, double work, bool alone, const F& f) {
  const int64_t parts = std::min<int64_t>(count, work < (alone ? 2e4 : 1e5) ? 1 : threads());
  each(parts, [&](int64_t p) { f(count * p / parts, count * (p + 1) / parts); });
}

using Infer = void (*)(TF_ShapeInferenceContext*, TF_Status*);
// Of results whose shapes the C API can't tell before they are there.
inline void infer_unknown(TF_ShapeInferenceContext* ctx, TF_Status* status) { TF_ShapeInferenceContextSetUnknownShape(ctx, status); }
// Of results that all have the shape of the first input.
inline void infer_same(TF_ShapeInferenceContext* ctx, TF_Status* status) {
  TF_ShapeHandle* handle = TF_NewShapeHandle();
  TF_ShapeInferenceContextGetInput(ctx, 0, handle, status);
  // The C API does not tell how many results there are.
  Status ended;
  for (int i = 0; TF_GetCode(status) == TF_OK && ended.ok(); i++) TF_ShapeInferenceContextSetOutput(ctx, i, handle, ended.s);
  TF_DeleteShapeHandle(handle);
}
using Create = void* (*)(TF_OpKernelConstruction*);
using Compute = void (*)(void*, TF_OpKernelContext*);
using Destroy = void (*)(void*);

inline bool add_op(const char* name, std::initializer_list<const char*> attrs, std::initializer_list<const char*> inputs,
                   std::initializer_list<const char*> outputs, Infer infer, Create create, Compute compute, Destroy destroy) {
  Status status;
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
  for (const char* a : attrs) TF_OpDefinitionBuilderAddAttr(op, a);
  for (const char* i : inputs) TF_OpDefinitionBuilderAddInput(op, i);
  for (const char* o : outputs) TF_OpDefinitionBuilderAddOutput(op, o);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, infer);
  TF_RegisterOpDefinition(op, status.s);
  if (!status.ok()) return false;
  TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", create, compute, destroy), status.s);
  return status.ok();
}

}  // namespace clinic
