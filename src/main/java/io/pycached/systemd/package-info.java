/**
 * What the service manager is told: that the daemon is ready, how it is doing, and that it gets on;
 * sd_notify(3), systemd.service(5).
 *
 * <p>Design note. The protocol is one datagram to an {@code AF_UNIX} socket, which the JDK cannot
 * send. JNA could: with 2 MB more to ship, native code for each architecture, which has to be
 * executed from somewhere in a hardened unit, 8 MB of memory and a flag for each newer Java. {@code
 * systemd-notify}(1) is where systemd is, and takes 8 ms of a process every half of {@code
 * WatchdogSec=}. Its price is {@code NotifyAccess=all}: the daemon's children may speak for it,
 * which are the interpreters, and those run as the same user with the same rights anyway.
 *
 * <p>Every message says the whole state, so one that is lost costs time and nothing else: before
 * systemd 246, one whose sender had ended could not be attributed and was.
 *
 * <p>One thread; what it asks the daemon must answer soon. A service manager that cannot be told is
 * logged and never ends the daemon.
 */
@NullMarked
package io.pycached.systemd;

import org.jspecify.annotations.NullMarked;
