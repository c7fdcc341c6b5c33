package io.peregrine.data.code;

import io.peregrine.data.rules.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What {@link CodeAnnotator} measures. Characters are code points; lines are Python's {@code splitlines}, without their
 * ends; words are maximal runs of letters, digits and underscores, in lower case; code lines are those on which something
 * other than white space and comments stands.
 */
enum CodeSignal {
    BYTES("bytes", "length in UTF-8"),
    CHARACTERS("characters", "length of the text"),
    VISIBLE("characters", "characters that are not white space"),
    LINES("lines", "number of lines"),
    LONGEST_LINE("characters", "length of the longest line"),
    MEAN_LINE("characters", "mean length of the lines"),
    ALPHANUMERIC_RATIO("0..1", "letters and digits among the characters"),
    ALPHABETIC_RATIO("0..1", "letters among the characters"),
    VISIBLE_ALPHABETIC_RATIO("0..1", "letters among the characters that are not white space"),
    DIGIT_RATIO("0..1", "decimal digits among the characters that are not white space"),
    WHITESPACE_RATIO("0..1", "white space among the characters"),
    REPLACEMENT_RATIO("0..1", "U+FFFD among the characters"),
    CONTROL_CHARACTERS("characters", "control characters other than white space and escape"),
    WORDS("words", "number of words"),
    MEAN_WORD("characters", "mean length of the words"),
    UNIQUE_WORD_RATIO("0..1", "different words among the words"),
    COMMENT_RATIO("0..1", "characters in comments; not measured where comments are unknown"),
    STRING_RATIO("0..1", "characters in literals among those outside comments"),
    LONG_STRING_LINES_RATIO("0..1", "pieces of literals on a line with more than 20 words, per code line"),
    LONG_STRING_WORD_RATIO("0..1", "characters in words of literals longer than 20, addresses left out"),
    ENCODED_LONGEST("characters", "longest run of Base64, hexadecimal or Unicode escapes (The Stack v2)"),
    ENCODED_RATIO("0..1", "characters in such runs among the characters"),
    HEX_RATIO("0..1", "characters in words 0x... outside comments"),
    XML_PROLOGUE("0 or 1", "whether '<?xml version=' is in the first 100 characters"),
    HTML_VISIBLE_RATIO("0..1", "text a reader sees among the characters; HTML only"),
    HTML_VISIBLE_CHARACTERS("characters", "length of that text; HTML only"),
    GENERATED_HEAD("0 or 1", "whether the first five lines say that a program wrote the file (The Stack v2)"),
    GENERATED_WORD("0 or 1", "whether 'generate', 'autogen' or 'do not edit' is in the first 200 characters"),
    GENERATED("0 or 1", "whether a comment of the head or the file's name says that a program wrote the file"),
    MINIFIED("0 or 1", "whether the name or the shape of the lines is that of a minified file"),
    VENDORED("0 or 1", "whether a folder of the path is one for other people's code"),
    DISTRIBUTED("0 or 1", "whether a folder of the path is one for results of a build"),
    TEST("0 or 1", "whether the path is that of a test"),
    LOCK_FILE("0 or 1", "whether the name is that of a package manager's lock file"),
    DATA("0 or 1", "whether the file holds values rather than logic, by language or by its digits"),
    DUPLICATE_LINE_RATIO("0..1", "code lines that are there more than once, short ones left out"),
    TOP_2GRAM_RATIO("0..1", "characters of the most frequent 2 words in a row among those of all words"),
    TOP_3GRAM_RATIO("0..1", "the same with 3 words"),
    TOP_4GRAM_RATIO("0..1", "the same with 4 words"),
    DUPLICATE_5GRAM_RATIO("0..1", "characters of words in 5 words in a row that are there more than once"),
    DUPLICATE_6GRAM_RATIO("0..1", "the same with 6 words"),
    DUPLICATE_7GRAM_RATIO("0..1", "the same with 7 words"),
    DUPLICATE_8GRAM_RATIO("0..1", "the same with 8 words"),
    DUPLICATE_9GRAM_RATIO("0..1", "the same with 9 words"),
    DUPLICATE_10GRAM_RATIO("0..1", "the same with 10 words"),
    PROMPT_COMMENT_RATIO("0..1", "comment lines with 'todo', 'fixme' or 'your code here' among the lines"),
    ASSERT_RATIO("0..1", "code lines with 'assert' among the code lines"),
    PYTHON_FUNCTION_RATIO("0..1", "function heads among the code lines; Python only"),
    PYTHON_PASS_RATIO("0..1", "pass statements among the code lines; Python only"),
    PYTHON_IMPORT_RATIO("0..1", "imports among the code lines; Python only"),
    PYTHON_SIMPLE_FUNCTION_RATIO("0..1", "functions of one return statement among the code lines; Python only"),
    PYTHON_PRINT_RATIO("0..1", "print statements among the code lines; Python only"),
    SYNTAX_ERRORS("errors", "places that no text of the language can contain, see SyntaxCheck");

    static final List<Signal> SIGNALS =
            Arrays.stream(values()).map(CodeSignal::signal).toList();

    private final Signal signal;

    CodeSignal(String unit, String doc) {
        this.signal = new Signal("code_" + name().toLowerCase(Locale.ROOT), unit, doc);
    }

    Signal signal() {
        return signal;
    }
}
