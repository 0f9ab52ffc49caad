package io.heartbeat4j.client;

import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A certificate that nobody has signed but itself, made by the JDK's own keytool. */
record SelfSignedCertificate(Path file, String password) {

  static SelfSignedCertificate in(Path directory) throws IOException, InterruptedException {
    SelfSignedCertificate certificate = new SelfSignedCertificate(directory.resolve("server.p12"),
        UUID.randomUUID().toString());
    int exit = new ProcessBuilder(List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1",
        "-storetype", "PKCS12", "-keystore", certificate.file.toString(), "-storepass", certificate.password))
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    if (exit != 0) {
      throw new IOException("keytool ended with " + exit);
    }
    return certificate;
  }

  PfxOptions keyStore() {
    return new PfxOptions().setPath(file.toString()).setPassword(password);
  }
}
