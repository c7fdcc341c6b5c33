package io.peregrine.data.url;

import io.peregrine.data.Document;
import io.peregrine.data.lists.AhoCorasick;
import io.peregrine.data.lists.HashedNames;
import io.peregrine.data.lists.ListFile;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.text.UnicodeText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Holds the address of a document against lists, in the six ways of RefinedWeb and FineWeb.
 *
 * <p>The address is the document's location where that is one of the web; all signals of other documents are NaN. The
 * words of an address are what is left between characters that are not ASCII letters or digits; nothing is percent-decoded,
 * as in the published filters. Words and subwords are counted once each, however often they occur. An address without a
 * host has no domain, host or exact form, but words.
 *
 * <p>Domains and hosts are looked up in one list, as FineWeb does: an entry {@code example.com} meets {@code
 * www.example.com} by its registered domain, an entry {@code bad.example.com} only that very host.
 */
public final class UrlAnnotator implements Annotator {
    /** In the order of FineWeb. A soft word alone is kept, everything else is a drop. */
    public static final List<Rule> RULES = List.of(
            rule("url_domain_banned", "url_domain_banned", 0),
            rule("url_host_banned", "url_host_banned", 0),
            rule("url_banned", "url_banned", 0),
            rule("url_hard_word", "url_hard_words", 0),
            rule("url_soft_words", "url_soft_words", 1),
            rule("url_subword", "url_subwords", 0));

    private static final List<Signal> SIGNALS = List.of(
            new Signal("url_domain_banned", "0 or 1", "whether the registered domain is in a list of domains"),
            new Signal("url_host_banned", "0 or 1", "whether the whole host is in a list of domains"),
            new Signal("url_banned", "0 or 1", "whether the address is in a list of addresses"),
            new Signal("url_hard_words", "words", "different words of the address that condemn it alone"),
            new Signal("url_soft_words", "words", "different words of the address that condemn it in company"),
            new Signal("url_subwords", "words", "different banned words inside the address without its punctuation"));

    private static final double[] NOT_OF_THE_WEB = {
        Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN
    };

    private static final int HARD = 1;
    private static final int SOFT = 2;

    private final boolean caseSensitive;
    private final HashedNames domains;
    private final HashedNames addresses;
    private final Map<String, Integer> words = new HashMap<>();
    private final int longestWord;
    private final AhoCorasick subwords;
    private final BitSet found = new BitSet();

    public UrlAnnotator(UrlConfig config) {
        this.caseSensitive = config.caseSensitiveWords();
        this.domains = names(config.domainLists(), config, WebAddress::canonical);
        this.addresses = names(config.urlLists(), config, WebAddress::exact);
        addWords(words(config.hardWordLists(), config, BuiltInWords.HARD), HARD);
        addWords(words(config.softWordLists(), config, BuiltInWords.SOFT), SOFT);
        this.longestWord =
                words.keySet().stream().mapToInt(String::length).max().orElse(0);
        this.subwords = new AhoCorasick(words(config.subwordLists(), config, BuiltInWords.SUBWORDS).stream()
                .map(UrlAnnotator::withoutPunctuation)
                .filter(subword -> !subword.isEmpty())
                .distinct()
                .toList());
    }

    private static Rule rule(String reason, String signal, double max) {
        return new Rule(reason, "url", signal, Optional.empty(), Optional.of(max));
    }

    private static HashedNames names(List<String> files, UrlConfig config, UnaryOperator<String> spelled) {
        List<String> names = new ArrayList<>();
        for (String file : files) {
            ListFile.readHosts(Path.of(file), config.listBytesMax()).forEach(name -> names.add(spelled.apply(name)));
        }
        return new HashedNames(names);
    }

    private static List<String> words(List<String> files, UrlConfig config, List<String> builtIn) {
        List<String> words = new ArrayList<>(config.builtInWords() ? builtIn : List.of());
        for (String file : files) {
            words.addAll(ListFile.read(Path.of(file), config.listBytesMax()));
        }
        return words;
    }

    private void addWords(List<String> list, int kind) {
        for (String word : list) {
            words.merge(caseSensitive ? word : UnicodeText.lower(word), kind, (a, b) -> a | b);
        }
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        String location = document.location();
        if (!WebAddress.isWeb(location)) {
            return new Annotation(document, NOT_OF_THE_WEB.clone());
        }
        double[] values = new double[SIGNALS.size()];
        Optional<WebAddress> address = WebAddress.parse(location);
        values[0] = count(address.map(
                parts -> parts.registeredDomain().map(domains::contains).orElse(false)));
        values[1] = count(address.map(parts -> domains.contains(parts.host())));
        values[2] = count(address.map(parts -> addresses.contains(parts.exact())));
        Set<String> met = met(location);
        values[3] = met.stream().filter(word -> (words.get(word) & HARD) != 0).count();
        values[4] = met.stream().filter(word -> (words.get(word) & SOFT) != 0).count();
        found.clear();
        subwords.find(withoutPunctuation(location), (pattern, start, end) -> found.set(pattern));
        values[5] = found.cardinality();
        return new Annotation(document, values);
    }

    private static double count(Optional<Boolean> banned) {
        return banned.map(yes -> yes ? 1.0 : 0.0).orElse(Double.NaN);
    }

    /** The words of the lists that the address holds. */
    private Set<String> met(String location) {
        Set<String> met = new HashSet<>();
        int start = 0;
        for (int i = 0; i <= location.length(); i++) {
            if (i == location.length() || !isAlphanumeric(location.charAt(i))) {
                if (i > start && i - start <= longestWord) {
                    String spelled = location.substring(start, i);
                    String word = caseSensitive ? spelled : UnicodeText.lower(spelled);
                    if (words.containsKey(word)) {
                        met.add(word);
                    }
                }
                start = i + 1;
            }
        }
        return met;
    }

    private static String withoutPunctuation(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isAlphanumeric(c)) {
                out.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
            }
        }
        return out.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
