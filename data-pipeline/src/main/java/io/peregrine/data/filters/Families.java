package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.code.CodeConfig;
import io.peregrine.data.code.licence.LicenceAnnotator;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.language.LanguageAnnotator;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.math.MathAnnotator;
import io.peregrine.data.pii.PiiAnnotator;
import io.peregrine.data.quality.QualityAnnotator;
import io.peregrine.data.quality.QualityConfig;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.toxicity.ToxicityAnnotator;
import io.peregrine.data.url.UrlAnnotator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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
            case URL ->
                Family.of(
                        "url", UrlAnnotator.RULES, config.url().contentDigest(), () -> new UrlAnnotator(config.url()));
            case LANGUAGE -> language(config.language());
            case TEXT -> text(profiles.get(config.profile()), config.code());
            case MATH ->
                Family.of(
                        "math",
                        MathAnnotator.RULES,
                        ConfigDigest.of(config.math()),
                        () -> new MathAnnotator(config.math()));
            case QUALITY -> quality(config.quality().required());
            case LICENCE ->
                Family.of(
                        "licence",
                        LicenceAnnotator.rules(config.licence()),
                        ConfigDigest.of(config.licence()),
                        () -> new LicenceAnnotator(config.licence()));
            case TOXICITY ->
                Family.of(
                        "toxicity",
                        ToxicityAnnotator.RULES,
                        config.toxicity().contentDigest(),
                        () -> new ToxicityAnnotator(config.toxicity()));
            case PII ->
                Family.of(
                        "pii", PiiAnnotator.RULES, ConfigDigest.of(config.pii()), () -> new PiiAnnotator(config.pii()));
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

    /** Which code measures a profile is decided here and now, so that one without any is refused before any work. */
    private static Family text(Profile profile, CodeConfig code) {
        Supplier<Annotator> annotator = TextProfiles.annotators(profile, code);
        requireMeasured(profile, annotator.get());
        return new Family("text", profile, profile, ConfigDigest.of(code), annotator);
    }

    /** A rule on what nobody measures would never drop anything. */
    private static void requireMeasured(Profile profile, Annotator annotator) {
        Set<String> measured = annotator.signals().stream().map(Signal::name).collect(Collectors.toSet());
        for (Rule rule : profile.rules()) {
            if (!measured.contains(rule.signal())) {
                throw new ConfigException(
                        "rules." + rule.reason() + ".signal",
                        rule.signal(),
                        "is no signal of the definitions %s, so the rule could never drop a document; it is in the profile %s"
                                .formatted(profile.definitions(), profile.profile()));
            }
        }
    }
}
