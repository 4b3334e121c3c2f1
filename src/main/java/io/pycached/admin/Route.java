package io.pycached.admin;

import java.util.Optional;

/** A path that the endpoint serves. */
enum Route {
  PAGE("/"),
  STATUS("/v1/status"),
  METRICS("/metrics"),
  HEALTHZ("/healthz"),
  READYZ("/readyz"),
  WHY("/v1/why"),
  RECONCILE("/v1/reconcile", WriteOperation.RECONCILE),
  PRUNE("/v1/prune", WriteOperation.PRUNE),
  SYNC("/v1/sync", WriteOperation.SYNC),
  PURGE("/v1/purge", WriteOperation.PURGE);

  /** What stands for every other path in metrics. */
  static final String OTHER = "other";

  private final String path;
  private final Optional<WriteOperation> operation;

  Route(String path) {
    this.path = path;
    this.operation = Optional.empty();
  }

  Route(String path, WriteOperation operation) {
    this.path = path;
    this.operation = Optional.of(operation);
  }

  static Optional<Route> at(String path) {
    for (Route route : values()) {
      if (route.path.equals(path)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  String path() {
    return path;
  }

  /** {@return what a request to this path writes; empty for the paths that are read} */
  Optional<WriteOperation> operation() {
    return operation;
  }
}
