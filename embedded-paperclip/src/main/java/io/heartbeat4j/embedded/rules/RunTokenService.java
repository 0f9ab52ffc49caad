package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Issues and verifies run tokens: JWTs with HS256 and the ids of agent and run. */
final class RunTokenService {

  private static final String SECRET = "embedded-paperclip-agent-token-secret";
  private static final Duration LIFETIME = Duration.ofDays(2);
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final ServerState server;
  private final SecretKeySpec key;

  RunTokenService(ServerState server) {
    this.server = server;
    this.key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  String issue(RunEntity runEntity) {
    long now = server.scheduler.now().getEpochSecond();
    ObjectNode claims = JsonNodes.object();
    claims.put("sub", runEntity.agentId).put("company_id", runEntity.companyId).put("adapter_type",
        runEntity.adapterType);
    claims.put("run_id", runEntity.id).put("responsible_user_id", RequestActor.BOARD_USER);
    claims.put("iat", now).put("exp", now + LIFETIME.toSeconds());
    claims.put("iss", "paperclip").put("aud", "paperclip-api").put("instance_id", "default");
    String head = encode(JsonNodes.write(JsonNodes.object().put("alg", "HS256").put("typ", "JWT")));
    String signed = head + "." + encode(JsonNodes.write(claims));
    return signed + "." + ENCODER.encodeToString(signature(signed));
  }

  /** The claims of a token with a valid signature; the expiry is not checked. */
  Optional<JsonNode> verify(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] expected = signature(parts[0] + "." + parts[1]);
      if (!MessageDigest.isEqual(expected, DECODER.decode(parts[2]))) {
        return Optional.empty();
      }
      return Optional.of(JsonNodes.parse(new String(DECODER.decode(parts[1]), StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException | JsonProcessingException garbage) {
      return Optional.empty();
    }
  }

  boolean isExpired(JsonNode claims) {
    return !server.scheduler.now().isBefore(Instant.ofEpochSecond(claims.path("exp").asLong()));
  }

  private byte[] signature(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String encode(String text) {
    return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
