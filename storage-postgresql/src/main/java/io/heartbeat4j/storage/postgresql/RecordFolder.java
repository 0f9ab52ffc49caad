package io.heartbeat4j.storage.postgresql;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The range of a folder's names in the primary key's order, which is that of the bytes in UTF-8. */
record RecordFolder(String first, String end) {

  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  static RecordFolder of(String folder) {
    int length = folder.length();
    while (length > 0 && folder.charAt(length - 1) == '/') {
      length--;
    }
    String path = folder.substring(0, length);
    // '0' follows '/'
    return path.isEmpty() ? new RecordFolder("", LAST) : new RecordFolder(path + "/", path + "0");
  }

  /** Sets the first three parameters: the range, and where the name within the folder begins. */
  void setParameters(PreparedStatement statement) throws SQLException {
    setParameters(statement, 1);
  }

  void setParameters(PreparedStatement statement, int from) throws SQLException {
    statement.setString(from, first);
    statement.setString(from + 1, end);
    statement.setInt(from + 2, firstOfName());
  }

  /** Where the name within the folder begins, counted from 1. */
  int firstOfName() {
    return first.codePointCount(0, first.length()) + 1;
  }
}
