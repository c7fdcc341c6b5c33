package io.peregrine.data.text;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The words that spaCy's English rules name one by one: contractions, times of day, abbreviations and emoticons, each with
 * the tokens into which it is cut.
 *
 * <p>Contractions are the product of words and endings, with and without apostrophe, straight or curled, in lower case and
 * with a capital. What would be an English word without its apostrophe is left out.
 */
final class SpacyEnglishCases {
    private static final String PERSONS = "i you he she it we they";
    private static final String QUESTIONS = "who what when where why how there that this these those";
    private static final String NEGATED = "ca could do does did had may might must need ought sha should wo would";
    private static final String NEGATED_ONLY = "ai are is was were have has dare";

    /** Would be read as another word. */
    private static final Set<String> OTHER_WORDS = Set.of("ill its hell shell shed were well whore".split(" "));

    private static final List<String> DROPPED_G =
            List.of("doin", "goin", "havin", "lovin", "nothin", "nuthin", "ol", "somethin");

    private static final String CLIPPED = "bout cause cos coz cuz d em ll nuff re s S Cause Cos Coz Cuz";

    private static final String ABBREVIATIONS = "Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sep. Sept. Oct. Nov. Dec."
            + " Ak. Ala. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ia. Id. Ill. Ind. Kan. Kans. Ky. La. Mass. Md. Mich."
            + " Minn. Miss. Mo. Mont. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Okla. Ore. Pa. S.C. Tenn. Va. Wash. Wis."
            + " D.C. Adm. Bros. Co. co. Corp. Dr. Gen. Gov. Inc. Jr. Ltd. Messrs. Mr. Mrs. Ms. Mt. Ph.D. Prof. Rep. Rev."
            + " Sen. St. a.m. p.m. e.g. E.g. E.G. i.e. I.e. I.E. v.s. vs. w/o and/or C++ nuff em ll ma'am Ma'am o'clock"
            + " O'clock ' '' \u2014";

    private static final String FACES = "(*_*) (-_-) (._.) (>_<) (^_^) (\u00ac_\u00ac) (\u0ca0_\u0ca0) \u0ca0_\u0ca0"
            + " \u0ca0\ufe35\u0ca0 (\u256f\u00b0\u25a1\u00b0\uff09\u256f\ufe35\u253b\u2501\u253b \u00af\\(\u30c4)/\u00af"
            + " -_- -__- ._. ;_; <.< >.> >.< @_@ ^_^ ^__^ ^___^ <3 <33 <333 </3 ><(((*> \\\") xD xDD XD XDD";

    private static final String SIDEWAYS =
            ":( :(( :((( :() :) :)) :))) :* :-( :-(( :-((( :-) :-)) :-))) :-* :-/ :-0 :-3 :->"
                    + " :-] :-| :-} :/ :0 :1 :3 :> :] :| :} :o) :'( :') :'-( :'-) ;) ;-) ;D ;-D =( =) =/ =3 =D =[ =] =| 8) 8-) 8D 8-D"
                    + " >:( >:o (: (; (= (-: (-; (-8 (o: ): )-: [: [-: [= ]=";

    private final Map<String, List<String>> cases = new TreeMap<>();

    private SpacyEnglishCases() {}

    /** The tokens of each case; joined they are the case. */
    static Map<String, List<String>> all() {
        SpacyEnglishCases english = new SpacyEnglishCases();
        english.contractions();
        english.otherWords();
        OTHER_WORDS.forEach(word -> {
            english.cases.remove(word);
            english.cases.remove(capital(word));
        });
        english.abbreviations();
        Map<String, List<String>> curled = new TreeMap<>();
        english.cases.forEach((word, tokens) -> curled.put(
                curl(word), tokens.stream().map(SpacyEnglishCases::curl).toList()));
        english.cases.putAll(curled);
        english.put("\u2018s");
        english.put("\u2018S");
        return english.cases;
    }

    private void contractions() {
        for (String word : PERSONS.split(" ")) {
            endings(word, "'ll", "'ll 've", "'d", "'d 've");
        }
        endings("i", "'m", "'m a", "'ve");
        for (String word : List.of("you", "we", "they")) {
            endings(word, "'re", "'ve");
        }
        for (String word : List.of("he", "she", "it")) {
            endings(word, "'s");
        }
        for (String word : QUESTIONS.split(" ")) {
            boolean plural = word.equals("these") || word.equals("those");
            boolean singular = word.equals("this") || word.equals("that");
            endings(word, "'ll", "'ll 've", "'d", "'d 've");
            endings(word, singular ? new String[] {"'s"} : new String[] {"'re", "'ve"});
            endings(word, plural ? new String[0] : new String[] {"'s"});
        }
        for (String word : NEGATED.split(" ")) {
            endings(word, "n't", "n't 've");
        }
        for (String word : NEGATED_ONLY.split(" ")) {
            endings(word, "n't");
        }
        for (String word : List.of("could", "might", "must", "not", "should", "would")) {
            endings(word, "'ve");
        }
    }

    private void otherWords() {
        putBoth("can", "not");
        putBoth("gon", "na");
        putBoth("got", "ta");
        putBoth("let", "'s");
        putBoth("c'm", "on");
        putBoth("how", "'d", "'y");
        put("y'", "all");
        put("y", "all");
        for (String word : DROPPED_G) {
            putBoth(word);
            putBoth(word + "'");
        }
        for (String word : CLIPPED.split(" ")) {
            put("'" + word);
        }
        for (int hour = 1; hour <= 12; hour++) {
            for (String half : List.of("am", "pm", "a.m.", "p.m.")) {
                put(Integer.toString(hour), half);
            }
        }
        for (char unit : "CFKcfk".toCharArray()) {
            put("\u00b0", Character.toString(unit), ".");
        }
    }

    private void abbreviations() {
        for (char letter = 'a'; letter <= 'z'; letter++) {
            put(letter + ".");
        }
        for (String word : List.of("\u00e4.", "\u00f6.", "\u00fc.", "<space>", "\\n", "\\t")) {
            put(word);
        }
        for (String word : (ABBREVIATIONS + " " + FACES + " " + SIDEWAYS).split(" ")) {
            put(word);
        }
        for (String mouth : "D O P X o p x".split(" ")) {
            put(":" + mouth);
            put(":-" + mouth);
        }
        for (char between : "_.".toCharArray()) {
            for (String eyes : "00 0o o0 oo oO Oo OO vv VV".split(" ")) {
                put("" + eyes.charAt(0) + between + eyes.charAt(1));
            }
        }
    }

    /** A word with endings, which are separated by spaces, with and without their apostrophes. */
    private void endings(String word, String... endings) {
        for (String ending : endings) {
            putBoth((word + " " + ending).split(" "));
            putBoth((word + " " + ending.replace("'", "")).split(" "));
        }
    }

    private void putBoth(String... tokens) {
        put(tokens);
        String[] capital = tokens.clone();
        capital[0] = capital(tokens[0]);
        put(capital);
    }

    private void put(String... tokens) {
        cases.put(String.join("", tokens), List.of(tokens));
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String curl(String word) {
        return word.replace('\'', '\u2019');
    }
}
