/**
 * Removes the {@code __pycache__} directories of source trees, which no interpreter reads once a
 * prefix is set ({@code sys.pycache_prefix}).
 *
 * <p>Only what is recognised as bytecode goes: a regular file whose name is one that {@code
 * cache_from_source} or a writer's temporary has (PEP 3147, PEP 488), and whose first bytes are a
 * magic number of some Python, or nothing but what a power cut leaves. Other tools keep their own
 * things there, such as numba its {@code .nbi} and {@code .nbc}: those stay, are named, and keep
 * their directory.
 *
 * <p>Works on open directories from the tree's root downwards ({@link io.pycached.fs.Directory}),
 * so that no symbolic link leads out of the tree, and takes each file's stamp again right before it
 * deletes it. One thread walks, in the order of the names. What fails is reported and does not stop
 * the rest.
 */
@NullMarked
package io.pycached.clean;

import org.jspecify.annotations.NullMarked;
