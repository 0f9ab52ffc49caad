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

/** Run tokens: JWTs signed with HS256 that name the agent and the run. */
final class RunTokens {

  private static final Duration LIFE = Duration.ofHours(48);
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final World world;
  private final SecretKeySpec key;

  RunTokens(World world) {
    this.world = world;
    this.key = new SecretKeySpec(world.options.tokenSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  String issue(Run run) {
    long now = world.time.now().getEpochSecond();
    ObjectNode claims = Json.object();
    claims.put("sub", run.agentId).put("company_id", run.companyId).put("adapter_type", run.adapterType);
    claims.put("run_id", run.id).put("responsible_user_id", Actor.BOARD_USER);
    claims.put("iat", now).put("exp", now + LIFE.toSeconds());
    claims.put("iss", "paperclip").put("aud", "paperclip-api").put("instance_id", "default");
    String head = encode(Json.write(Json.object().put("alg", "HS256").put("typ", "JWT")));
    String signed = head + "." + encode(Json.write(claims));
    return signed + "." + ENCODER.encodeToString(signature(signed));
  }

  /** The claims of a token with a good signature, expired or not. */
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
      return Optional.of(Json.parse(new String(DECODER.decode(parts[1]), StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException | JsonProcessingException garbage) {
      return Optional.empty();
    }
  }

  boolean expired(JsonNode claims) {
    return !world.time.now().isBefore(Instant.ofEpochSecond(claims.path("exp").asLong()));
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
