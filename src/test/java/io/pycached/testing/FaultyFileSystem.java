package io.pycached.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Another file system, except that a {@link Fault} is asked before each operation: it may fail, or
 * change the disk behind the back of the code under test. Counts the directories and files that are
 * open, lists names in any order, and runs out of space.
 *
 * <p>Root may read and delete everything, and tests often run as root: permissions are a fault like
 * any other here. Paths, streams, channels and views are proxies of the other file system's.
 */
public final class FaultyFileSystem extends FileSystem {
  /** Asked before each operation, on any thread. */
  public interface Fault {
    /**
     * Throws what the operation is to fail with.
     *
     * @param path of the other file system
     */
    void before(Operation operation, Path path) throws IOException;
  }

  /** What is done to a path, mostly relative to an open directory. */
  public enum Operation {
    OPEN_DIRECTORY,
    /** The first name of a directory is asked for, or it turns out that there are no more. */
    LIST,
    STAT,
    /** A file is opened to read, or read from. */
    READ,
    /** A file is opened to write. */
    CREATE,
    WRITE,
    MOVE,
    DELETE,
    DELETE_DIRECTORY,
    CREATE_DIRECTORY,
    /** A directory or file was closed: what it held is given back even if that fails. */
    CLOSE
  }

  private final FileSystem real;
  private final FileSystemProvider provider;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private final AtomicLong space = new AtomicLong(Long.MAX_VALUE);
  private volatile Fault fault = (operation, path) -> {};
  private volatile @Nullable Random order;

  /** Passes everything on to {@code real}. */
  public FaultyFileSystem(FileSystem real) {
    this.real = real;
    this.provider = new FaultyProvider(this, real.provider());
  }

  /** Makes {@code next} the one that is asked. */
  public void fault(Fault next) {
    this.fault = next;
  }

  /** Has room for that many bytes more; what is deleted makes none. */
  public void space(long bytes) {
    space.set(bytes);
  }

  /** {@return the number of bytes that there is room for} */
  public long space() {
    return space.get();
  }

  /** Lists names in an order that depends on {@code random}. */
  public void shuffle(Random random) {
    this.order = random;
  }

  /** {@return how many directories and files are open} */
  public int open() {
    return open.get();
  }

  /** {@return how many directories and files have been open at the same time at most} */
  public int mostOpen() {
    return mostOpen.get();
  }

