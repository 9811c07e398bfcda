/// base/interrupt.h: Ctrl-C, SIGTERM and SIGHUP as a flag that waiting code looks at.
#pragma once

namespace candor {

/// Installs handlers for SIGINT, SIGTERM and SIGHUP; a second Ctrl-C ends the process at once. Call once,
/// from main.
void install_interrupt_handlers();
/// Restores the default handlers and the signal mask (before exec).
void restore_interrupt_handlers();
/// True once a signal has come.
bool interrupted();
/// A file descriptor that becomes readable when a signal comes, for poll(); -1 if handlers are not installed.
int interrupt_fd();

}  // namespace candor
