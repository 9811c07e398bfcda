#include "base/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <iterator>

namespace candor {

namespace {

constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<bool> signal_came = false;
std::atomic<int> read_end = -1;
std::atomic<int> write_end = -1;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

bool installed = false;
struct sigaction before[std::size(signals)];
sigset_t mask_before;

/// Async-signal-safe: atomics, write and _exit only.
void on_signal(int signal) {
  const int saved_errno = errno;
  if (signal_came.exchange(true) && signal == SIGINT) _exit(130);
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = write(write_end, &byte, 1);
  errno = saved_errno;
}

/// Opened once and kept: a handler that is still running must not write into someone else's descriptor.
void open_pipe() {
  int ends[2];
  if (read_end != -1 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
  write_end = ends[1];
  read_end = ends[0];
}

void drain_pipe() {
  char byte;
  while (read_end != -1 && read(read_end, &byte, 1) == 1) {
  }
}

}  // namespace

void install_interrupt_handlers() {
  if (installed) return;
  open_pipe();
  drain_pipe();
  signal_came = false;

  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;  // waiting code polls interrupt_fd(); nothing else has to know about EINTR
  sigemptyset(&action.sa_mask);
  sigset_t ours;
  sigemptyset(&ours);
  for (std::size_t i = 0; i < std::size(signals); ++i) {
    sigaddset(&ours, signals[i]);
    sigaction(signals[i], nullptr, &before[i]);
    // A signal that the caller chose to ignore (nohup, a shell's background job) stays ignored.
    if (before[i].sa_handler != SIG_IGN) sigaction(signals[i], &action, nullptr);
  }
  pthread_sigmask(SIG_UNBLOCK, &ours, &mask_before);
  installed = true;
}

void restore_interrupt_handlers() {
  if (!installed) return;
  for (std::size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], &before[i], nullptr);
  pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  installed = false;
}

bool interrupted() {
  return signal_came;
}

int interrupt_fd() {
  return installed ? read_end.load() : -1;
}

}  // namespace candor
