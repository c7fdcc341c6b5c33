package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageToolFormatTest {
    private static final String NAME = "org/languagetool/rules/de/grammar.xml";

    @TempDir
    Path folder;

    private Reading read(String xml) {
        byte[] zip =
                Reading.zip(Map.of(NAME, Reading.utf8(xml), "org/languagetool/de/words.txt", Reading.utf8("Wort")));
        return Reading.of(SourceKind.LANGUAGETOOL_EXAMPLES, Reading.write(folder.resolve("de.jar"), zip));
    }

    @Test
    void sentencesOfACategoryAreADocument() {
        Reading reading = read("""
                <?xml version="1.0" encoding="UTF-8"?>
                <rules lang="de">
                  <category id="CASING">
                    <rulegroup id="GROUP">
                      <rule><pattern><token>x</token></pattern>
                        <example correction="Haus|Heim">Das ist ein <marker>haus</marker>.</example>
                        <example>Das ist ein Haus.</example>
                        <example>Ein
                           Satz &amp; mehr.</example>
                        <example correction="">Das hier <marker>falsch</marker>.</example>
                        <example type="incorrect">Auch falsch.</example>
                      </rule>
                    </rulegroup>
                  </category>
                  <category id="OTHER"><rule id="R"><example>Noch ein Satz.</example></rule></category>
                </rules>""");
        assertThat(reading.texts()).containsExactly("Das ist ein Haus.\nEin Satz & mehr.", "Noch ein Satz.");
        assertThat(reading.locations()).containsExactly(NAME + "#CASING/GROUP", NAME + "#OTHER/R");
        assertThat(reading.documents().get(0).language()).isEqualTo("de");
        assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.OTHER_FORMAT, 1));
    }

    @Test
    void longCategoriesAreCutBetweenRules() {
        StringBuilder xml = new StringBuilder("<rules><category id='C'>");
        for (int i = 0; i < 100; i++) {
            xml.append("<rule id='R")
                    .append(i)
                    .append("'><example>Dies ist der Satz mit der Nummer ")
                    .append(i)
                    .append(" und er ist lang genug.</example></rule>");
        }
        Reading reading = read(xml + "</category></rules>");
        assertThat(reading.documents()).hasSizeBetween(2, 5);
        assertThat(String.join("\n", reading.texts()).split("\n")).hasSize(100);
        assertThat(reading.locations().get(0)).endsWith("#C/R0");
    }

    @Test
    void entitiesNeedNoDefinition() {
        Reading reading = read("""
                <!DOCTYPE rules [
                  <!ENTITY % more SYSTEM "../../entities.ent"> %more;
                  <!ENTITY own "a&nbsp;value with ]> in it">
                  <!ENTITY file SYSTEM "file:///etc/hostname">
                ]>
                <rules><category id="C"><rule id="R" x="&elsewhere;">
                  <example>Zehn&nbsp;Grad&deg; &file;kalt, &#xE4; &own;.</example>
                </rule></category></rules>""");
        assertThat(reading.rejected()).isEmpty();
        assertThat(reading.texts()).containsExactly("Zehn\u00A0Grad\u00B0 kalt, \u00E4 .");
    }

    @Test
    void nestedEntitiesDoNotExplode() {
        StringBuilder xml = new StringBuilder("<!DOCTYPE rules [<!ENTITY e0 'ha'>");
        for (int i = 1; i < 30; i++) {
            xml.append("<!ENTITY e%d '&e%d;&e%d;'>".formatted(i, i - 1, i - 1));
        }
        Reading reading = read(xml + "]><rules><category id='C'><rule id='R'><example>Hier: &e29;.</example></rule>"
                + "</category></rules>");
        assertThat(reading.texts()).containsExactly("Hier: .");
    }

    @Test
    void malformedXmlIsReportedWithItsLine() {
        Reading reading =
                read("<rules><category id='C'>\n<rule id='R'><example>Gut.</example></rule></category>\n<broken");
        assertThat(reading.texts()).containsExactly("Gut.");
        assertThat(reading.reasons()).containsExactly(RejectReason.MALFORMED_XML);
        assertThat(reading.rejected().get(0).position()).isEqualTo(NAME + ":3");
    }
}
