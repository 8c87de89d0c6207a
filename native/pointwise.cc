// Several element-wise operations as one, block by block, so that what lies between them never leaves the cache. Each
// element goes through the same roundings as in TensorFlow's own operations, which the recorded step had:
// src/trainer/graph/pointwise.ts.
#if __has_include("tensorflow/c/kernels.h")

#include <cmath>

#include "ops.h"

using namespace clinic;

namespace {

// As `OPCODES` in src/trainer/graph/pointwise.ts.
enum Opcode { ADD, SUB, MUL, DIV, SQUARE, SQRT, NEG, ABS, OPCODES };
// Elements in a block: a dozen intermediate results of them fit the first-level cache.
constexpr int64_t BLOCK = 512;

// Each loop holds one operation only, so that no product and sum become one rounding.
VECTOR void apply(int opcode, const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ y, int64_t n) {
  switch (opcode) {
    case ADD:
      for (int64_t i = 0; i < n; i++) y[i] = a[i] + b[i];
      break;
    case SUB:
      for (int64_t i = 0; i < n; i++) y[i] = a[i] - b[i];
      break;
    case MUL:
      for (int64_t i = 0; i < n; i++) y[i] = a[i] * b[i];
      break;
    case DIV:
      for (int64_t i = 0; i < n; i++) y[i] = a[i] / b[i];
      break;
    case SQUARE:
      for (int64_t i = 0; i < n; i++) y[i] = a[i] * a[i];
      break;
    case SQRT:
      for (int64_t i = 0; i < n; i++) y[i] = __builtin_sqrtf(a[i]);
      break;
    case NEG:
      for (int64_t i = 0; i < n; i++) y[i] = -a[i];
      break;
    case ABS:
      for (int64_t i = 0; i < n; i++) y[i] = __builtin_fabsf(a[i]);
      break;
  }
}

// An operation on registers: those below the number of inputs are the inputs, the others the results in turn.
struct Step {
  int opcode, a, b;
  // Which output the result is, or −1.
  int output;
};
struct Program {
  // Of one set of tensors that the program runs over. There may be several sets.
  int32_t inputs = 0, outputs = 0, sets = 1;
  bool alone = false;
  std::vector<Step> steps;
};

void* create_any(TF_OpKernelConstruction* ctx, bool several) {
  Status status;
  Program* program = new Program;
  const auto refuse = [&](const char* why) -> void* {
    TF_SetStatus(status.s, TF_INVALID_ARGUMENT, why);
    TF_OpKernelConstruction_Failure(ctx, status.s);
    return program;
  };
  program->alone = flag(ctx, "alone");
  int32_t length = 0, total = 0;
  TF_OpKernelConstruction_GetAttrInt32(ctx, "N", &program->inputs, status.s);
  if (status.ok()) TF_OpKernelConstruction_GetAttrInt32(ctx, "M", &program->outputs, status.s);
  if (status.ok() && several) TF_OpKernelConstruction_GetAttrInt32(ctx, "sets", &program->sets, status.s);
  if (status.ok() && (program->sets < 1 || program->inputs % program->sets || program->outputs % program->sets))
    return refuse("the sets must have as many inputs and outputs each");
  program->inputs /= program->sets;
  program->outputs /= program->sets;
  if (status.ok()) TF_OpKernelConstruction_GetAttrSize(ctx, "program", &length, &total, status.s);
  std::vector<int32_t> flat(length > 0 ? length : 0);
  if (status.ok()) TF_OpKernelConstruction_GetAttrInt32List(ctx, "program", flat.data(), length, status.s);
  if (!status.ok() || flat.size() % 4) return refuse("the program must be groups of four");
  int known = program->inputs;
  std::vector<bool> made(program->outputs);
  for (size_t i = 0; i < flat.size(); i += 4) {
    const Step s{flat[i], flat[i + 1], flat[i + 2], flat[i + 3]};
    if (s.opcode < 0 || s.opcode >= OPCODES || s.a < 0 || s.a >= known || s.b < 0 || s.b >= known || s.output >= program->outputs)
      return refuse("the program names a register that there isn't");
    if (s.output >= 0) made[s.output] = true;
    program->steps.push_back(s);
    known++;
  }
  for (bool m : made)
    if (!m) return refuse("an output is never made");
  return program;
}
void* create(TF_OpKernelConstruction* ctx) { return create_any(ctx, false); }
void* create_sets(TF_OpKernelConstruction* ctx) { return create_any(ctx, true); }
void destroy(void* program) { delete static_cast<Program*>(program); }

// Inputs of a set have the shape of its first, or one element.
void compute(void* kernel, TF_OpKernelContext* ctx) {
  const Program& program = *static_cast<Program*>(kernel);
  const int32_t taken = program.inputs, given = program.outputs;
  Status status;
  std::vector<Tensor> inputs, outputs;
  for (int i = 0; i < taken * program.sets; i++) inputs.push_back(input(ctx, i, status));
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  // Blocks of the sets before each, and of all.
  std::vector<int64_t> blocks{0};
  std::vector<bool> single;
  int64_t all = 0, widest = 0;
  for (int s = 0; s < program.sets; s++) {
    const int64_t n = inputs[s * taken].size();
    for (int i = s * taken; i < (s + 1) * taken; i++) {
      const int64_t size = inputs[i].size();
      if (size != n && size != 1) return fail(ctx, status, "the sizes differ");
      single.push_back(size != n);
    }
    const std::vector<int64_t> shape = inputs[s * taken].shape();
    for (int i = 0; i < given; i++) outputs.push_back(output(ctx, s * given + i, shape, status));
    blocks.push_back(blocks.back() + (n + BLOCK - 1) / BLOCK);
    widest = std::max(widest, std::min(n, BLOCK));
    all += n;
  }
  if (!status.ok()) return TF_OpKernelContext_Failure(ctx, status.s);
  std::vector<float*> from, to;
  for (const Tensor& x : inputs) from.push_back(x.data());
  for (const Tensor& y : outputs) to.push_back(y.data());
  // Where nothing else could use the threads, what each operation of the program takes counts.
  const double work = double(all) * 0.1 * double(program.alone ? program.steps.size() : 1);
  spread(blocks.back(), work, program.alone, [&](int64_t first, int64_t last) {
    // Room for a block of each single number and of each result that is no output.
    std::vector<float> room((taken + program.steps.size()) * widest);
    std::vector<const float*> at(taken + program.steps.size());
    int s = 0;
    while (blocks[s + 1] <= first) s++;
    for (int64_t block = first; block < last; s++) {
      const int64_t n = inputs[s * taken].size(), width = std::min(n, BLOCK);
      for (int i = 0; i < taken; i++)
        if (single[s * taken + i]) std::fill_n(&room[i * widest], width, from[s * taken + i][0]);
      for (; block < std::min(last, blocks[s + 1]); block++) {
        const int64_t start = (block - blocks[s]) * BLOCK, count = std::min(BLOCK, n - start);
        for (int i = 0; i < taken; i++) at[i] = single[s * taken + i] ? &room[i * widest] : from[s * taken + i] + start;
        size_t r = taken;
        for (const Step& step : program.steps) {
          float* y = step.output < 0 ? &room[r * widest] : to[s * given + step.output] + start;
          apply(step.opcode, at[step.a], at[step.b], y, count);
          at[r++] = y;
        }
      }
    }
  });
}

const bool registered = add_op("ClinicPointwise", {"N: int >= 1", "M: int >= 1", "program: list(int)", ALONE}, {"inputs: N * float"},
                               {"outputs: M * float"}, infer_same, create, compute, destroy) &&
                        // One shape for each set.
                        add_op("ClinicPointwiseSets", {"N: int >= 1", "M: int >= 1", "sets: int >= 1", "program: list(int)", ALONE},
                               {"inputs: N * float"}, {"outputs: M * float"}, infer_unknown, create_sets, compute, destroy);

}  // namespace

#endif
