package io.peregrine.rewrite.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.rewrite.prompts.Prompt;
import io.peregrine.rewrite.prompts.Sampling;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
    private static final ModelId MODEL = new ModelId("m", "r1");

    @Test
    void weightsAreKeptAndTheChoiceIsTheRequests() {
        Endpoints endpoints = new Endpoints(List.of(endpoint("a", 1), endpoint("b", 3)));
        int b = 0;
        for (int i = 0; i < 4_000; i++) {
            RequestKey key = key("text " + i, 64);
            Endpoint chosen = endpoints.choose(key, 0);
            assertThat(endpoints.choose(key("text " + i, 64), 0)).isEqualTo(chosen);
            b += chosen.name().equals("b") ? 1 : 0;
        }
        // Three in four, six standard deviations wide.
        assertThat(b).isBetween(3_000 - 165, 3_000 + 165);
    }

    @Test
    void laterAttemptsReachOtherServers() {
        Endpoints endpoints = new Endpoints(List.of(endpoint("a", 1), endpoint("b", 1)));
        Set<String> reached = new HashSet<>();
        for (int attempt = 0; attempt < 16; attempt++) {
            reached.add(endpoints.choose(key("text", 64), attempt).name());
        }
        assertThat(reached).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aKeyIsTheSameForTheSameRequestOnly() {
        assertThat(key("text", 64)).isEqualTo(key("text", 64));
        assertThat(key("text", 64).hex()).isEqualTo("d26d068d221346dc142ae9f1b322add59463ce4811c414691e64b2cd1bb1cb16");
        assertThat(Set.of(
                        key("text", 64),
                        key("texts", 64),
                        key("text", 65),
                        RequestKey.of(new ModelId("m", "r2"), EndpointClass.CHAT, prompt("text", 64)),
                        RequestKey.of(MODEL, EndpointClass.COMPLETIONS, prompt("text", 64))))
                .hasSize(5);
    }

    @Test
    void anUrlWithASecretIsRefusedWithoutSayingIt() {
        assertThatThrownBy(() -> new Endpoint("a", URI.create("https://me:hush@host/v1"), KeySource.none(), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("url = https://host/...: must have no user, query or fragment; a key belongs in key-env or"
                        + " key-file")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> new Endpoint("a", URI.create("ftp://host/v1"), KeySource.none(), 1))
                .hasMessage("url = ftp://host/...: must be http:// or https:// and a host");
    }

    @Test
    void keysComeFromTheEnvironmentOrAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "sk-1\n");
        assertThat(ApiKey.read(new KeySource(KeySource.Kind.FILE, file.toString()), Map.of()))
                .hasValueSatisfying(key -> assertThat(key.secret()).isEqualTo("sk-1"));
        assertThat(ApiKey.read(KeySource.none(), Map.of())).isEmpty();
        assertThatThrownBy(() -> ApiKey.read(new KeySource(KeySource.Kind.ENVIRONMENT, "NAME"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("key-env = NAME: must hold one key in visible ASCII, and holds none");
        assertThatThrownBy(() ->
                        ApiKey.read(new KeySource(KeySource.Kind.ENVIRONMENT, "NAME"), Map.of("NAME", "hush hush")))
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> ApiKey.read(new KeySource(KeySource.Kind.FILE, folder + "/none"), Map.of()))
                .hasMessage("key-file = " + folder + "/none: must be a file that can be read as UTF-8");
    }

    @Test
    void retryAfterIsSecondsOrADateAndAtMostAnHour() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(RetryAfter.parse(" 7 ", now)).contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse("Thu, 1 Jan 2026 00:01:00 GMT", now)).contains(Duration.ofMinutes(1));
        assertThat(RetryAfter.parse("Wed, 31 Dec 2025 23:59:00 GMT", now)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("999999999", now)).contains(Duration.ofHours(1));
        assertThat(RetryAfter.parse("-1", now)).isEmpty();
        assertThat(RetryAfter.parse("soon", now)).isEmpty();
        assertThat(RetryAfter.parse("99999999999999999999", now)).isEmpty();
    }

    private static Endpoint endpoint(String name, int weight) {
        return new Endpoint(name, URI.create("http://" + name + ":8000/v1"), KeySource.none(), weight);
    }

    private static RequestKey key(String text, int maxTokens) {
        return RequestKey.of(MODEL, EndpointClass.CHAT, prompt(text, maxTokens));
    }

    private static Prompt prompt(String text, int maxTokens) {
        return new Prompt("prose", 1, "prose", "Rewrite.", text, new Sampling(0.5, 0.9, maxTokens, 7));
    }
}
