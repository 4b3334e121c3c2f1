/**
 * The survey of a directory pair: what every file in a mirror is worth, next to the sources it was
 * made from.
 *
 * <p>A survey only reads. Its verdict on a file is what {@code SourceFileLoader.get_code} of the
 * matching interpreter would decide ({@code Lib/importlib/_bootstrap_external.py}), with the three
 * things added that no interpreter can see: that a source is gone, that an unchecked hash no longer
 * fits, and that a body behind a good header is damaged.
 *
 * <p>That something is gone is said only of what {@code lstat} answers with "no such file" for, in
 * directories that could all be read, below a project root that is there. Every other answer means
 * that no verdict is possible.
 *
 * <p>A {@link io.pycached.survey.Surveyor} may be used by any thread; the directories handed to it
 * belong to the caller's.
 */
@NullMarked
package io.pycached.survey;

import org.jspecify.annotations.NullMarked;
