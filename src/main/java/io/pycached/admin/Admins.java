package io.pycached.admin;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The users that may write. Principals of the default file system are equal where their numeric ids
 * are, whatever they are called.
 */
record Admins(Set<UserPrincipal> users) {
  Admins {
    users = Set.copyOf(users);
  }

  /**
   * {@return root, {@code own} and the users called {@code names}}
   *
   * @param names names, or numeric ids
   * @throws UserPrincipalNotFoundException if there is no such user
   */
  static Admins of(FileSystem fileSystem, UserPrincipal own, List<String> names)
      throws IOException {
    UserPrincipalLookupService lookup = fileSystem.getUserPrincipalLookupService();
    Set<UserPrincipal> users = new HashSet<>();
    users.add(lookup.lookupPrincipalByName("0"));
    users.add(own);
    for (String name : names) {
      users.add(lookup.lookupPrincipalByName(name));
    }
    return new Admins(users);
  }

  boolean contains(UserPrincipal user) {
    return users.contains(user);
  }
}
