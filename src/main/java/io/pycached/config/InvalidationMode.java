package io.pycached.config;

/** How an interpreter tells that bytecode is stale (PEP 552). */
public enum InvalidationMode {
  /** By the source's mtime and size. */
  TIMESTAMP,
  /** By the source's hash, which the interpreter computes at each import. */
  CHECKED_HASH,
  /** Not at all: the source's hash is recorded, and only tools look at it. */
  UNCHECKED_HASH
}
