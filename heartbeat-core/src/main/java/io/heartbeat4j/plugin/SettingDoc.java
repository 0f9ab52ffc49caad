package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.Doc;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One setting of a worker, for a person. */
public record SettingDoc(String key, String type, Optional<String> standard, boolean required, String words) {

  /** The settings of a record, in its order. */
  public static List<SettingDoc> of(Class<? extends Record> settings) {
    return Arrays.stream(settings.getRecordComponents())
        .map(component -> {
          Default standard = component.getAnnotation(Default.class);
          Doc doc = component.getAnnotation(Doc.class);
          boolean mayBeAbsent = standard != null
              || List.of(Optional.class, List.class, Map.class).contains(component.getType());
          return new SettingDoc(
              Settings.dashed(component.getName()),
              SettingTypes.words(component.getGenericType()),
              Optional.ofNullable(standard).map(Default::value),
              !mayBeAbsent,
              doc == null ? "" : doc.value());
        })
        .toList();
  }
}