  /** {@return {@code path} of the other file system, as one of this} */
  public Path wrap(Path path) {
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(), new Class<?>[] {Path.class}, new Delegate(path));
  }

  /** {@return the other file system's path behind {@code path}} */
  public static Path unwrap(Path path) {
    return (Path) unwrapAny(path);
  }

  void ask(Operation operation, Path real) throws IOException {
    fault.before(operation, real);
  }

  private void opened() {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
  }

  /** A file that was opened at {@code path}, a path of the other file system. */
  SeekableByteChannel opened(Path path, SeekableByteChannel channel) {
    opened();
    return (SeekableByteChannel)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SeekableByteChannel.class},
            new OpenFile(path, channel));
  }

  static Operation opening(Set<? extends OpenOption> options) {
    return options.contains(StandardOpenOption.WRITE) ? Operation.CREATE : Operation.READ;
  }

  /** A directory that was opened at {@code path}, a path of the other file system. */
  DirectoryStream<Path> opened(Path path, DirectoryStream<Path> stream) {
    opened();
    @SuppressWarnings("unchecked")
    DirectoryStream<Path> opened =
        (DirectoryStream<Path>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SecureDirectoryStream.class},
                new OpenDirectory(path, stream));
    return opened;
  }

  private static Object unwrapAny(Object any) {
    return any instanceof Proxy && Proxy.getInvocationHandler(any) instanceof Delegate delegate
        ? delegate.target
        : any;
  }

  private @Nullable Object wrapAny(@Nullable Object any) {
    if (any instanceof Path path) {
      return wrap(path);
    }
    if (any instanceof FileSystem) {
      return this;
    }
    return any;
  }

  /** Passes a call on, with the paths in it translated both ways. */
  private class Delegate implements InvocationHandler {
    final Object target;

    Delegate(Object target) {
      this.target = target;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args)
        throws Throwable {
      Object[] plain = args == null ? new Object[0] : args.clone();
      for (int i = 0; i < plain.length; i++) {
        plain[i] = unwrapAny(plain[i]);
      }
      try {
        return wrapAny(method.invoke(target, plain));
      } catch (InvocationTargetException thrown) {
        throw thrown.getCause();
      }
    }
  }

  /** Something that is open until it is closed for the first time. */
  private abstract class Handle extends Delegate {
    final Path path;
    private boolean closed;

    Handle(Path path, Object target) {
      super(target);
      this.path = path;
    }

    @Nullable Object close(Object proxy, Method method) throws Throwable {
      super.invoke(proxy, method, null);
      if (!closed) {
        closed = true;
        open.decrementAndGet();
        ask(Operation.CLOSE, path);
      }
      return null;
    }
  }

  private final class OpenFile extends Handle {
    OpenFile(Path path, Object target) {
      super(path, target);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> {
          return close(proxy, method);
        }
        case "read" -> ask(Operation.READ, path);
        case "write" -> {
          ask(Operation.WRITE, path);
          return write((ByteBuffer) requireNonNull(args)[0], (SeekableByteChannel) target);
        }
        default -> {}
      }
      return super.invoke(proxy, method, args);
    }

    /** As much as there is room for; nothing if there is none at all. */
    private int write(ByteBuffer bytes, SeekableByteChannel channel) throws IOException {
      int count = (int) Math.min(bytes.remaining(), space.get());
      if (count == 0 && bytes.hasRemaining()) {
        throw new FileSystemException(path.toString(), null, "No space left on device");
      }
      space.addAndGet(-count);
      int limit = bytes.limit();
      bytes.limit(bytes.position() + count);
      try {
        return channel.write(bytes);
      } finally {
        bytes.limit(limit);
      }
    }
  }

  private final class OpenDirectory extends Handle {
    OpenDirectory(Path path, Object target) {
      super(path, target);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> {
          return close(proxy, method);
        }
        case "iterator" -> {
          @SuppressWarnings("unchecked")
          Iterator<Object> names =
              (Iterator<Object>) requireNonNull(super.invoke(proxy, method, args));
          return new Names(path, names);
        }
        case "newByteChannel" -> {
          Path child = child(args);
          ask(opening(options(requireNonNull(args)[1])), child);
          return opened(
              child, (SeekableByteChannel) requireNonNull(super.invoke(proxy, method, args)));
        }
        case "deleteFile" -> ask(Operation.DELETE, child(args));
        case "deleteDirectory" -> ask(Operation.DELETE_DIRECTORY, child(args));
        case "move" -> {
          Path child = child(args);
          ask(Operation.MOVE, child);
          replace(requireNonNull(args));
        }
        case "newDirectoryStream" -> {
          ask(Operation.OPEN_DIRECTORY, child(args));
          @SuppressWarnings("unchecked")
          DirectoryStream<Path> child =
              (DirectoryStream<Path>) requireNonNull(super.invoke(proxy, method, args));
          return opened(child(args), child);
        }
        case "getFileAttributeView" -> {
          Path name = args != null && args[0] instanceof Path ? child(args) : path;
          return view(
              (BasicFileAttributeView) requireNonNull(super.invoke(proxy, method, args)), name);
        }
        default -> {}
      }
      return super.invoke(proxy, method, args);
    }

    @SuppressWarnings("unchecked")
    private static Set<OpenOption> options(Object options) {
      return (Set<OpenOption>) options;
    }

    private Path child(Object @Nullable [] args) {
      return path.resolve((Path) unwrapAny(requireNonNull(args)[0]));
    }

    /** A rename takes the place of a file; in memory it would not. */
    private void replace(Object[] args) throws IOException {
      @SuppressWarnings("unchecked")
      SecureDirectoryStream<Path> there = (SecureDirectoryStream<Path>) unwrapAny(args[1]);
      Path name = (Path) unwrapAny(args[2]);
      if (real == FileSystems.getDefault()) {
        return;
      }
      try {
        BasicFileAttributes old =
            there
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (!old.isDirectory()) {
          there.deleteFile(name);
        }
      } catch (NoSuchFileException nothingInTheWay) {
        return;
      }
    }

    private Object view(BasicFileAttributeView view, Path name) {
      return Proxy.newProxyInstance(
          getClass().getClassLoader(),
          new Class<?>[] {
            view instanceof PosixFileAttributeView
                ? PosixFileAttributeView.class
                : BasicFileAttributeView.class
          },
          (proxy, method, args) -> {
            ask(Operation.STAT, name);
            return new Delegate(view).invoke(proxy, method, args);
          });
    }
  }

  /** The names in a directory, which can fail as those of the JDK do. */
  private final class Names implements Iterator<Path> {
    private final Path path;
    private Iterator<Object> names;
    private boolean begun;
    private boolean ended;

    Names(Path path, Iterator<Object> names) {
      this.path = path;
      this.names = names;
    }

    @Override
    public boolean hasNext() {
      if (!begun) {
        begun = true;
        ask();
        Random random = order;
        if (random != null) {
          List<Object> all = new ArrayList<>();
          names.forEachRemaining(all::add);
          Collections.shuffle(all, random);
          names = all.iterator();
        }
      }
      if (names.hasNext()) {
        return true;
      }
      if (!ended) {
        ended = true;
        ask();
      }
      return false;
    }

    private void ask() {
      try {
        FaultyFileSystem.this.ask(Operation.LIST, path);
      } catch (IOException failed) {
        throw new DirectoryIteratorException(failed);
      }
    }

    @Override
    public Path next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return wrap((Path) names.next());
    }
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(real.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = real.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(unwrap(path));
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return Set.of(wrap(real.getRootDirectories().iterator().next()));
  }

  @Override
  public void close() throws IOException {
    real.close();
  }

  @Override
  public boolean isOpen() {
    return real.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return real.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return real.getSeparator();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return real.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return real.supportedFileAttributeViews();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return real.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return real.newWatchService();
  }
}
