package io.pycached.watch;

import io.pycached.layout.Project;
import java.util.Optional;

/**
 * How the watch of one project is doing.
 *
 * @param project the project
 * @param mode how its changes are noticed
 * @param directories how many directories its watcher has registered and not seen deleted; those
 *     below a directory that was renamed count twice until the next watcher
 * @param overflows how often events were lost; one overflow of the kernel's queue counts once
 * @param rebuilds how often a new watcher replaced one that had lost events
 * @param unreadable how many directories could not be read and are not watched
 * @param reason why the mode is not {@link WatchMode#EVENTS}, for people
 */
public record WatchStatus(
    Project project,
    WatchMode mode,
    int directories,
    long overflows,
    long rebuilds,
    int unreadable,
    Optional<String> reason) {}
