package io.peregrine.data.language;

import java.util.Map;

/** Texts for the tests of this package. */
final class Sentences {
    /** One plain sentence each, written for this test. */
    static final Map<String, String> ALL = Map.ofEntries(
            Map.entry(
                    "ar",
                    "\u0630\u0647\u0628\u062a \u0625\u0644\u0649 \u0627\u0644\u0633\u0648\u0642 \u0641\u064a \u0627\u0644\u0635\u0628\u0627\u062d \u0648\u0627\u0634\u062a\u0631\u064a\u062a \u0627\u0644\u062e\u0628\u0632 \u0648\u0627\u0644\u0641\u0627\u0643\u0647\u0629"),
            Map.entry("cs", "Dnes r\u00e1no jsem \u0161el na trh a koupil jsem \u010derstv\u00fd chl\u00e9b a jablka."),
            Map.entry("de", "Heute Morgen ging ich auf den Markt und kaufte frisches Brot und \u00c4pfel."),
            Map.entry("en", "This morning I went to the market and bought fresh bread and some apples."),
            Map.entry("es", "Esta ma\u00f1ana fui al mercado y compr\u00e9 pan fresco y algunas manzanas rojas."),
            Map.entry(
                    "fr", "Ce matin je suis all\u00e9 au march\u00e9 et j'ai achet\u00e9 du pain frais et des pommes."),
            Map.entry(
                    "hi",
                    "\u0906\u091c \u0938\u0941\u092c\u0939 \u092e\u0948\u0902 \u092c\u093e\u091c\u093e\u0930 \u0917\u092f\u093e \u0914\u0930 \u092e\u0948\u0902\u0928\u0947 \u0924\u093e\u091c\u0940 \u0930\u094b\u091f\u0940 \u0914\u0930 \u0938\u0947\u092c \u0916\u0930\u0940\u0926\u0947"),
            Map.entry("it", "Questa mattina sono andato al mercato e ho comprato del pane fresco e delle mele."),
            Map.entry(
                    "ja",
                    "\u4eca\u671d\u3001\u5e02\u5834\u306b\u884c\u3063\u3066\u3001\u65b0\u9bae\u306a\u30d1\u30f3\u3068\u308a\u3093\u3054\u3092\u8cb7\u3044\u307e\u3057\u305f\u3002"),
            Map.entry(
                    "ko",
                    "\uc624\ub298 \uc544\uce68\uc5d0 \uc2dc\uc7a5\uc5d0 \uac00\uc11c \uc2e0\uc120\ud55c \ube75\uacfc \uc0ac\uacfc\ub97c \uc0c0\uc2b5\ub2c8\ub2e4."),
            Map.entry("nl", "Vanochtend ging ik naar de markt en kocht ik vers brood en een paar appels."),
            Map.entry(
                    "pl",
                    "Dzi\u015b rano poszed\u0142em na targ i kupi\u0142em \u015bwie\u017cy chleb oraz jab\u0142ka."),
            Map.entry(
                    "pt",
                    "Esta manh\u00e3 fui ao mercado e comprei p\u00e3o fresco e algumas ma\u00e7\u00e3s vermelhas."),
            Map.entry(
                    "ro",
                    "\u00cen aceast\u0103 diminea\u021b\u0103 am mers la pia\u021b\u0103 \u0219i am cump\u0103rat p\u00e2ine proasp\u0103t\u0103 \u0219i mere."),
            Map.entry(
                    "ru",
                    "\u0421\u0435\u0433\u043e\u0434\u043d\u044f \u0443\u0442\u0440\u043e\u043c \u044f \u043f\u043e\u0448\u0451\u043b \u043d\u0430 \u0440\u044b\u043d\u043e\u043a \u0438 \u043a\u0443\u043f\u0438\u043b \u0441\u0432\u0435\u0436\u0438\u0439 \u0445\u043b\u0435\u0431 \u0438 \u044f\u0431\u043b\u043e\u043a\u0438."),
            Map.entry(
                    "sv",
                    "I morse gick jag till marknaden och k\u00f6pte f\u00e4rskt br\u00f6d och n\u00e5gra \u00e4pplen."),
            Map.entry(
                    "ur",
                    "\u0622\u062c \u0635\u0628\u062d \u0645\u06cc\u06ba \u0628\u0627\u0632\u0627\u0631 \u06af\u06cc\u0627 \u0627\u0648\u0631 \u0645\u06cc\u06ba \u0646\u06d2 \u062a\u0627\u0632\u06c1 \u0631\u0648\u0679\u06cc \u0627\u0648\u0631 \u0633\u06cc\u0628 \u062e\u0631\u06cc\u062f\u06d2"),
            Map.entry(
                    "zh",
                    "\u4eca\u5929\u65e9\u4e0a\u6211\u53bb\u5e02\u573a\u4e70\u4e86\u65b0\u9c9c\u7684\u9762\u5305\u548c\u82f9\u679c\u3002"));

    private Sentences() {}

    /** A sentence so often that the text has at least this many units. */
    static String repeat(String language, int units) {
        String sentence = ALL.get(language) + "\n";
        return sentence.repeat(units / sentence.length() + 1);
    }
}
