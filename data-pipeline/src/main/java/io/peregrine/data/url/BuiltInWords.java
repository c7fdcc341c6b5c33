package io.peregrine.data.url;

import java.util.List;

/**
 * A short list of our own: words in addresses of pornography, gambling, piracy and spam. A place to start from, in English
 * only, far from complete; a serious run names lists of its own in {@link UrlConfig}.
 *
 * <p>A hard word alone condemns an address, so none is here that is part of a common name or trade. A soft word needs a
 * second one. A subword is looked for where words run into each other, across what were two words before, so each is long
 * and unmistakable.
 */
final class BuiltInWords {
    static final List<String> HARD = List.of(
            "porn",
            "porno",
            "pornos",
            "porntube",
            "xxx",
            "hentai",
            "milf",
            "milfs",
            "camgirl",
            "camgirls",
            "sexcam",
            "sexcams",
            "sextube",
            "sexshop",
            "blowjob",
            "gangbang",
            "upskirt",
            "warez",
            "keygen",
            "keygens",
            "viagra",
            "cialis",
            "levitra");

    static final List<String> SOFT = List.of(
            "adult",
            "sex",
            "sexy",
            "nude",
            "nudes",
            "naked",
            "erotic",
            "escort",
            "escorts",
            "fetish",
            "webcam",
            "webcams",
            "casino",
            "casinos",
            "poker",
            "slots",
            "betting",
            "jackpot",
            "roulette",
            "gambling",
            "torrent",
            "torrents",
            "cracked",
            "serials",
            "nulled",
            "pills",
            "pharmacy",
            "cheap",
            "replica",
            "payday",
            "bonus");

    static final List<String> SUBWORDS = List.of(
            "pornhub",
            "pornvideo",
            "freeporn",
            "freesex",
            "sexvideo",
            "livesex",
            "adultvideo",
            "escortservice",
            "onlinecasino",
            "casinobonus",
            "sportsbetting",
            "freespins",
            "crackedsoftware",
            "buyviagra",
            "cheapviagra",
            "onlinepharmacy",
            "paydayloan",
            "replicawatch");

    private BuiltInWords() {}
}
