"""A pycached daemon as the benchmark sees it: a process, its socket and its lines in /proc."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time

READY_TIMEOUT = 600.0
REQUEST_TIMEOUT = 600.0
STOP_TIMEOUT = 30.0
REST_TIMEOUT = 300.0
REST_CPU = 0.02  # seconds of processor time in one second
POLL_INTERVAL = 0.02  # each question costs a starting daemon half a millisecond of processor time
LOG_TAIL = 4000  # bytes of the daemon's log that an error shows


class Failure(Exception):
    """The benchmark cannot go on; the message says what, expected and found."""


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Daemon:
    """`pycached run` over one tree; a context manager that always stops it."""

    def __init__(self, launcher, tree, directory, environment):
        """`directory` takes the socket and the log; its path must be short enough for a socket."""
        self.socket = os.path.join(directory, "admin.sock")
        self.log = os.path.join(directory, "daemon.log")
        self.environment = environment
        self.command = [launcher, "run", "--prefix", tree["prefix"]]
        self.command += ["--socket", self.socket, tree["source"]]
        self.process = None
        self.seconds_to_ready = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Starts the process and waits until /readyz answers 200."""
        if os.path.exists(self.socket):
            os.unlink(self.socket)  # what a killed daemon left would blur the start
        with open(self.log, "ab") as log:
            started = time.perf_counter()
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
            )
        while not self.is_ready():
            waited = time.perf_counter() - started
            if self.process.poll() is not None:
                self.fail("the daemon ended with status %d" % self.process.returncode)
            if waited > READY_TIMEOUT:
                self.fail("the daemon was not ready after %.0f s" % waited)
            time.sleep(POLL_INTERVAL)
        self.seconds_to_ready = time.perf_counter() - started

    def is_ready(self):
        try:
            return self.request("GET", "/readyz")[0] == 200
        except (FileNotFoundError, ConnectionError, http.client.HTTPException):
            return False  # not listening yet

    def request(self, method, path):
        """The status and the body of the answer; a POST carries an empty JSON object."""
        connection = UnixConnection(self.socket, REQUEST_TIMEOUT)
        try:
            if method == "POST":
                headers = {"Content-Type": "application/json", "X-Pycached": "1"}
                connection.request(method, path, body=b"{}", headers=headers)
            else:
                connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def json(self, method, path):
        status, body = self.request(method, path)
        if status != 200:
            self.fail("%s %s: expected 200, found %d %r" % (method, path, status, body[:500]))
        return json.loads(body)

    def reconcile(self, full):
        """The seconds of one reconcile, as the daemon measured it and as its client did."""
        started = time.perf_counter()
        answer = self.json("POST", "/v1/reconcile" + ("?full=true" if full else ""))
        client_seconds = time.perf_counter() - started
        seconds = answer.get("elapsed_seconds")
        if not isinstance(seconds, (int, float)) or not 0 < seconds <= client_seconds:
            self.fail(
                "/v1/reconcile: expected elapsed_seconds in (0, %.6f], found %r"
                % (client_seconds, seconds)
            )
        return seconds, client_seconds

    def totals(self):
        return self.json("GET", "/v1/status")["totals"]

    def memory(self):
        """Resident bytes now, and at their highest."""
        fields = self.proc("status").splitlines()
        kib = {line.split(":")[0]: line.split()[1] for line in fields if line.startswith("Vm")}
        return int(kib["VmRSS"]) * 1024, int(kib["VmHWM"]) * 1024

    def cpu_seconds(self):
        """User and system time of all threads; the kernel counts in ticks of 10 ms."""
        fields = self.proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def await_rest(self):
        """Waits until it has nothing left to do: what it does of its own accord after a start."""
        deadline = time.monotonic() + REST_TIMEOUT
        while True:
            before = self.cpu_seconds()
            time.sleep(1)
            if self.cpu_seconds() - before <= REST_CPU:
                return
            if time.monotonic() > deadline:
                self.fail("the daemon is still busy after %.0f s" % REST_TIMEOUT)

    def wake_ups(self):
        """How often each of the threads that now run has left the processor of its own accord, by thread."""
        counts = {}
        for thread in os.listdir("/proc/%d/task" % self.process.pid):
            try:
                status = self.proc("task/%s/status" % thread)
            except (FileNotFoundError, ProcessLookupError):
                continue  # the thread ended meanwhile
            line = next(x for x in status.splitlines() if x.startswith("voluntary_ctxt"))
            counts[thread] = int(line.split()[1])
        return counts

    def proc(self, name):
        with open("/proc/%d/%s" % (self.process.pid, name), encoding="utf-8") as file:
            return file.read()

    def stop(self):
        """Ends the process: SIGTERM, and SIGKILL if that does not do it in time."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_TIMEOUT)
            message = "the daemon did not stop within %.0f s of SIGTERM" % STOP_TIMEOUT
            raise Failure(message) from None

    def fail(self, message):
        try:
            with open(self.log, "rb") as log:
                tail = log.read()[-LOG_TAIL:].decode(errors="replace")
        except OSError:
            tail = ""
        raise Failure("%s\n--- end of the daemon's log ---\n%s" % (message, tail))
