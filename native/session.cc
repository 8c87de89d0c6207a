// How TensorFlow prepares a recorded step. Its graph optimizer runs twice over the whole graph with passes for devices,
// functions and loops that a recorded step does not have; in a net of 200 layers that takes several times as long as
// the rest of the start. What remains changes what is computed: fusion, folding of constants, arithmetic, dependencies.
// Set-up compiles the binding so that it asks here for its session's options.
#undef TF_NewSessionOptions

#include <cstddef>
#include <cstdlib>
#include <string>

#include "tensorflow/c/c_api.h"

namespace {

// Fields and values of RewriterConfig (tensorflow/core/protobuf/rewriter_config.proto).
constexpr int OFF = 2;
struct Setting {
  int field, value;
};
constexpr Setting SETTINGS[] = {
    {1, OFF},   // layout_optimizer: every tensor is channels-last already
    {4, 1},     // memory_optimization: NO_MEM_OPT; no device to swap from
    {9, OFF},   // loop_optimization
    {10, OFF},  // function_optimization
    {12, 1},    // meta_optimizer_iterations: ONE
    {13, OFF},  // shape_optimization
    {22, OFF},  // implementation_selector
    {24, OFF},  // common_subgraph_elimination: src/trainer/graph/rewrite.ts does it
    {30, OFF},  // experimental_conditional_code_motion
    {32, 1},    // disable_tfg_optimizer
};

void put(std::string& to, unsigned value) {
  for (; value > 127; value >>= 7) to += char((value & 127) | 128);
  to += char(value);
}
std::string message(int field, const std::string& inside) {
  std::string out;
  put(out, unsigned(field) << 3 | 2);
  put(out, unsigned(inside.size()));
  return out + inside;
}

}  // namespace

extern "C" TF_SessionOptions* ClinicSessionOptions() {
  std::string rewrite;
  for (const Setting& s : SETTINGS) {
    put(rewrite, unsigned(s.field) << 3);
    put(rewrite, unsigned(s.value));
  }
  // ConfigProto.graph_options.rewrite_options
  std::string config = message(10, message(10, rewrite));
  // ConfigProto.experimental.executor_type, of the session that is made next: src/trainer/graph/turns.ts.
  if (const char* executor = std::getenv("GRADIENT_CLINIC_EXECUTOR")) config += message(16, message(3, executor));
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_Status* status = TF_NewStatus();
  // What a library does not know it ignores; then it only takes longer.
  TF_SetConfig(options, config.data(), config.size(), status);
  TF_DeleteStatus(status);
  return options;
}
