package io.peregrine.data.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListFileTest {
    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("list"), content);
    }

    @Test
    void commentsAndEmptyLinesAreNoEntriesButAnchorsAre() throws IOException {
        assertThat(ListFile.read(file("\ufeff# head\n\n  two words \r\nx.org/#a # why\n\t#\nlast"), 100))
                .containsExactly("two words", "x.org/#a", "last");
    }

    @Test
    void hostsFilesAndPlainListsGiveHosts() throws IOException {
        assertThat(ListFile.readHosts(
                        file("127.0.0.1 localhost\n0.0.0.0\ta.example b.example\n::1 c.example\nd.example\n1.2.3.4\n"),
                        100))
                .containsExactly("localhost", "a.example", "b.example", "c.example", "d.example", "1.2.3.4");
    }

    @Test
    void gzipIsInflatedAndBounded() throws IOException {
        Path gz = folder.resolve("list.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write("one\ntwo".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(ListFile.read(gz, 7)).containsExactly("one", "two");
        assertThatThrownBy(() -> ListFile.read(gz, 6))
                .isInstanceOf(DataException.class)
                .hasMessage(gz + ": holds more than 6 bytes; raise list-bytes-max or split the list");
    }

    @Test
    void aListThatIsNoneIsAnError() throws IOException {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> ListFile.read(missing, 9))
                .hasMessage(missing + ": no such list; correct its path in the settings");
        Path empty = file("# nothing\n");
        assertThatThrownBy(() -> ListFile.read(empty, 99))
                .hasMessage(empty + ": a list must have an entry; take it out of the settings");
        Path latin = Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xe9, 'b'});
        assertThatThrownBy(() -> ListFile.read(latin, 9))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(latin + ": must be UTF-8");
    }

    @Test
    void theDigestFollowsTheContent() throws IOException {
        String path = file("a").toString();
        String before = ListFile.digest(List.of(path));
        assertThat(ListFile.digest(List.of(path))).isEqualTo(before);
        file("b");
        assertThat(ListFile.digest(List.of(path))).isNotEqualTo(before);
    }

    @Test
    void namesAreMembersAndStrangersAreNot() {
        HashedNames names = new HashedNames(List.of("a.example", "b.example", "a.example"));
        assertThat(names.size()).isEqualTo(2);
        assertThat(names.contains("b.example")).isTrue();
        assertThat(names.contains("c.example")).isFalse();
        assertThat(new HashedNames(List.of()).contains("")).isFalse();
    }
}
