#include "engine/retry.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "base/interrupt.h"

namespace candor::engine {

bool worth_retrying(const Error& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01";
}

void pause_before(int attempt) {
  static std::minstd_rand random{std::random_device{}()};
  const int base = std::min(100 << std::min(attempt, 6), 5000);
  const int pause = base + static_cast<int>(random() % static_cast<unsigned>(base / 2 + 1));
  for (int waited = 0; waited < pause && !interrupted(); waited += 20)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace candor::engine
