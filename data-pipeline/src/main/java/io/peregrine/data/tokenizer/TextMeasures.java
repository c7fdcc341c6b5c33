package io.peregrine.data.tokenizer;

/**
 * How a tokenizer takes some texts apart. Sums; those of parts add up to those of the whole.
 *
 * @param documents texts
 * @param bytes their size in UTF-8
 * @param tokens tokens, without any end of text
 * @param words pre-tokens of letters, with or without the space before them
 * @param wordTokens tokens of these
 * @param singleTokenWords those of them that are one token
 * @param letters letters and marks in them
 * @param numbers number characters
 * @param numbersAlone those of them that are a token by themselves
 * @param commands LaTeX commands: a backslash and letters
 * @param commandsAlone those of them that are one token
 */
public record TextMeasures(
        long documents,
        long bytes,
        long tokens,
        long words,
        long wordTokens,
        long singleTokenWords,
        long letters,
        long numbers,
        long numbersAlone,
        long commands,
        long commandsAlone) {
    public static final TextMeasures NONE = new TextMeasures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The measures of one text. */
    public static TextMeasures of(String text, BpeTokenizer tokenizer) {
        String wellFormed = WellFormed.of(text);
        int[] ids = tokenizer.encode(wellFormed);
        long[] sums = new long[9];
        PretokenWalk.each(wellFormed, ids, tokenizer, (start, end, bytes, tokens) -> {
            sums[0] += bytes;
            add(wellFormed, start, end, tokens, sums);
        });
        return new TextMeasures(
                1, sums[0], ids.length, sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7], sums[8]);
    }

    private static void add(String text, int start, int end, int tokens, long[] sums) {
        int last = text.codePointBefore(end);
        byte kind = CodePointClasses.of(last);
        if (text.charAt(start) == '\\' && end - start > 1) {
            sums[7]++;
            sums[8] += tokens == 1 ? 1 : 0;
        } else if (kind == CodePointClasses.LETTER) {
            sums[1]++;
            sums[2] += tokens;
            sums[3] += tokens == 1 ? 1 : 0;
            sums[4] += text.codePointCount(start, end) - (text.charAt(start) == ' ' ? 1 : 0);
        } else if (kind == CodePointClasses.NUMBER) {
            int digits = text.codePointCount(start, end);
            sums[5] += digits;
            sums[6] += tokens == digits ? digits : 0;
        }
    }

    /** Both together. */
    public TextMeasures plus(TextMeasures other) {
        return new TextMeasures(
                documents + other.documents,
                bytes + other.bytes,
                tokens + other.tokens,
                words + other.words,
                wordTokens + other.wordTokens,
                singleTokenWords + other.singleTokenWords,
                letters + other.letters,
                numbers + other.numbers,
                numbersAlone + other.numbersAlone,
                commands + other.commands,
                commandsAlone + other.commandsAlone);
    }
}
