// A pool whose threads take pieces of one job at a time. A thread that has nothing to do looks for the next job for
// about as long as the operations between two jobs take, then sleeps: waking it up takes longer than a small job.
#if __has_include("tensorflow/c/kernels.h")

#include "threads.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace clinic {

namespace {

// Threads of a pool at most. More would take longer to come than the products of such networks take.
constexpr int MOST = 8;
// Looks at the next job before a thread sleeps: some hundred microseconds.
constexpr int LOOKS = 3000;

inline void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

class Pool {
 public:
  explicit Pool(int others) {
    for (int i = 0; i < others; i++) std::thread([this] { serve(); }).detach();
  }

  void run(int64_t count, void (*f)(const void*, int64_t), const void* state) {
    f_ = f;
    state_ = state;
    count_ = count;
#if defined(__x86_64__)
    // TensorFlow's threads flush denormals to zero; so must these.
    mode_ = _mm_getcsr();
#endif
    next_.store(0, std::memory_order_relaxed);
    open_.store(true, std::memory_order_seq_cst);
    turn_.fetch_add(1, std::memory_order_seq_cst);
    const int64_t wanted = std::min<int64_t>(sleeping_.load(std::memory_order_seq_cst), count - 1);
    if (wanted > 0) {
      // The lock makes sure that a thread about to sleep has either seen the turn or hears the call.
      { const std::lock_guard<std::mutex> lock(mutex_); }
      for (int64_t i = 0; i < wanted; i++) called_.notify_one();
    }
    work();
    // No thread begins with the job from here on, and those inside are waited for.
    open_.store(false, std::memory_order_seq_cst);
    for (int i = 0; inside_.load(std::memory_order_seq_cst) > 0; i++) {
      if (i < LOOKS)
        pause();
      else
        std::this_thread::yield();
    }
  }

 private:
  void work() {
    for (int64_t i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < count_;) f_(state_, i);
  }

  void serve() {
    for (uint64_t seen = 0;;) {
      for (int i = 0; turn_.load(std::memory_order_acquire) == seen && i < LOOKS; i++) pause();
      if (turn_.load(std::memory_order_acquire) == seen) {
        std::unique_lock<std::mutex> lock(mutex_);
        sleeping_.fetch_add(1, std::memory_order_seq_cst);
        called_.wait(lock, [&] { return turn_.load(std::memory_order_seq_cst) != seen; });
        sleeping_.fetch_sub(1, std::memory_order_seq_cst);
      }
      seen = turn_.load(std::memory_order_acquire);
      inside_.fetch_add(1, std::memory_order_seq_cst);
      if (open_.load(std::memory_order_seq_cst)) {
#if defined(__x86_64__)
        _mm_setcsr(mode_);
#endif
        work();
      }
      inside_.fetch_sub(1, std::memory_order_seq_cst);
    }
  }

  std::mutex mutex_;
  std::condition_variable called_;
  std::atomic<uint64_t> turn_{0};
  std::atomic<int> sleeping_{0};
  std::atomic<int> inside_{0};
  std::atomic<bool> open_{false};
  std::atomic<int64_t> next_{0};
  int64_t count_ = 0;
  void (*f_)(const void*, int64_t) = nullptr;
  const void* state_ = nullptr;
  unsigned mode_ = 0;
};

}  // namespace

int threads() {
  static const int count = [] {
    const char* set = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int n = set ? std::atoi(set) : int(std::thread::hardware_concurrency());
    return n > 0 ? n : 1;
  }();
  return count;
}

void each(int64_t count, void (*f)(const void* state, int64_t i), const void* state) {
  static std::mutex busy;
  if (count > 1 && threads() > 1) {
    const std::unique_lock<std::mutex> mine(busy, std::try_to_lock);
    if (mine.owns_lock()) {
      // Never freed: its threads may look at it until the process ends.
      static Pool& pool = *new Pool(std::min(threads(), MOST) - 1);
      return pool.run(count, f, state);
    }
  }
  for (int64_t i = 0; i < count; i++) f(state, i);
}

}  // namespace clinic

#endif
