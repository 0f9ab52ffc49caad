package io.heartbeat4j.worker.llm.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptTest {

  private static final Instant MONDAY = Instant.parse("2026-03-02T08:00:00Z");
  private static final ToolExecutionRequest CALL = ToolExecutionRequest.builder().id("1").name("read")
      .arguments("{\"path\":\"a\"}").build();

  @TempDir
  private Path directory = Path.of("none");

  @Test
  void goes_on_where_it_was() throws IOException {
    Transcript first = open(MONDAY, "nonce-1");
    first.add(UserMessage.from("hello"));
    first.add(AiMessage.from("well", List.of(CALL)));
    first.add(ToolExecutionResultMessage.from(CALL, "secret-1"));
    first.markSeen(List.of("c1"));

    Transcript second = open(MONDAY, "nonce-2");
    assertThat(second.nonce()).isEqualTo("nonce-1");
    assertThat(second.messages()).hasSize(3);
    assertThat(((ToolExecutionResultMessage) second.messages().get(2)).text()).isEqualTo("***");
    assertThat(second.hasSeen("c1")).isTrue();
    assertThat(second.successfulToolCalls()).isEqualTo(1);
    assertThat(Files.readString(directory.resolve("transcript.jsonl"))).doesNotContain("secret-1").contains("hello");
  }

  @Test
  void a_call_that_was_never_answered_is_answered() throws IOException {
    Transcript killed = open(MONDAY, "n");
    killed.add(UserMessage.from("hello"));
    killed.add(AiMessage.from(List.of(CALL)));
    List<ChatMessage> messages = open(MONDAY, "n").messages();
    assertThat(messages).hasSize(3);
    assertThat(((ToolExecutionResultMessage) messages.get(2)).text()).contains("Nobody knows");
  }

  @Test
  void a_broken_one_is_put_aside() throws IOException {
    open(MONDAY, "n").add(UserMessage.from("hello"));
    Files.writeString(directory.resolve("transcript.jsonl"), "{\"at\": \"half a li", StandardOpenOption.APPEND);
    Transcript fresh = open(MONDAY, "m");
    assertThat(fresh.isNew()).isTrue();
    assertThat(fresh.nonce()).isEqualTo("m");
    assertThat(directory.resolve("transcript.broken.jsonl")).content().contains("hello");
  }

  @Test
  void an_answer_without_its_call_is_left_out() throws IOException {
    open(MONDAY, "n").add(ToolExecutionResultMessage.from(CALL, "x"));
    assertThat(open(MONDAY, "m").isNew()).isTrue();
  }

  @Test
  void one_that_is_begun_anew_keeps_what_was_seen_and_the_old_one_beside_it() throws IOException {
    Transcript refused = open(MONDAY, "n");
    refused.add(UserMessage.from("hello"));
    refused.markSeen(List.of("c1"));
    refused.restart(UserMessage.from("in short"));
    assertThat(open(MONDAY, "m").messages()).containsExactly(UserMessage.from("in short"));
    assertThat(open(MONDAY, "m").hasSeen("c1")).isTrue();
    assertThat(directory.resolve("transcript.broken.jsonl")).content().contains("hello");
  }

  @Test
  void an_old_or_a_long_one_is_put_aside() throws IOException {
    open(MONDAY, "n").add(UserMessage.from("hello"));
    assertThat(open(MONDAY.plus(Duration.ofDays(13)), "m").isNew()).isFalse();
    assertThat(open(MONDAY.plus(Duration.ofDays(15)), "m").isNew()).isTrue();
    assertThat(directory.resolve("transcript.old.jsonl")).content().contains("hello");
    open(MONDAY, "n").add(UserMessage.from("x".repeat(20_000)));
    assertThat(open(MONDAY, "m").isNew()).isTrue();
  }

  @Test
  void a_shorter_version_takes_its_place() throws IOException {
    Transcript whole = open(MONDAY, "n");
    whole.add(UserMessage.from("first"));
    whole.add(UserMessage.from("second"));
    whole.markSeen(List.of("c1"));
    whole.replace(List.of(UserMessage.from("in short")));
    whole.add(UserMessage.from("third"));
    Transcript again = open(MONDAY, "n");
    assertThat(again.messages()).extracting(message -> ((UserMessage) message).singleText()).containsExactly("in short",
        "third");
    assertThat(again.hasSeen("c1")).isTrue();
  }

  private Transcript open(Instant now, String nonce) throws IOException {
    return Transcript.open(directory, 10_000, Duration.ofDays(14), Clock.fixed(now, ZoneOffset.UTC),
        text -> text.replace("secret-1", "***"), nonce);
  }
}
