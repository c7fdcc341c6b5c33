package io.peregrine.data.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The numbers of {@link DataFacts} as Markdown tables, to be kept under version control: no clock, no place. */
final class DataSummary {
    /** Languages of a kind that have a row of their own; the others share one. */
    private static final int LANGUAGES_SHOWN = 20;

    private static final int REASONS_SHOWN = 3;
    private static final int LICENCES_SHOWN = 12;
    /** Stands between source and reason in the counts of stage 10. */
    private static final String REJECTED = ".rejected.";

    private final JsonNode facts;
    private final StringBuilder page = new StringBuilder();

    private DataSummary(JsonNode facts) {
        this.facts = facts;
    }

    /** The tables of a run. */
    static String of(JsonNode facts) {
        DataSummary summary = new DataSummary(facts);
        summary.kinds();
        Set<String> domains = new LinkedHashSet<>();
        facts.path("flow").forEach(row -> domains.add(row.path("domain").asText()));
        domains.forEach(summary::languages);
        summary.rejected();
        summary.duplicates();
        summary.contamination();
        summary.repositories();
        summary.licences();
        return summary.page.toString();
    }

    private void kinds() {
        page.append("## By kind\n\n");
        Map<String, Predicate<JsonNode>> rows = new LinkedHashMap<>();
        for (JsonNode row : facts.path("flow")) {
            String domain = row.path("domain").asText();
            rows.put(domain, is("domain", domain));
        }
        rows.put("all", row -> true);
        flow("kind", rows);
    }

    private void languages(String domain) {
        Predicate<JsonNode> own = is("domain", domain);
        Map<String, Long> documents = new TreeMap<>();
        for (JsonNode row : facts.path("flow")) {
            if (own.test(row)) {
                documents.merge(
                        row.path("language").asText(), row.path("documents").asLong(), Long::sum);
            }
        }
        List<String> most = documents.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        Map<String, Predicate<JsonNode>> rows = new LinkedHashMap<>();
        Set<String> shown = new LinkedHashSet<>(most.subList(0, Math.min(LANGUAGES_SHOWN, most.size())));
        shown.forEach(language -> rows.put(language, own.and(is("language", language))));
        if (shown.size() < most.size()) {
            rows.put(
                    most.size() - shown.size() + " others",
                    own.and(row -> !shown.contains(row.path("language").asText())));
        }
        page.append("\n## %s, by language\n\n".formatted(domain));
        flow("language", rows);
    }

    private static Predicate<JsonNode> is(String key, String value) {
        return row -> row.path(key).asText().equals(value);
    }

    /** One row for each group: what is left of its documents table by table, and why the others are not. */
    private void flow(String heading, Map<String, Predicate<JsonNode>> groups) {
        Set<String> tables = new LinkedHashSet<>();
        facts.path("flow").forEach(row -> tables.add(row.path("table").asText()));
        boolean tokens = tables.remove("tokenized");
        List<String> texts = List.copyOf(tables);
        List<String> head = new ArrayList<>(List.of(heading));
        head.addAll(texts);
        head.addAll(List.of("left", "bytes left"));
        if (tokens) {
            head.add("tokens");
        }
        head.add("most frequent reasons of the filters");
        List<List<String>> rows = new ArrayList<>();
        groups.forEach((name, group) -> {
            List<String> row = new ArrayList<>(List.of(name));
            texts.forEach(table -> row.add(number(sum("flow", "documents", group.and(is("table", table))))));
            Predicate<JsonNode> last = group.and(is("table", texts.get(texts.size() - 1)));
            row.add(share(
                    sum("flow", "documents", last), sum("flow", "documents", group.and(is("table", texts.get(0))))));
            row.add(number(sum("flow", "bytes", last)));
            if (tokens) {
                row.add(number(sum("flow", "tokens", group.and(is("table", "tokenized")))));
            }
            row.add(reasons(group));
            rows.add(row);
        });
        table(head, rows);
    }

    private long sum(String array, String key, Predicate<JsonNode> group) {
        return stream(facts.path(array))
                .filter(group)
                .mapToLong(row -> row.path(key).asLong())
                .sum();
    }

