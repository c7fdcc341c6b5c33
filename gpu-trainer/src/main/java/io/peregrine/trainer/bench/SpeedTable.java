package io.peregrine.trainer.bench;

import java.util.List;
import java.util.Locale;

/** Measured numbers beside a peer's and beside what is to be reached, as a table in Markdown. */
record SpeedTable(List<Line> lines) {
    SpeedTable {
        lines = List.copyOf(lines);
    }

    /**
     * One number.
     *
     * @param what was measured; no {@code |}, which ends a column
     * @param peer what another implementation measured on the same kind of card
     * @param goal what is to be reached
     * @param here what was measured
     */
    record Line(String what, Unit unit, double peer, double goal, double here) {
        Line {
            if (what.contains("|")) {
                throw new IllegalArgumentException("'" + what + "' would end a column");
            }
            for (double value : List.of(peer, goal, here)) {
                if (!(value > 0 && Double.isFinite(value))) {
                    throw new IllegalArgumentException(what + ": " + value + " must be above 0 and finite");
                }
            }
        }

        boolean reached() {
            return unit.timesBetter(here, goal) >= 1;
        }
    }

    /** Lines without a break after the last. */
    String markdown() {
        StringBuilder text = new StringBuilder("| what | peer | goal | here | times the peer | reached |\n")
                .append("| --- | --- | --- | --- | --- | --- |");
        for (Line line : lines) {
            Unit unit = line.unit();
            text.append(String.format(
                    Locale.ROOT,
                    "%n| %s | %s | %s | %s | %.2f | %s |",
                    line.what(),
                    unit.text(line.peer()),
                    unit.goal(line.goal()),
                    unit.text(line.here()),
                    unit.timesBetter(line.here(), line.peer()),
                    line.reached() ? "yes" : "no"));
        }
        return text.toString();
    }
}
