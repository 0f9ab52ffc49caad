package io.heartbeat4j.storage.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlParserTest {

  private final List<String> secrets = new ArrayList<>();

  @Test
  void all_parts_are_read() throws StorageException {
    DatabaseAddress address = parse("postgresql://me:pass@db.example:6432/board?schema=s_1&sslmode=verify-full"
        + "&sslrootcert=/etc/my%20ca.pem&lease=20s&pool=9");
    assertThat(address).isEqualTo(new DatabaseAddress("db.example", 6432, "board", "me", "pass", "s_1",
        Duration.ofSeconds(20), 9, Map.of("sslmode", "verify-full", "sslrootcert", "/etc/my ca.pem")));
    assertThat(secrets).contains("pass");
  }

  @Test
  void missing_parts_have_defaults() throws StorageException {
    assertThat(parse("postgres://me@/board")).isEqualTo(new DatabaseAddress("localhost", 5432, "board", "me", "",
        "heartbeat4j", Duration.ofSeconds(15), 6, Map.of()));
  }

  @Test
  void missing_parts_come_from_the_environment() throws StorageException {
    Map<String, String> environment = Map.of("PGHOST", "h", "PGPORT", "1", "PGUSER", "u", "PGPASSWORD", "p-1",
        "PGDATABASE", "d", "PGSSLMODE", "require");
    assertThat(new DatabaseUrlParser(environment, secrets::add).parse("postgresql://"))
        .isEqualTo(new DatabaseAddress("h", 1, "d", "u", "p-1", "heartbeat4j", Duration.ofSeconds(15), 6,
            Map.of("sslmode", "require")));
    assertThat(secrets).containsOnly("p-1");
  }

  @ParameterizedTest
  @CsvSource({"a:b@c/d?e#f%,a:b@c/d?e#f%", "a%40%C3%A4b,a@äb", "100%zz,100%zz"})
  void a_password_may_have_any_character(String written, String password) throws StorageException {
    DatabaseAddress address = parse("postgresql://me:" + written + "@host/board");
    assertThat(address.password()).isEqualTo(password);
    assertThat(address.host()).isEqualTo("host");
    assertThat(address.user()).isEqualTo("me");
    assertThat(secrets).contains(written, password);
  }

  @Test
  void a_host_may_be_an_address_of_ip_6() throws StorageException {
    DatabaseAddress address = parse("postgresql://me@[::1]:5433/board");
    assertThat(address.host()).isEqualTo("::1");
    assertThat(address.shown()).isEqualTo("postgresql://[::1]:5433/board");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "mysql://me:pass@h/d | does not begin with postgresql://",
      "postgresql://me:pass@h:x/d | is malformed after user and password",
      "postgresql://me:pass@h1,h2/d | with one host",
      "postgresql://me:pass@h:0/d | has to be a number from 1 to 65535, but is '0'",
      "postgresql://me:pass@h | names no database",
      "postgresql://h/d | names no user",
      "postgresql://me:pass@h/d?shema=x | unknown parameter 'shema', did you mean 'schema'?",
      "postgresql://me:pass@h/d?schema=A-b | lower case letters, digits and _, but is 'A-b'",
      "postgresql://me:pass@h/d?lease=15 | a time from 1s to 10m, such as 15s, but is '15'",
      "postgresql://me:pass@h/d?lease=500ms | a time from 1s to 10m",
      "postgresql://me:pass@h/d?pool=1 | from 3 to 999 connections, but is '1'",
      "postgresql://me:pass@h/d?sslmode=verify | unknown: 'verify'"})
  void a_mistake_is_told_without_the_password(String url, String message) {
    assertThatThrownBy(() -> parse(url)).isInstanceOf(StorageException.class).hasMessageContaining(message)
        .hasMessageNotContaining("pass@").hasMessageNotContaining("me:");
  }

  @Test
  void an_address_does_not_show_the_password() throws StorageException {
    assertThat(parse("postgresql://me:pass@h/d").toString()).isEqualTo("postgresql://h:5432/d");
  }

  private DatabaseAddress parse(String url) throws StorageException {
    return new DatabaseUrlParser(Map.of(), secrets::add).parse(url);
  }
}
