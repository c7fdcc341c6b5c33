package io.peregrine.rewrite.dialogue;

import io.peregrine.rewrite.calls.Price;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run would send, before anything is sent. {@code about} is what to expect, by bytes a token and by the lengths that
 * a template allows; {@code atMost} is what the ledger would have to reserve, by a token for each byte of a prompt and answers
 * of the greatest length, without attempts that are lost.
 *
 * @param lines by source and template, in their order
 */
public record Estimate(List<Line> lines) {
    /**
     * One source and one template.
     *
     * @param requests all that are known now, and those that follow on their answers
     * @param toSend those of them without a stored response
     */
    public record Line(
            String source,
            String template,
            long documents,
            long requests,
            long toSend,
            long promptTokensAbout,
            long answerTokensAbout,
            long tokensAtMost,
            long microDollarsAbout,
            long microDollarsAtMost) {
        /** Tokens to expect. */
        public long tokensAbout() {
            return promptTokensAbout + answerTokensAbout;
        }

        private Line plus(Line other) {
            return new Line(
                    source,
                    template,
                    documents + other.documents,
                    requests + other.requests,
                    toSend + other.toSend,
                    promptTokensAbout + other.promptTokensAbout,
                    answerTokensAbout + other.answerTokensAbout,
                    tokensAtMost + other.tokensAtMost,
                    microDollarsAbout + other.microDollarsAbout,
                    microDollarsAtMost + other.microDollarsAtMost);
        }
    }

    public Estimate {
        lines = List.copyOf(lines);
    }

    /**
     * A line from what the first requests of a template come to.
     *
     * @param later requests that follow on the answers of those that are to be sent
     */
    public static Line line(
            String source,
            Style style,
            Price price,
            long documents,
            long requests,
            long toSend,
            long later,
            long promptAbout,
            long promptMost) {
        long tokensIn = style.template().limits().tokensInMax();
        long tokensOut = style.template().limits().tokensOutMax();
        double ratio = (style.template().accept().lengthRatioMin()
                        + style.template().accept().lengthRatioMax())
                / 2;
        long answersAbout = Math.min(toSend * tokensOut, (long) (promptAbout * ratio)) + later * tokensOut;
        long prompts = promptAbout + later * tokensIn;
        // A token of what is reduced is an answer's, of which nobody knows the bytes: four, and twice that to be safe.
        long promptsMost = promptMost + later * tokensIn * 8;
        long answersMost = (toSend + later) * tokensOut;
        return new Line(
                source,
                style.template().id(),
                documents,
                requests + later,
                toSend + later,
                prompts,
                answersAbout,
                promptsMost + answersMost,
                price.of(prompts, answersAbout),
                price.of(promptsMost, answersMost));
    }

    /** All lines as one. */
    public Line all() {
        Line all = new Line("all", "", 0, 0, 0, 0, 0, 0, 0, 0);
        for (Line line : lines) {
            all = all.plus(line);
        }
        return all;
    }

    /** As people read it. */
    public List<String> print() {
        List<String> printed = new ArrayList<>();
        printed.add("%-16s %-26s %11s %11s %11s %15s %15s %12s %12s"
                .formatted(
                        "source",
                        "template",
                        "documents",
                        "requests",
                        "to send",
                        "prompt tokens",
                        "answer tokens",
                        "USD, about",
                        "USD, at most"));
        List<Line> rows = new ArrayList<>(lines);
        rows.add(all());
        for (Line row : rows) {
            printed.add("%-16s %-26s %,11d %,11d %,11d %,15d %,15d %12.4f %12.4f"
                    .formatted(
                            row.source(),
                            row.template(),
                            row.documents(),
                            row.requests(),
                            row.toSend(),
                            row.promptTokensAbout(),
                            row.answerTokensAbout(),
                            row.microDollarsAbout() / 1e6,
                            row.microDollarsAtMost() / 1e6));
        }
        return printed;
    }
}
