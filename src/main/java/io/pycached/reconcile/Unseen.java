package io.pycached.reconcile;

/**
 * Why the root of a territory's sources cannot be seen; its bytecode is kept.
 *
 * @param gone whether it is not there, or stands empty as an unmounted disk leaves it; otherwise
 *     nobody can say what is there
 * @param why one line
 */
public record Unseen(boolean gone, String why) {}
