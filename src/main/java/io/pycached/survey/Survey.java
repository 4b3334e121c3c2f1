package io.pycached.survey;

import io.pycached.fs.FileStamp;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a look at a directory pair found. It was true at one moment; whoever acts on it looks again.
 *
 * @param files every file of the mirror, by name
 * @param mirrorDirectories the subdirectories of the mirror, by name
 * @param sourceDirectories by name, what is in the source directory and has a subdirectory of the
 *     mirror to its name, and the other subdirectories of the source directory that are no symbolic
 *     links; without those whose names are those of Python sources
 * @param sources how many names in the source directory are those of Python sources
 * @param mirror the mirror's own stamp; nothing if there is no mirror
 * @param sourceProvablyGone whether the source directory is, so that nobody will write to the
 *     mirror again
 * @param fingerprint equal to an earlier one if nothing that a verdict rests on has changed;
 *     nothing where a clock cannot tell
 */
public record Survey(
    DirectoryPair pair,
    List<MirrorFile> files,
    List<Path> mirrorDirectories,
    List<Path> sourceDirectories,
    int sources,
    Optional<FileStamp> mirror,
    boolean sourceProvablyGone,
    OptionalLong fingerprint) {}
