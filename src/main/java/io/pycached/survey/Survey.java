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
 * @param listing the names in the source directory
 * @param listingFingerprint a {@link Listing#fingerprint} that vouches for the listing; nothing
 *     where a clock cannot tell
 * @param mirror the mirror's own stamp; nothing if there is no mirror
 * @param sourceProvablyGone whether the source directory is, so that nobody will write to the
 *     mirror again
 * @param fingerprint by which the pair is recognised while nothing that a verdict rests on has
 *     changed; nothing where a clock cannot tell
 */
public record Survey(
    DirectoryPair pair,
    List<MirrorFile> files,
    List<Path> mirrorDirectories,
    Listing listing,
    OptionalLong listingFingerprint,
    Optional<FileStamp> mirror,
    boolean sourceProvablyGone,
    Optional<Fingerprint> fingerprint) {}
