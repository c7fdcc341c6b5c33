package io.peregrine.mixture.fit;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of runs: named columns, one row per run, each cell a text that is read as a number when it is asked for. Every
 * fault names where the row stands, the column, the value and the rule.
 */
public final class RunTable {
    /** Far above any set of proxy runs; a file larger than this is something else. */
    private static final long BYTES_MAX = 256L << 20;

    /** Longer than any double in full. */
    private static final int NUMBER_CHARACTERS_MAX = 64;

    private static final CsvFactory CSV = new CsvFactory();
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String name;
    private final List<String> columns;
    private final List<Row> rows;

    /**
     * One run.
     *
     * @param place how errors name it, such as {@code runs.csv:17}
     * @param cells as many texts as there are columns
     */
    public record Row(String place, List<String> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * @param name how errors name the table
     * @param columns names, none empty and none twice
     * @param rows at least one, each with a cell for every column
     * @throws DataException if one of these does not hold
     */
    public RunTable(String name, List<String> columns, List<Row> rows) {
        this.name = name;
        this.columns = List.copyOf(columns);
        this.rows = List.copyOf(rows);
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (column.isEmpty() || !seen.add(column)) {
                throw new DataException("%s: column '%s': names must not be empty and must differ; rename or remove one"
                        .formatted(name, column));
            }
        }
        if (rows.isEmpty()) {
            throw new DataException(
                    "%s: no rows: at least one run must follow the names of the columns".formatted(name));
        }
        for (Row row : rows) {
            if (row.cells().size() != columns.size()) {
                throw new DataException("%s: %d values: must be %d, one for each column"
                        .formatted(row.place(), row.cells().size(), columns.size()));
            }
        }
    }

    /**
     * Reads a CSV file: commas, quotes as in RFC 4180, UTF-8, names of the columns in the first line.
     *
     * @throws DataException if the file is missing, is not CSV, or breaks a rule of the constructor
     */
    public static RunTable ofCsv(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new DataException(
                        "%s: %d bytes: a table of runs must have <= %d".formatted(file, Files.size(file), BYTES_MAX));
            }
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                return parse(file, reader);
            }
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such file".formatted(file), e);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new DataException(
                    "%s:%d: not valid CSV: %s".formatted(file, at == null ? 1 : at.getLineNr(), e.getOriginalMessage()),
                    e);
        } catch (CharacterCodingException e) {
            throw new DataException("%s: not UTF-8: save the table as UTF-8".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static RunTable parse(Path file, Reader reader) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (CsvParser parser = CSV.createParser(reader)) {
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                String place = "%s:%d".formatted(file, parser.currentLocation().getLineNr());
                List<String> cells = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    cells.add(parser.getText());
                }
                rows.add(new Row(place, cells));
            }
        }
        if (rows.isEmpty()) {
            throw new DataException("%s: empty: the first line must name the columns".formatted(file));
        }
        List<String> columns = new ArrayList<>(rows.get(0).cells());
        if (!columns.get(0).isEmpty() && columns.get(0).charAt(0) == BYTE_ORDER_MARK) {
            columns.set(0, columns.get(0).substring(1));
        }
        return new RunTable(file.toString(), columns, rows.subList(1, rows.size()));
    }

    /** How errors name the table. */
    public String name() {
        return name;
    }

    public List<String> columns() {
        return columns;
    }

    public int rows() {
        return rows.size();
    }

    /** How errors name a row. */
    public String place(int row) {
        return rows.get(row).place();
    }

    /** A cell as it stands. */
    public String text(int row, String column) {
        return rows.get(row).cells().get(indexOf(column));
    }

    /**
     * A cell as a finite decimal number.
     *
     * @throws DataException if it is none
     */
    public double number(int row, String column) {
        String text = text(row, column);
        double number = Double.NaN;
        if (text.length() <= NUMBER_CHARACTERS_MAX) {
            try {
                number = new BigDecimal(text).doubleValue();
            } catch (NumberFormatException e) {
                throw fault(row, column, "must be a decimal number", e);
            }
        }
        if (!Double.isFinite(number)) {
            throw fault(row, column, "must be a decimal number of at most 64 characters and below 1.8e308", null);
        }
        return number;
    }

    /** A cell as a number greater than 0. */
    public double positive(int row, String column) {
        double number = number(row, column);
        if (number <= 0) {
            throw fault(row, column, "must be > 0", null);
        }
        return number;
    }

    /** What is wrong with a cell. */
    public DataException fault(int row, String column, String rule, Throwable cause) {
        String text = text(row, column);
        String shown = text.length() <= NUMBER_CHARACTERS_MAX ? text : text.substring(0, NUMBER_CHARACTERS_MAX) + "...";
        return new DataException("%s: %s = %s: %s".formatted(place(row), column, shown, rule), cause);
    }

    /** Refuses a table that lacks a column. */
    public void require(String column) {
        indexOf(column);
    }

    private int indexOf(String column) {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new DataException(
                    "%s: no column '%s': the table must have it; its columns are %s".formatted(name, column, columns));
        }
        return index;
    }
}
