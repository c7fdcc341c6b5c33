package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.code.CodeAnnotator;
import io.peregrine.data.code.CodeConfig;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.filters.datatrove.ProfileAnnotator;
import io.peregrine.data.filters.dclm.DclmAnnotator;
import io.peregrine.data.filters.dolma.DolmaAnnotator;
import io.peregrine.data.filters.redpajama.RedPajamaAnnotator;
import io.peregrine.data.filters.words.WordSplitters;
import io.peregrine.data.language.LanguageAnnotator;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.math.MathAnnotator;
import io.peregrine.data.quality.QualityAnnotator;
import io.peregrine.data.quality.QualityConfig;
import io.peregrine.data.rules.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/** Puts rule sets together: the one place that knows every family. */
final class Families {
    private Families() {}

    static RuleSet ruleSet(String name, RuleSetConfig config, Map<String, Profile> profiles) {
        List<Family> families = config.families().stream()
                .map(family -> family(family, config, profiles))
                .toList();
        return new RuleSet(name, families).with(config.limits(), config.switchedOff());
    }

    private static Family family(FamilyName family, RuleSetConfig config, Map<String, Profile> profiles) {
        return switch (family) {
            case LANGUAGE -> language(config.language());
            case TEXT -> text(profiles.get(config.profile()), config.code());
            case MATH ->
                Family.of(
                        "math",
                        MathAnnotator.RULES,
                        ConfigDigest.of(config.math()),
                        () -> new MathAnnotator(config.math()));
            case QUALITY -> quality(config.quality().required());
        };
    }

    private static Family language(LanguageConfig config) {
        List<String> models = config.model().equals(LanguageConfig.OPENNLP) ? List.of() : List.of(config.model());
        return Family.of(
                "language",
                LanguageAnnotator.rules(config),
                ConfigDigest.of(config) + contents(models),
                () -> new LanguageAnnotator(config));
    }

    private static Family quality(QualityConfig config) {
        return Family.of(
                "quality",
                QualityAnnotator.RULES,
                ConfigDigest.of(config) + contents(List.of(config.model())),
                () -> new QualityAnnotator(config));
    }

    /** The profiles whose words are not spaCy's have no C4 rules, which alone ask for sentences. */
    private static int noSentences(CharSequence text) {
        throw new IllegalStateException("a profile with C4 rules needs spaCy's sentences");
    }

    /** Identity of the contents of files that settings name. */
    private static String contents(List<String> files) {
        PayloadDigest digest = new PayloadDigest();
        for (String file : files) {
            MessageDigest sha = PayloadDigest.sha256();
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                byte[] buffer = new byte[1 << 16];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    sha.update(buffer, 0, read);
                }
            } catch (IOException e) {
                throw new DataException(
                        "%s: cannot be read: %s; correct its path in the section 'filter'".formatted(file, e), e);
            }
            digest.add(sha.digest());
        }
        return digest.hex();
    }

    private static Family text(Profile profile, CodeConfig code) {
        return switch (profile.definitions()) {
            case ProfileAnnotator.DEFINITIONS ->
                Family.of(
                        "text", profile, () -> new ProfileAnnotator(profile, WordSplitters::of, Families::noSentences));
            case "dclm" -> Family.of("text", profile, () -> new DclmAnnotator(profile));
            case "dolma" -> Family.of("text", profile, () -> new DolmaAnnotator(profile));
            case "code" -> new Family("text", profile, profile, ConfigDigest.of(code), () -> new CodeAnnotator(code));
            case "redpajama" -> Family.of("text", profile, () -> new RedPajamaAnnotator(profile));
            default ->
                throw new ConfigException(
                        "definitions",
                        profile.definitions(),
                        "must be one of datatrove, dclm, dolma, redpajama, code; it is in the profile "
                                + profile.profile());
        };
    }
}
