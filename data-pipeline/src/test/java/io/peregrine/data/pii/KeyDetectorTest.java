package io.peregrine.data.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.text.Spans;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens are put together here, so that no scanner takes this file for a leak. */
class KeyDetectorTest {
    private static final String NOISE = "x7Kq2LmZ9vRtW4bNcY8sHd1PfG6jUe3aTo5iQyXw0BnVrClM";

    private static List<String> found(String text) {
        Spans spans = new Spans();
        new KeyDetector(AssignmentDetector.ENTROPY_MIN).find(text, spans);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            found.add(text.substring(spans.start(i), spans.end(i)));
        }
        return found;
    }

    private static String jwt(String header) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString("{\"sub\":\"1\"}".getBytes(StandardCharsets.UTF_8)) + "." + NOISE;
    }

    private static List<String> tokens() {
        String upper = NOISE.toUpperCase(java.util.Locale.ROOT);
        return List.of(
                "AKIA" + upper.substring(0, 16),
                "ASIA" + upper.substring(8, 24),
                "ghp" + "_" + NOISE.substring(0, 36),
                "ghs" + "_" + NOISE.substring(0, 36),
                "github" + "_pat_" + NOISE.substring(0, 22) + "_" + NOISE + NOISE.substring(0, 11),
                "glpat" + "-" + NOISE.substring(0, 20),
                "xoxb" + "-123456789012-" + NOISE.substring(0, 24),
                "AIza" + NOISE.substring(0, 35),
                "sk" + "_live_" + NOISE.substring(0, 24),
                "hf" + "_" + NOISE.substring(0, 34),
                "npm" + "_" + NOISE.substring(0, 36),
                jwt("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"));
    }

    @Test
    void tokensOfKnownFormatsAreFoundWhereverTheyStand() {
        for (String token : tokens()) {
            assertThat(found(token)).containsExactly(token);
            assertThat(found("key=" + token + "\n")).containsExactly(token);
            assertThat(found("(\"" + token + "\", 1)")).containsExactly(token);
        }
    }

    @Test
    void nearMissesOfTokensStay() {
        for (String token : tokens()) {
            assertThat(found("my_" + token)).as(token).isEmpty();
        }
        assertThat(found("AKIA" + NOISE.substring(0, 16))).isEmpty();
        assertThat(found("AKIA" + "EXAMPLE")).isEmpty();
        assertThat(found("ghp" + "_" + "x".repeat(36))).isEmpty();
        assertThat(found("ghp" + "_" + NOISE.substring(0, 35))).isEmpty();
        assertThat(found("AIza" + NOISE.substring(0, 36))).isEmpty();
        assertThat(found(jwt("{\"typ\":\"JWT\"}"))).isEmpty();
        assertThat(found("eyJhbGciOiJIUzI1NiJ9.onlytwo")).isEmpty();
    }

    @Test
    void privateKeyBlocksAreFoundWholeAndCertificatesStay() {
        String dashes = "-".repeat(5);
        String body = "\n" + NOISE + "\n" + NOISE + "==\n";
        String block = dashes + "BEGIN RSA PRIVATE KEY" + dashes + body + dashes + "END RSA PRIVATE KEY" + dashes;
        assertThat(found("before\n" + block + "\nafter")).containsExactly(block);
        String escaped = block.replace("\n", "\\n");
        assertThat(found("{\"private_key\": \"" + escaped + "\"}")).containsExactly(escaped);
        String cut = dashes + "BEGIN OPENSSH PRIVATE KEY" + dashes + "\n" + NOISE;
        assertThat(found(cut + "\n(cut)")).containsExactly(cut);
        assertThat(found(block.replace("RSA PRIVATE KEY", "CERTIFICATE"))).isEmpty();
        assertThat(found(dashes + "BEGIN PRIVATE KEY" + dashes + " is how it begins."))
                .isEmpty();
    }

    @Test
    void valuesOfSecretNamesAreFound() {
        String value = NOISE.substring(3, 27);
        for (String form : List.of(
                "api_key = \"%s\"",
                "\"clientSecret\": \"%s\",",
                "DB_PASSWORD := '%s'",
                "secrets['access_token'] = '%s'",
                "private final String authToken = \"%s\";",
                "password => '%s'")) {
            assertThat(found(form.formatted(value))).as(form).containsExactly(value);
        }
        assertThat(found("secret_key = '" + "0f3b9c7d21a84e56" + "c8d10f9ab37e4526'"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api_key = \"your-api-key-goes-here-1\"",
                "password = \"correct horse battery staple 1\"",
                "password = \"hunter2\"",
                "token = \"aaaaaaaaaaaa1111\"",
                "token = \"next-token-of-the-line\"",
                "api_key = \"123e4567-e89b-12d3-a456-426614174000\"",
                "token = \"1.22.333-beta.4+build.5678abcdef\"",
                "token_hash = \"x7Kq2LmZ9vRtW4bNcY8sHd1P\"",
                "\"integrity\": \"sha512-x7Kq2LmZ9vRtW4bNcY8sHd1P\"",
                "sha256 = \"x7Kq2LmZ9vRtW4bNcY8sHd1P\"",
                "public_key_token = \"x7Kq2LmZ9vRtW4bNcY8sHd1P\"",
                "password = \"${ENV_x7Kq2LmZ9vRtW4bN}\"",
                "password = os.environ[\"X7KQ2LMZ9VRTW4\"]",
                "token = \"/var/run/x7Kq2LmZ9vRtW4bN\"",
                "commit = \"0f3b9c7d21a84e56c8d10f9ab37e45260f3b9c7d\"",
                "secret == x7Kq2LmZ9vRtW4bNcY8sHd1P"
            })
    void valuesThatAreNoSecretsStay(String text) {
        assertThat(found(text)).isEmpty();
    }
}
