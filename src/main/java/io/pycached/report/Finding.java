package io.pycached.report;

import com.google.gson.stream.JsonWriter;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.pyc.PycHeader;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * One file of a prefix that is worth telling of.
 *
 * @param path of the file, absolute
 */
record Finding(Path path, DirectoryPair pair, MirrorFile file) {
  static final Comparator<Finding> BY_PATH = Comparator.comparing(Finding::path);

  static Finding of(Survey survey, MirrorFile file) {
    return new Finding(survey.pair().mirror().resolve(file.name()), survey.pair(), file);
  }

  /** Writes the finding as an object. */
  void write(JsonWriter json) throws IOException {
    json.beginObject();
    members(json);
    json.endObject();
  }

  void members(JsonWriter json) throws IOException {
    JsonDocument.path(json, "path", path);
    if (file.source().isPresent()) {
      JsonDocument.path(json, "source", file.source().get().path());
    } else if (file.meaning() instanceof MirrorName.Bytecode bytecode) {
      Path name = RawPath.toPath(path.getFileSystem(), bytecode.likeliestSourceName());
      JsonDocument.path(json, "source", pair.directory().resolve(name));
    } else {
      json.name("source").nullValue();
    }
    json.name("state").value(file.verdict().state().label());
    json.name("reason").value(file.verdict().reason());
    if (file.meaning() instanceof MirrorName.Bytecode bytecode) {
      json.name("cache_tag").value(bytecode.variant().tag().name() + bytecode.writer());
      json.name("optimization").value(bytecode.variant().optimization());
    } else {
      json.name("cache_tag").nullValue().name("optimization").nullValue();
    }
    if (file.header().isPresent()) {
      PycHeader header = file.header().get();
      json.name("magic").value(header.magic().number());
      json.name("invalidation").value(header.invalidation().label());
    } else {
      json.name("magic").nullValue().name("invalidation").nullValue();
    }
    json.name("bytes").value(file.bytes());
    json.name("detail").value(file.detail());
  }

  /** {@return the finding in a line} */
  String line() {
    String reason = file.verdict().reason();
    String state = file.verdict().state().label() + (reason.isEmpty() ? "" : " (" + reason + ")");
    String detail = file.detail().isEmpty() ? "" : "  " + Text.printable(file.detail());
    return String.format("%-28s %s%s", state, Text.path(path), detail);
  }
}