    private String reasons(Predicate<JsonNode> group) {
        Map<String, Long> reasons = new TreeMap<>();
        stream(facts.path("drops"))
                .filter(group)
                .forEach(row -> reasons.merge(
                        row.path("reason").asText(), row.path("documents").asLong(), Long::sum));
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(REASONS_SHOWN)
                .map(reason -> reason.getKey() + " " + number(reason.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void rejected() {
        page.append("\n## Input that could not be read\n\n");
        List<List<String>> rows = new ArrayList<>();
        facts.path("stages").path(0).path("counts").properties().forEach(entry -> {
            int at = entry.getKey().indexOf(REJECTED);
            if (at > 0) {
                rows.add(List.of(
                        entry.getKey().substring(0, at),
                        entry.getKey().substring(at + REJECTED.length()),
                        number(entry.getValue().asLong())));
            }
        });
        table(List.of("source", "reason", "pieces"), rows);
    }

    private void duplicates() {
        if (facts.path("duplicates").isMissingNode()) {
            return;
        }
        page.append("\n## Duplicates found\n\n");
        List<List<String>> rows = new ArrayList<>();
        facts.path("duplicates")
                .path("kinds")
                .forEach(row -> rows.add(List.of(
                        row.path("source").asText(),
                        row.path("kind").asText(),
                        number(row.path("documents").asLong()))));
        rows.sort(Comparator.comparing((List<String> row) -> row.get(0)).thenComparing(row -> row.get(1)));
        table(List.of("source", "kind", "documents dropped"), rows);
    }

    private void contamination() {
        if (facts.path("contamination").isMissingNode()) {
            return;
        }
        page.append("\n## Evaluation sets\n\n");
        List<List<String>> rows = new ArrayList<>();
        facts.path("contamination")
                .forEach(row -> rows.add(List.of(
                        row.path("set").asText(),
                        number(row.path("items").asLong()),
                        number(row.path("uncovered").asLong()),
                        number(row.path("touched").asLong()),
                        number(row.path("documents").asLong()),
                        number(row.path("below_share").asLong()))));
        table(
                List.of(
                        "set",
                        "items",
                        "too short to find",
                        "items found",
                        "documents that hold them",
                        "documents with less than the least share"),
                rows);
    }

    private void repositories() {
        for (JsonNode stage : facts.path("stages")) {
            JsonNode counts = stage.path("counts");
            if (stage.path("stage").asText().equals("37-repositories") && counts.has("packed")) {
                page.append("\n## Repositories\n\n%s of %s source files were also joined into %s documents.\n"
                        .formatted(
                                number(counts.path("packed").asLong()),
                                number(counts.path("in").asLong()),
                                number(counts.path("out").asLong())));
            }
        }
    }

    private void licences() {
        page.append("\n## Licences of what is left\n\n");
        List<List<String>> rows = new ArrayList<>();
        Map<String, List<JsonNode>> byDomain = stream(facts.path("licences"))
                .collect(Collectors.groupingBy(
                        row -> row.path("domain").asText(), LinkedHashMap::new, Collectors.toList()));
        byDomain.forEach((domain, licences) -> {
            int shown = Math.min(LICENCES_SHOWN, licences.size());
            licences.subList(0, shown)
                    .forEach(row -> rows.add(licence(domain, row.path("licence").asText(), List.of(row))));
            if (shown < licences.size()) {
                List<JsonNode> others = licences.subList(shown, licences.size());
                rows.add(licence(domain, others.size() + " others", others));
            }
        });
        table(List.of("kind", "licence", "documents", "bytes"), rows);
    }

    private static List<String> licence(String domain, String name, List<JsonNode> rows) {
        return List.of(
                domain,
                name,
                number(rows.stream()
                        .mapToLong(row -> row.path("documents").asLong())
                        .sum()),
                number(rows.stream()
                        .mapToLong(row -> row.path("bytes").asLong())
                        .sum()));
    }

    private void table(List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            page.append("None.\n");
            return;
        }
        line(head);
        line(head.stream().map(cell -> "---").toList());
        rows.forEach(this::line);
    }

    private void line(List<String> cells) {
        // Licences and names come with the data.
        page.append(cells.stream()
                .map(cell -> cell.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;"))
                .collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
