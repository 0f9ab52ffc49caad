package io.heartbeat4j.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate for localhost that nobody but the test trusts, made anew by the JDK's keytool. */
public record TestCertificate(Path certificate, Path key) {

  /** Makes one; the directory gets the key store and two PEM files. */
  public static TestCertificate createIn(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    String password = "changeit";
    Path store = directory.resolve("store.p12");
    Process keytool = new ProcessBuilder(List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "host",
        "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "2",
        "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", password))
        .redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException(said);
    }
    KeyStore made = KeyStore.getInstance("PKCS12");
    made.load(new ByteArrayInputStream(Files.readAllBytes(store)), password.toCharArray());
    return new TestCertificate(
        pem(directory.resolve("tls.crt"), "CERTIFICATE", made.getCertificate("host").getEncoded()),
        pem(directory.resolve("tls.key"), "PRIVATE KEY", made.getKey("host", password.toCharArray()).getEncoded()));
  }

  private static Path pem(Path file, String what, byte[] content) throws IOException {
    return Files.writeString(file, "-----BEGIN " + what + "-----\n"
        + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content) + "\n-----END " + what + "-----\n");
  }
}
