package io.peregrine.rewrite.calls;

import io.peregrine.data.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the logs of one task say, over all its attempts.
 *
 * @param byKey one response for each request that ended: an answer if any attempt of the task brought one
 * @param spent by all attempts; what was sent and not heard of counts with the most that it may have cost
 */
public record LoggedResponses(Map<RequestKey, Response> byKey, BudgetLedger.Spent spent) {
    public LoggedResponses {
        byKey = Collections.unmodifiableMap(byKey);
    }

    /**
     * Reads the logs of a task.
     *
     * @param folder of the task, see {@link ResponseLog}
     * @throws DataException if a line other than a file's last is damaged
     */
    public static LoggedResponses read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith(ResponseLog.PREFIX)
                            && file.getFileName().toString().endsWith(ResponseLog.SUFFIX))
                    .sorted()
                    .toList();
        }
        Map<RequestKey, Response> byKey = new HashMap<>();
        BudgetLedger.Spent spent = BudgetLedger.Spent.NOTHING;
        for (Path file : files) {
            spent = spent.plus(read(file, byKey));
        }
        return new LoggedResponses(byKey, spent);
    }

    private static BudgetLedger.Spent read(Path file, Map<RequestKey, Response> byKey) throws IOException {
        Map<String, BudgetLedger.Spent> unheard = new TreeMap<>();
        BudgetLedger.Spent spent = BudgetLedger.Spent.NOTHING;
        long number = 0;
        long damaged = 0;
        // A character cut in two is replaced, not refused: the CRC tells.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (damaged > 0) {
                    throw new DataException(
                            ("%s, line %d: its CRC does not match, and it is not the last line; what was"
                                            + " paid for is damaged, so look at the storage, then remove the line")
                                    .formatted(file, damaged));
                }
                Optional<ResponseLine.Told> told = ResponseLine.read(line);
                if (told.isEmpty()) {
                    damaged = number;
                } else if (told.get() instanceof ResponseLine.Sent sent) {
                    unheard.put(sent.key().hex(), sent.atMost());
                } else {
                    Response response = ((ResponseLine.Ended) told.get()).response();
                    unheard.remove(response.key().hex());
                    spent = spent.plus(new BudgetLedger.Spent(response.tokens(), response.microDollars()));
                    byKey.merge(
                            response.key(),
                            response,
                            (one, other) -> one.answer().isPresent() ? one : other);
                }
            }
        }
        for (BudgetLedger.Spent atMost : unheard.values()) {
            spent = spent.plus(atMost);
        }
        return spent;
    }
}
