/**
 * The admin endpoint: HTTP on a Unix socket and, only where configured, on a loopback address. The
 * only package that knows Jetty.
 *
 * <p>{@link io.pycached.admin.AdminServer} speaks HTTP and refuses what must be refused; what it
 * serves comes from an {@link io.pycached.admin.AdminService}, which the daemon implements. {@link
 * io.pycached.admin.AdminClient} is the other end of the Unix socket, without one class of Jetty.
 *
 * <p><b>Who may what.</b> Whoever can connect to the Unix socket (mode 0660) may read. Only root,
 * the user that the daemon runs as and the configured admins may write; the kernel names the peer
 * ({@code SO_PEERCRED}, unix(7)) as a {@code UserPrincipal}, and principals are compared, never
 * names: a name that is parsed out of text can be forged (CVE-2019-7304). A connection over TCP is
 * nobody's identity, so nothing can be written there. A browser that was lured to a foreign page
 * can reach a loopback address as well: the {@code Host} must be one of ours, since a name that was
 * rebound to 127.0.0.1 is not (CVE-2022-41925), and a request that carries an {@code Origin} is
 * refused, on the Unix socket too, because {@code ssh -L} makes a port of it.
 *
 * <p><b>Threads.</b> Requests run on a small pool of Jetty's; everything here may be called by any
 * of its threads. Connections, headers, bodies, writes and the pool each have a named bound.
 *
 * <p><b>Errors.</b> Starting fails with an {@link java.io.IOException} of one line. A request fails
 * with a status and {@code {"schema":1,"error":"…"}}, or one line of text where the client asked
 * for {@code text/plain}.
 */
@NullMarked
package io.pycached.admin;

import org.jspecify.annotations.NullMarked;
