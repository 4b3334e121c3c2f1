package io.pycached.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Another file system, except that a {@link Fault} is asked before a stat and before anything is
 * done by an open directory: it may fail, or change the disk behind the back of the code under
 * test. Counts the directories that are open.
 *
 * <p>Root may read and delete everything, and tests often run as root: permissions are a fault like
 * any other here. Paths, streams and views are proxies of the other file system's.
 */
public final class FaultyFileSystem extends FileSystem {
  /** Asked before each operation, on any thread. */
  public interface Fault {
    /** Throws what the operation is to fail with. */
    void before(Operation operation, Path path) throws IOException;
  }

  /** What is done to a path, mostly relative to an open directory. */
  public enum Operation {
    OPEN_DIRECTORY,
    LIST,
    STAT,
    READ,
    DELETE
  }

  private final FileSystem real;
  private final FileSystemProvider provider;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private volatile Fault fault = (operation, path) -> {};

  /** Passes everything on to {@code real}. */
  public FaultyFileSystem(FileSystem real) {
    this.real = real;
    this.provider = new FaultyProvider(this, real.provider());
  }

  /** Makes {@code next} the one that is asked. */
  public void fault(Fault next) {
    this.fault = next;
  }

  /** {@return how many directories are open} */
  public int open() {
    return open.get();
  }

  /** {@return how many directories have been open at the same time at most} */
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

  /** A directory that was opened at {@code path}, a path of the other file system. */
  DirectoryStream<Path> opened(Path path, DirectoryStream<Path> stream) {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
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
    if (any instanceof Iterator<?> iterator) {
      return new Iterator<Object>() {
        @Override
        public boolean hasNext() {
          return iterator.hasNext();
        }

        @Override
        public Object next() {
          return wrap((Path) iterator.next());
        }
      };
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

  private final class OpenDirectory extends Delegate {
    private final Path path;
    private boolean closed;

    OpenDirectory(Path path, Object target) {
      super(target);
      this.path = path;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args)
        throws Throwable {
      switch (method.getName()) {
        case "iterator" -> ask(Operation.LIST, path);
        case "newByteChannel" -> ask(Operation.READ, child(args));
        case "deleteFile", "deleteDirectory" -> ask(Operation.DELETE, child(args));
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
        case "close" -> {
          if (!closed) {
            closed = true;
            open.decrementAndGet();
          }
        }
        default -> {}
      }
      return super.invoke(proxy, method, args);
    }

    private Path child(Object @Nullable [] args) {
      return path.resolve((Path) unwrapAny(requireNonNull(args)[0]));
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
