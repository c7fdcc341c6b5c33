package io.peregrine.data.sources;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * The text columns of a Parquet file, by row group and row: everything that touches the library.
 *
 * <p>The library answers a damaged file with exceptions of many kinds, most of them unchecked; here they are all {@link
 * IOException}s. Memory is bounded by one row group's compressed bytes and one page of each column.
 */
final class ParquetRows implements Closeable {
    /** Most bytes of a row group's wanted columns as stored, and of an inflated page: what a task can hold. */
    static final int HELD_BYTES_MAX = 512 << 20;

    private static final Pattern ADDRESS = Pattern.compile("@[0-9a-f]{1,8}\\b");

    private final ParquetFileReader reader;
    private final MessageType projection;
    private final List<Long> starts;
    private final Row row;
    private Optional<RecordReader<Row>> records = Optional.empty();

    private ParquetRows(ParquetFileReader reader, MessageType projection, List<Long> starts) {
        this.reader = reader;
        this.starts = starts;
        this.projection = projection;
        this.row = new Row(projection.getFieldCount());
    }

    /**
     * Opens a file for those of the named columns that it has as text.
     *
     * @throws IOException if the file has no sound footer
     */
    static ParquetRows open(Path file, Collection<String> columns) throws IOException {
        return sound(() -> {
            PlainParquetConfiguration configuration = new PlainParquetConfiguration();
            ParquetReadOptions options = ParquetReadOptions.builder(configuration)
                    .usePageChecksumVerification()
                    .withCodecFactory(new BoundedPages(new CodecFactory(configuration, 0)))
                    .build();
            ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options);
            try {
                return of(reader, columns);
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
        });
    }

    private static ParquetRows of(ParquetFileReader reader, Collection<String> columns) {
        MessageType schema = reader.getFileMetaData().getSchema();
        List<Type> wanted = schema.getFields().stream()
                .filter(type -> columns.contains(type.getName()) && isText(type))
                .toList();
        MessageType projection = new MessageType(schema.getName(), wanted);
        reader.setRequestedSchema(projection);
        List<Long> starts = reader.getRowGroups().stream()
                .map(BlockMetaData::getStartingPos)
                .toList();
        return new ParquetRows(reader, projection, starts);
    }

    private static boolean isText(Type type) {
        return type.isPrimitive()
                && !type.isRepetition(Type.Repetition.REPEATED)
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    }

    boolean has(String column) {
        return projection.containsField(column);
    }

    int groups() {
        return starts.size();
    }

    /** First byte of a row group. */
    long start(int group) {
        return starts.get(group);
    }

    /** Rows of a row group, as its footer says. */
    long count(int group) {
        return reader.getRowGroups().get(group).getRowCount();
    }

    /** Bytes of the wanted columns of a row group, as stored. */
    long storedBytes(int group) throws IOException {
        return sound(() -> {
            BlockMetaData block = reader.getRowGroups().get(group);
            return block.getColumns().stream()
                    .filter(column ->
                            column.getPath().size() == 1 && has(column.getPath().toArray()[0]))
                    .mapToLong(column -> column.getTotalSize())
                    .sum();
        });
    }

    /** Goes to the first row of a row group. */
    void enter(int group) throws IOException {
        records = Optional.empty();
        records = Optional.of(sound(() -> {
            PageReadStore pages = reader.readRowGroup(group);
            return new ColumnIOFactory().getColumnIO(projection).getRecordReader(pages, row);
        }));
    }

    /** Steps to the next row of the row group. There must be one. */
    void step() throws IOException {
        sound(() -> {
            row.clear();
            return records.orElseThrow().read();
        });
    }

    /** A value of the current row; empty for null, and for a column that the file has not as text. */
    Optional<ByteBuffer> value(String column) {
        if (!has(column)) {
            return Optional.empty();
        }
        return row.value(projection.getFieldIndex(column)).map(Binary::toByteBuffer);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private interface Reading<T> {
        T get() throws IOException;
    }

    private static <T> T sound(Reading<T> reading) throws IOException {
        try {
            return reading.get();
        } catch (IOException | RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof InflationBudget.ExceededException exceeded) {
                throw exceeded;
            }
            // Objects that show by their address would give another message in every run.
            ZipException damaged =
                    new ZipException(ADDRESS.matcher(cause.toString()).replaceAll(""));
            damaged.initCause(e);
            throw damaged;
        }
    }

    /** One row; the library fills it column by column. */
    private static final class Row extends RecordMaterializer<Row> {
        private final Binary[] values;
        private final GroupConverter root;

        Row(int columns) {
            this.values = new Binary[columns];
            List<PrimitiveConverter> converters = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                int column = i;
                converters.add(new PrimitiveConverter() {
                    @Override
                    public void addBinary(Binary value) {
                        values[column] = value;
                    }
                });
            }
            this.root = new GroupConverter() {
                @Override
                public Converter getConverter(int field) {
                    return converters.get(field);
                }

                @Override
                public void start() {
                    clear();
                }

                @Override
                public void end() {}
            };
        }

        Optional<Binary> value(int column) {
            return Optional.ofNullable(values[column]);
        }

        void clear() {
            Arrays.fill(values, null);
        }

        @Override
        public Row getCurrentRecord() {
            return this;
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }

    /** The library's codecs, refusing pages whose header asks for more memory than a task has. */
    private static final class BoundedPages implements CompressionCodecFactory {
        private final CompressionCodecFactory codecs;

        BoundedPages(CompressionCodecFactory codecs) {
            this.codecs = codecs;
        }

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return codecs.getCompressor(codec);
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            BytesInputDecompressor inner = codecs.getDecompressor(codec);
            return new BytesInputDecompressor() {
                @Override
                public BytesInput decompress(BytesInput bytes, int inflated) throws IOException {
                    check(inflated);
                    return inner.decompress(bytes, inflated);
                }

                @Override
                public void decompress(ByteBuffer from, int stored, ByteBuffer to, int inflated) throws IOException {
                    check(inflated);
                    inner.decompress(from, stored, to, inflated);
                }

                @Override
                public void release() {
                    inner.release();
                }
            };
        }

        private static void check(int inflated) throws IOException {
            if (inflated < 0 || inflated > HELD_BYTES_MAX) {
                throw new InflationBudget.ExceededException(
                        "a page of %d bytes; at most %d are read at once".formatted(inflated, HELD_BYTES_MAX));
            }
        }

        @Override
        public void release() {
            codecs.release();
        }
    }
}
