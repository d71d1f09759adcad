package org.hermesml.training.data.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.hermesml.core.message.TableColumn;
import org.hermesml.core.message.TableForm;
import org.hermesml.training.Samples;
import org.hermesml.training.TestData;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableDatasetTest {
    @TempDir Path dir;

    @Test
    void theLastColumnHoldsTheClassesAndTheFirstRowTheNames() throws IOException {
        Dataset data = open("a,b,kind\n" + rows(10, "%d,5,dog", "%d,5,cat"));
        TableForm form = data.table().orElseThrow();
        assertEquals(List.of("cat", "dog"), form.getClassNamesList());
        assertEquals("kind", form.getLabelColumn());
        assertTrue(form.getHeader());
        assertEquals(16, data.train().count());
        assertEquals(4, data.test().count());
        assertArrayEquals(new int[] {2}, data.train().featureShape());
        assertEquals(2, data.train().classCount());
        assertEquals(2, countOf(data.test(), 1), "two of each class");
    }

    @Test
    void statisticsComeFromTheTrainingRowsAlone() throws IOException {
        String text = "a,b,kind\n" + rows(50, "%d,5,dog", "-%d,5,cat");
        Dataset data = open(text);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < data.train().count(); i++) {
            float[] features = TestData.sample(data.train(), i);
            sum += features[0];
            squares += features[0] * features[0];
            assertEquals(0, features[1], "a constant tells nothing");
        }
        assertEquals(0, sum / data.train().count(), 1e-6);
        assertEquals(1, squares / data.train().count(), 1e-5);
        TableColumn a = data.table().orElseThrow().getColumns(0);
        boolean all = true;
        for (long seed = 1; seed <= 3; seed++) {
            Dataset other = Datasets.open(write(text).toString(), null, seed, TableOptions.DEFAULT);
            all &= a.equals(other.table().orElseThrow().getColumns(0));
        }
        assertFalse(all, "another split has other statistics");
        assertEquals(a, open(text).table().orElseThrow().getColumns(0), "one seed, one split");
    }

    @Test
    void missingNumbersBecomeTheMean() throws IOException {
        Dataset data = open("a,kind\n" + rows(10, "%d,x", "?,y") + "NA,x\n,y\n nan ,y\n");
        Samples train = data.train();
        for (int i = 0; i < train.count(); i++) {
            if (train.label(i) == 1) {
                assertEquals(0, TestData.sample(train, i)[0]);
            }
        }
        Dataset said =
                open(
                        "a,kind\n" + rows(10, "%d,x", "none,y"),
                        TableOptions.parse(null, null, "none,-", null, null));
        assertEquals(1, said.train().featureCount());
    }

    @Test
    void textsBecomeOneFeatureForEachCategory() throws IOException {
        Dataset data =
                open("colour,kind\n" + rows(10, "red,x", "green,y") + rows(2, "?,x", "blue,y"));
        TableColumn colour = data.table().orElseThrow().getColumns(0);
        assertEquals(List.of("blue", "green", "red"), colour.getCategoriesList());
        assertArrayEquals(new int[] {3}, data.train().featureShape());
        for (int i = 0; i < data.train().count(); i++) {
            float[] features = TestData.sample(data.train(), i);
            float sum = features[0] + features[1] + features[2];
            assertTrue(sum == 1 || sum == 0 && data.train().label(i) == 0, "an absent one is none");
        }
    }

    @Test
    void quotesOtherDelimitersMarksAndGzipAreRead() throws IOException {
        String text =
                "\ufeff\"name, full\";value;kind\r\n"
                        + rows(5, "\"a;\"\"b\"\"\";%d;x", "\"two\nlines\";%d;y");
        Path file = dir.resolve("data.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Dataset data = Datasets.open(file.toString(), null, 1);
        TableColumn name = data.table().orElseThrow().getColumns(0);
        assertEquals("name, full", name.getName());
        assertEquals(List.of("a;\"b\"", "two\nlines"), name.getCategoriesList());
        assertEquals(10, data.train().count() + data.test().count());
    }

    @Test
    void optionsNameColumnsByNameOrNumber() throws IOException {
        String text = "id,kind,a\n" + rows(10, "%d,x,1", "%d,y,2");
        for (TableOptions options :
                List.of(
                        TableOptions.parse("kind", null, null, "id", null),
                        TableOptions.parse("2", "yes", null, "1", "0.5"))) {
            Dataset data = open(text, options);
            assertEquals("a", data.table().orElseThrow().getColumns(0).getName());
            assertEquals(1, data.table().orElseThrow().getColumnsCount());
            assertEquals(Math.round(20 * options.testFraction()), data.test().count());
        }
        assertSays(
                text,
                TableOptions.parse("sort", null, null, null, null),
                "--label-column sort",
                "id, kind, a");
        assertSays(text, TableOptions.parse("4", null, null, null, null), "--label-column 4");
        assertSays(
                text,
                TableOptions.parse("kind", null, null, "kind", null),
                "--ignore-columns kind");
        assertSays(text, TableOptions.parse("kind", null, null, "id,a", null), "no column left");
    }

    @Test
    void aFirstRowWithNumbersHoldsNoNames() throws IOException {
        Dataset data = open(rows(10, "%d.5,2,7", "%d,3,10"));
        assertEquals(20, data.train().count() + data.test().count());
        TableForm form = data.table().orElseThrow();
        assertFalse(form.getHeader());
        assertEquals("3", form.getLabelColumn());
        assertEquals(List.of("7", "10"), form.getClassNamesList(), "in the order of numbers");
        assertEquals(
                20,
                open("p,q,p\n" + rows(10, "p,q,e", "q,q,p")).train().count()
                        + open("p,q,p\n" + rows(10, "p,q,e", "q,q,p")).test().count()
                        - 1,
                "cells that repeat are no names");
    }

    @Test
    void aRaggedRowIsNamedByItsLine() throws IOException {
        assertSays(
                "a,b,kind\n" + rows(2, "%d,\"x\ny\",x", "%d,1,y") + "1,2\n",
                TableOptions.DEFAULT,
                "Line 8 of",
                "2 cells",
                "3");
        assertSays("a,b,kind\n\n1,2,x\n1,2,x,9\n", TableOptions.DEFAULT, "Line 4 of", "4 cells");
    }

    @Test
    void aTextAmongNumbersIsNamed() throws IOException {
        assertSays(
                "a,kind\n" + rows(3, "%d,x", "%d,y") + "oops,x\n",
                TableOptions.DEFAULT,
                "Line 8 of",
                "'oops'",
                "column a",
                "--missing oops");
        assertSays(
                "a,kind\n" + rows(3, "%d,x", "%d,y") + "Infinity,x\n",
                TableOptions.DEFAULT,
                "'Infinity'");
        assertSays(
                "a,kind\n" + rows(3, "%d,x", "%d,y") + "1e999,x\n",
                TableOptions.DEFAULT,
                "'1e999'");
    }

    @Test
    void aColumnOfManyTextsIsRefused() throws IOException {
        StringBuilder text = new StringBuilder("who,kind\n");
        for (int i = 0; i < 40; i++) {
            text.append("person ").append(i).append(i % 2 == 0 ? ",x\n" : ",y\n");
        }
        assertSays(text.toString(), TableOptions.DEFAULT, "Column who", "--ignore-columns who");
    }

    @Test
    void aColumnThatHoldsNoClassesIsRefused() throws IOException {
        assertSays(
                "kind,a\n" + rows(10, "x,%d", "y,1%d"),
                TableOptions.DEFAULT,
                "Column a",
                "too many");
        assertSays(
                "a,kind\n" + rows(4, "%d,x", "%d,x"), TableOptions.DEFAULT, "holds x in every row");
        assertSays("a,kind\n1,x\n2,?\n", TableOptions.DEFAULT, "Line 3", "no class");
        assertSays("a,kind\n1,x\n2,x\n3,y\n3,y\n", TableOptions.DEFAULT, "too few rows");
    }

    @Test
    void filesThatAreNoTablesAreRefused() throws IOException {
        assertSays("", TableOptions.DEFAULT, "is empty");
        assertSays("\n\n", TableOptions.DEFAULT, "is empty");
        assertSays("a,kind\n", TableOptions.DEFAULT, "no rows");
        assertSays(
                "a,a\n1,2\n",
                TableOptions.parse(null, "yes", null, null, null),
                "two columns named 'a'");
        assertSays("a,kind\n1,\"x\"y\n", TableOptions.DEFAULT, "behind line 1");
        for (byte[] bytes :
                List.of(
                        new byte[] {(byte) 0x80, 4, (byte) 0x95},
                        new byte[] {'a', 0, 'b'},
                        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})) {
            Files.write(dir.resolve("data.csv"), bytes);
            assertRefused(dir.resolve("data.csv"), TableOptions.DEFAULT, "a CSV file is needed");
        }
        Files.write(
                dir.resolve("data.csv"), "a,b\n1,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(dir.resolve("data.csv"), TableOptions.DEFAULT, "UTF-8");
    }

    @Test
    void anotherTableIsReadAsTheFirstOneWas() throws IOException {
        Dataset run = open("a,c,kind\n" + rows(10, "%d,red,x", "%d,green,y"));
        TableForm form = run.table().orElseThrow();
        Path own =
                Files.writeString(dir.resolve("own.csv"), "kind,more,c,a\nx,?,red,7\nx,?,blue,?\n");
        Samples samples = TableDataset.openTraining(own, form);
        TableColumn a = form.getColumns(0);
        assertArrayEquals(
                new float[] {(float) ((7 - a.getMean()) / a.getDeviation()), 0, 1},
                TestData.sample(samples, 0));
        assertArrayEquals(new float[] {0, 0, 0}, TestData.sample(samples, 1));
        assertEquals(0, samples.label(1));
        assertEquals(2, samples.classCount());
        refusedOwn(form, "kind,c,a\nz,red,7\n", "Line 2", "'z'", "x, y");
        refusedOwn(form, "kind,c\nx,red\n", "lacks column a");
        refusedOwn(form, "kind,c,a\nx,red,much\n", "Line 2", "'much'", "column a");
        refusedOwn(form, "kind,c,a\n", "no rows");
    }

    @Test
    void theActivityDataOfAPhoneAreRead() {
        Path file = TestData.file("tabular/WISDM_ar_v1.1_transformed.csv");
        TableOptions options = TableOptions.parse("class", null, "?", "UNIQUE_ID,user", null);
        Dataset data = Datasets.open(file.toString(), null, 1, options);
        assertEquals(5418, data.train().count() + data.test().count());
        assertEquals(6, data.train().classCount());
        assertEquals(
                List.of("Downstairs", "Jogging", "Sitting", "Standing", "Upstairs", "Walking"),
                data.table().orElseThrow().getClassNamesList());
        assertArrayEquals(new int[] {43}, data.train().featureShape());
    }

    private void refusedOwn(TableForm form, String text, String... words) throws IOException {
        Path own = Files.writeString(dir.resolve("own.csv"), text);
        check(
                assertThrows(InputException.class, () -> TableDataset.openTraining(own, form)),
                words);
    }

    private void assertSays(String text, TableOptions options, String... words) throws IOException {
        assertRefused(write(text), options, words);
    }

    private static void assertRefused(Path file, TableOptions options, String... words) {
        check(
                assertThrows(
                        InputException.class,
                        () -> Datasets.open(file.toString(), null, 1, options)),
                words);
    }

    private static void check(InputException refusal, String... words) {
        String message = refusal.getMessage();
        assertTrue(message.endsWith(".") && message.lines().count() == 1, message);
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    private Dataset open(String text) throws IOException {
        return open(text, TableOptions.DEFAULT);
    }

    private Dataset open(String text, TableOptions options) throws IOException {
        return Datasets.open(write(text).toString(), null, 1, options);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(dir.resolve("data.csv"), text);
    }

    /** Each format so many times, the number of the round in it where it asks for one. */
    private static String rows(int count, String... formats) {
        StringBuilder rows = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            for (String format : formats) {
                rows.append(format.replace("%d", Integer.toString(i))).append('\n');
            }
        }
        return rows.toString();
    }

    private static int countOf(Samples samples, int label) {
        int count = 0;
        for (int i = 0; i < samples.count(); i++) {
            count += samples.label(i) == label ? 1 : 0;
        }
        return count;
    }
}
