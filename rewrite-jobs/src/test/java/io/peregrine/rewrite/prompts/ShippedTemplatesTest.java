package io.peregrine.rewrite.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.language.OpenNlpLanguageIdentifier;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.rewrite.accept.AcceptChecks;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers as models give them, through the steps and the checks of the templates that ship. */
class ShippedTemplatesTest {
    private static final String PAGE = """
            Welcome to our site!! Subscribe to the newsletter.
            The old lighthouse on the north cape, it was built in 1874 and it's 31 m high. The light could be seen for 24 km
            if the weather was good. The keeper was living there with the family till 5 March 1962, then they made it
            automatic. In 1998 the town bought it for 40,000 pounds and now there's a small museum inside, open from May to
            September.
            """;
    private static final String PROSE =
            "The lighthouse on the north cape was built in 1874 and is 31 m high. In good weather"
                    + " its light could be seen from a distance of 24 km. The keeper lived there with the family until March 5,"
                    + " 1962, when the light was made automatic. The town bought the building for 40,000 pounds in 1998; it now"
                    + " houses a small museum that is open from May to September.";
    private static final String QA = "Q: When was the lighthouse on the north cape built, and how high is it?\nA: The"
            + " lighthouse was built in 1874 and is 31 m high.\n\nQ: Why did the keeper of the lighthouse on the north cape"
            + " leave?\nA: On 5 March 1962 the light was made automatic.";
    private static final String PROBLEM =
            "A train goes 120 km in 90 minutes. What is its speed in kilometres an hour?\n#### 80";
    private static final String SOLUTION =
            "A train goes 120 km in 90 minutes. We look for its speed in kilometres an hour.\n"
                    + "Since 90 minutes are $\\frac{3}{2}$ hours, the speed is $120 : \\frac{3}{2} = 80$ kilometres an hour.\n"
                    + "Check: in one and a half hours it goes $80 \\cdot 1.5 = 120$ kilometres.\n\\boxed{%s}";
    private static final String CODE =
            "class Stack { int[] data = new int[9]; int n;\n  void push(int v) { data[n++] = v; }\n"
                    + "  int popValue() { return data[--n]; } }\n";
    private static final String DOCUMENTED =
            "```java\n/** A stack of numbers. */\nclass Stack {\n    int[] data = new int[9];\n"
                    + "    int n;\n\n    /** Puts a number on top. */\n    void push(int v) {\n        data[n++] = v;\n    }\n\n"
                    + "    /** Takes the number from the top. */\n    int popValue() {\n        return data[--n];\n    }\n}%s\n```";

    static List<Arguments> answers() {
        return List.of(
                of("web-encyclopedic", PAGE, PROSE, "stands"),
                of("web-encyclopedic", PAGE, "Sure! Here is the rewritten passage:\n\n" + PROSE, "stands"),
                of("web-encyclopedic", PAGE, "<think>The user wants 7 things.</think>\n\"" + PROSE + "\"", "stands"),
                of("web-encyclopedic", PAGE, PROSE.replace("1874", "1878"), "numbers_new"),
                of("web-encyclopedic", PAGE, PROSE.replace("March 5", "March 6"), "numbers_new"),
                of("web-encyclopedic", PAGE, PROSE.replace("24 km", "24 mi"), "units_new"),
                of("web-encyclopedic", PAGE, PROSE + " See https://lighthouse.example/.", "urls_new"),
                of(
                        "web-encyclopedic",
                        PAGE,
                        "The lighthouse on the cape is old, and there is a museum inside it, which is"
                                + " open in the summer for visitors from the town.",
                        "numbers_lost"),
                of("web-encyclopedic", PAGE, "I'm sorry, but I can't help with that. ".repeat(4), "refusal"),
                of("web-encyclopedic", PAGE, PAGE, "copied"),
                of(
                        "web-encyclopedic",
                        PAGE,
                        "Der Leuchtturm am Nordkap wurde 1874 gebaut und ist 31 m hoch. Bei gutem Wetter"
                                + " sah man sein Licht 24 km weit. Der W\u00e4chter lebte dort mit seiner Familie, bis es am 5 March 1962"
                                + " automatisch wurde. Die Stadt kaufte ihn 1998 f\u00fcr 40,000 Pfund.",
                        "language_changed"),
                of("web-qa", PAGE, QA, "stands"),
                of("web-qa", PAGE, QA.replace("31 m", "35 m"), "units_new"),
                of("web-qa", PAGE, "Q: Who wins?\nA: Nobody knows. ".repeat(12), "repetitive"),
                of("math-solution", PROBLEM, SOLUTION.formatted("80"), "stands"),
                of("math-solution", PROBLEM, SOLUTION.formatted("\\frac{160}{2}"), "stands"),
                of("math-solution", PROBLEM, SOLUTION.formatted("81"), "result_changed"),
                of("code-documented", CODE, DOCUMENTED.formatted(""), "stands"),
                of("code-documented", CODE, "Here is the code:\n" + DOCUMENTED.formatted("") + "\nEnjoy!", "stands"),
                of("code-documented", CODE, DOCUMENTED.formatted("}"), "syntax"),
                of("code-documented", CODE, DOCUMENTED.formatted("").replace("popValue", "pop"), "identifiers_lost"));
    }

    private static Arguments of(String template, String source, String answer, String verdict) {
        return Arguments.of(template, source, answer, verdict);
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("answers")
    void answersAreJudged(String name, String source, String answer, String verdict) {
        Template template = Templates.load(name);
        String language = template.domains().contains("code") ? "java" : "en";
        Document document = Document.of("s", template.domains().get(0), "f", "l", language, source);
        Requests requests = new Requests(template, text -> 500, SeedStream.of(1));
        String text = requests.finished(source, new Answer(answer, "stop", 1, 1));
        AcceptChecks checks = new AcceptChecks(template.accept(), new OpenNlpLanguageIdentifier(4_000));
        assertThat(checks.check(document, text, AcceptChecks.FINISHED)
                        .map(rejection -> rejection.reason().code())
                        .orElse("stands"))
                .isEqualTo(verdict);
    }
}
