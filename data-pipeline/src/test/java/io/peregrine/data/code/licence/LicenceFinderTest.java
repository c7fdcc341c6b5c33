package io.peregrine.data.code.licence;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LicenceFinderTest {
    private final LicenceFinder finder = new LicenceFinder();

    private String header(String language, String text) {
        return finder.ofHeader(text, CodeLanguages.named(language)).orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "// SPDX-License-Identifier: MIT | MIT",
                "/* SPDX-License-Identifier: (MIT OR Apache-2.0) */ | MIT OR Apache-2.0",
                "// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 | "
                        + "GPL-2.0-only WITH Classpath-exception-2.0",
                "// Licensed under the Apache License, Version 2.0 (the licence) | Apache-2.0",
                "// Released under the MIT license. | MIT",
                "// Licensed under either of the MIT license or the Apache License, Version 2.0 | Apache-2.0 OR MIT",
                "// Parts are under the MIT license, parts under the ISC license. | ISC AND MIT",
                "/* under the terms of the GNU General Public License as published by the Free Software Foundation;"
                        + " either version 2 of the License, or (at your option) any later version */ | GPL-2.0-or-later",
                "/* under the terms of the GNU Lesser General Public License as published by the Free Software"
                        + " Foundation, version 3 of the License, or any later version */ | LGPL-3.0-or-later",
                "/* GNU Affero General Public License version 3 */ | AGPL-3.0-only",
                "// This is proprietary and confidential. | LicenseRef-proprietary",
                "// a program | ''",
                "x(); // Released under the MIT license. | ''",
                "char *s = \"Released under the MIT license.\"; | ''",
            })
    void headersOfC(String text, String licence) {
        assertThat(header("c", text)).isEqualTo(licence);
    }

    @Test
    void aNoticeMayStandInAnyCommentAndBreakItsLines() {
        assertThat(header(
                        "python",
                        "#!/usr/bin/python\n# Copyright us\n#\n# Licensed under the Apache\n# License, Version\n"
                                + "# 2.0.\nimport os\n"))
                .isEqualTo("Apache-2.0");
        assertThat(header("json", "{\"license\": \"under the MIT license\"}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "LICENSE, true",
        "a/b/COPYING.txt, true",
        "LICENSE-MIT, true",
        "License.text, true",
        "licence_finder.py, false",
        "src/license.go, false",
        "docs/licensing.md, false",
    })
    void namesOfLicenceFiles(String path, boolean licence) {
        assertThat(LicenceFinder.isLicenceFile(path)).isEqualTo(licence);
    }

    @Test
    void theNearestWordHolds() {
        RepositoryLicences licences = new RepositoryLicences(
                Map.of(
                        "LICENSE-MIT", "the software is under the MIT license",
                        "LICENSE-APACHE", "Apache License\nVersion 2.0, January 2004",
                        "vendor/zip/COPYING", "licensed under the Boost Software License, Version 1.0",
                        "vendor/zip/a.c", "under the ISC license"),
                "MPL-2.0",
                finder);
        assertThat(licences.of("src/a.c", Optional.empty())).isEqualTo("Apache-2.0 OR MIT");
        assertThat(licences.of("vendor/zip/deep/a.c", Optional.empty())).isEqualTo("BSL-1.0");
        assertThat(licences.of("vendor/zip/a.c", Optional.of("ISC"))).isEqualTo("ISC");
        assertThat(licences.ofRepository()).isEqualTo("Apache-2.0 OR MIT");
        RepositoryLicences apart =
                new RepositoryLicences(Map.of("sub/LICENSE", "under the MIT license"), "MPL-2.0", finder);
        assertThat(apart.of("a.c", Optional.empty())).isEqualTo("MPL-2.0");
        assertThat(new RepositoryLicences(Map.of(), "", finder).of("a.c", Optional.empty()))
                .isEmpty();
        assertThat(new RepositoryLicences(Map.of("x/META-INF/LICENSE", "under the MIT license"), "", finder)
                        .of("x/a.c", Optional.empty()))
                .isEqualTo("MIT");
    }

    @ParameterizedTest
    @CsvSource({
        "MIT, // nothing, MIT, 0, 0, 0",
        "'', // SPDX-License-Identifier: ISC, ISC, 0, 0, 1",
        "MIT, // SPDX-License-Identifier: GPL-3.0-only, GPL-3.0-only, 0, 1, 1",
        "MIT OR GPL-3.0-only, // nothing, MIT OR GPL-3.0-only, 0, 0, 0",
        "'', // nothing, '', 1, NaN, 0",
        "various, // nothing, various, 0, 1, 0",
        "see there, // nothing, see there, 1, NaN, 0",
    })
    void signals(String declared, String text, String licence, double unknown, double denied, double header) {
        Annotation annotation = new LicenceAnnotator(LicenceConfig.DEFAULTS)
                .annotate(Document.of("s", "code", "o", "a.c", "c", text).withLicence(declared));
        assertThat(annotation.document().licence()).isEqualTo(licence);
        assertThat(List.of(annotation.value(0), annotation.value(1), annotation.value(2)))
                .containsExactly(unknown, denied, header);
    }

    @Test
    void listsOfLicences() {
        SpdxExpression either = SpdxExpression.parse("MIT OR GPL-3.0-only").orElseThrow();
        assertThat(config(List.of(), List.of("mit")).denies(either)).isFalse();
        assertThat(config(List.of(), List.of("MIT", "GPL-3.0-only")).denies(either))
                .isTrue();
        assertThat(config(List.of("MIT"), List.of("MIT")).denies(either)).isTrue();
        assertThat(config(List.of(), List.of()).denies(either)).isFalse();
    }

    @Test
    void baitIsReadInLinearTime() {
        for (String piece : List.of("/*", "// licen ", "a ", "(", "SPDX-License-Identifier:")) {
            String text = piece.repeat(2_000_000 / piece.length());
            assertThat(finder.ofHeader(text, CodeLanguages.named("c")).orElse(""))
                    .isEmpty();
            assertThat(finder.ofLicenceFile(text).orElse("")).isEmpty();
        }
    }

    private static LicenceConfig config(List<String> allow, List<String> deny) {
        return new LicenceConfig(allow, deny, LicenceConfig.Unknown.KEEP);
    }

    @Test
    void unknownLicencesGoWhereTheRunSaysSo() {
        LicenceConfig strict = new LicenceConfig(List.of("MIT"), List.of(), LicenceConfig.Unknown.DROP);
        assertThat(LicenceAnnotator.rules(strict))
                .extracting(Rule::reason)
                .containsExactly("licence_unknown", "licence_denied");
        assertThat(LicenceAnnotator.rules(LicenceConfig.DEFAULTS))
                .extracting(Rule::reason)
                .containsExactly("licence_denied");
        Document prose = Document.of("s", "code", "f", "a.c", "c", "int main;").withLicence("MIT, says the package");
        assertThat(new LicenceAnnotator(strict).annotate(prose).value(0)).isEqualTo(1);
    }
}
