package org.hermesml.simulator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.hermesml.simulator.campaign.FinishedRun;
import org.hermesml.simulator.campaign.MadeUp;
import org.hermesml.simulator.campaign.Plan;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class ReportTest {
    private static final List<String> FIELDS_OF_THE_FORMAT =
            List.of(
                    "testbed",
                    "dataset",
                    "model",
                    "method",
                    "seed",
                    "target",
                    "reached",
                    "seconds",
                    "idealSeconds",
                    "bytesUp",
                    "bytesDown",
                    "bytesData",
                    "bytesControl",
                    "iterations",
                    "pushes",
                    "accuracy",
                    "waitingShare");

    @TempDir private Path folder;

    /** Seconds by seed; below 0: given up after that many. */
    private static List<FinishedRun> runs() {
        List<FinishedRun> finished = new ArrayList<>();
        add(finished, "hermes", 10, 12, 11);
        add(finished, "bsp", 300, 330, 360);
        add(finished, "asp", -20_000, -20_000, 500);
        add(finished, "balanced", 22, 24, 20);
        return finished;
    }

    private static void add(List<FinishedRun> finished, String label, double... seconds) {
        Variant variant = MadeUp.variant(label);
        for (PlannedRun run :
                Plan.of(List.of(MadeUp.testBed("bed")), List.of(variant), 1, seconds.length)) {
            double s = seconds[(int) run.seed() - 1];
            finished.add(MadeUp.finished(run, s > 0, Math.abs(s)));
        }
    }

    @Test
    void theTableComparesMediansAndSaysWhatWasNotReached() {
        ResultTable table = ResultTable.of(runs(), Comparison.usual()).get(0);
        assertEquals("11.0 s [10.0..12.0]", cell(table, 0, "time to target"));
        assertEquals("30.0", cell(table, 0, "x bsp"));
        assertEquals("2.00", cell(table, 0, "x balanced"));
        assertEquals("0.364", cell(table, 0, "of ideal"));
        assertEquals("11.0 MB", cell(table, 0, "up"));
        assertEquals("30.0", cell(table, 0, "bytes x bsp"));
        assertEquals("25%", cell(table, 0, "waiting"));
        assertEquals("1.00", cell(table, 1, "x bsp"));
        assertEquals("not reached (0.953 after 5.56 h)", cell(table, 2, "time to target"));
        assertEquals("1/3", cell(table, 2, "runs"));
        assertEquals("< 0.0165", cell(table, 2, "x bsp"));
        assertTrue(cell(table, 2, "of ideal").startsWith("< "));
    }

    @Test
    void aReferenceThatWasNotReachedMakesTheRatioABound() {
        List<FinishedRun> finished = new ArrayList<>();
        add(finished, "hermes", 10);
        add(finished, "bsp", -1000);
        ResultTable table = ResultTable.of(finished, Comparison.usual()).get(0);
        assertEquals("> 100", cell(table, 0, "x bsp"));
        assertEquals("> 100", cell(table, 0, "bytes x bsp"));
        assertEquals("-", cell(table, 1, "x bsp"));
        assertEquals("-", cell(table, 0, "x balanced"));
    }

    @Test
    void theTextFitsAWideTerminal() {
        for (String line : TextReport.lines(runs(), Comparison.usual())) {
            assertTrue(line.length() <= 160, line);
        }
    }

    @Test
    void whoWasHostileIsNamedBesideTheSameRunWithout() {
        List<FinishedRun> finished = new ArrayList<>();
        add(finished, "hermes", 10, 12);
        assertEquals(List.of(), HostileTable.rows(finished));
        for (PlannedRun run :
                Plan.of(
                        List.of(MadeUp.testBed("bed, drift")),
                        List.of(MadeUp.variant("hermes")),
                        1,
                        2)) {
            String expelled = run.seed() == 1 ? "a c" : "a";
            finished.add(MadeUp.hostile(run, 22, "a b", expelled));
        }

        List<List<String>> rows = HostileTable.rows(finished);

        assertEquals(
                List.of("bed", "hermes", "11.0 s", "1.00", "96.80%", "0.00", "-", "-", "-"),
                rows.get(0));
        assertEquals(
                List.of(
                        "bed, drift",
                        "hermes",
                        "22.0 s",
                        "2.00",
                        "96.80%",
                        "0.00",
                        "a (2)",
                        "b (2)",
                        "c (1)"),
                rows.get(1));
        assertTrue(TextReport.lines(finished, List.of()).contains("hostile workers"));
    }

    @Test
    void jsonIsAnArrayWithTheFieldsOfTheFormatAndNoNumberIsNull() throws IOException {
        write();
        JsonNode root = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
        assertTrue(root.isArray());
        assertEquals(12, root.size());
        for (String field : FIELDS_OF_THE_FORMAT) {
            assertTrue(root.get(0).has(field), field);
        }
        assertTrue(root.get(0).get("reached").isBoolean());
        assertEquals(10.0, root.get(0).get("seconds").asDouble());
    }

    @Test
    void csvHasOneLineARunAndQuotesWhatHoldsCommas() throws IOException {
        write();
        List<String> lines = Files.readAllLines(folder.resolve("results.csv"));
        assertEquals(13, lines.size());
        assertTrue(lines.get(0).startsWith("testbed,dataset,model,method,setting,seed,target"));
        assertTrue(lines.get(1).startsWith("bed,\"digits, made\",mlp,hermes,authors,1,0.97,true"));
    }

    @Test
    void aFinishedRunIsInTheFileAtOnce() throws IOException {
        ResultFiles files = new ResultFiles(folder.resolve("new"));
        files.append(runs().get(0).result());
        files.append(runs().get(1).result());
        List<String> lines = Files.readAllLines(folder.resolve("new").resolve("finished.jsonl"));
        assertEquals(2, lines.size());
        assertEquals(2, new ObjectMapper().readTree(lines.get(1)).get("seed").asInt());
    }

    @Test
    void thePageHoldsEverythingInItselfAndEscapesNames() {
        String page = HtmlReport.page("Title", "./hermes simulate", runs(), Comparison.usual());
        assertFalse(page.contains("<script"));
        assertFalse(page.contains("src="));
        assertFalse(page.contains("href="));
        assertFalse(page.contains("NaN"));
        assertTrue(page.contains("device&lt;1&gt;"));
        assertTrue(page.contains("Made up &amp; &lt;small&gt;."));
        assertTrue(page.contains("not reached (0.953 after 5.56 h)"));
        for (String drawing :
                List.of(
                        "Accuracy against time",
                        "Accuracy against bytes",
                        "What the devices did: hermes",
                        "Samples of an iteration: hermes")) {
            assertTrue(page.contains(drawing), drawing);
        }
    }

    @Test
    void everyDrawingIsWellFormed() throws ParserConfigurationException, IOException, SAXException {
        String page = HtmlReport.page("Title", "./hermes simulate", runs(), Comparison.usual());
        int drawings = 0;
        for (int from = page.indexOf("<svg"); from >= 0; from = page.indexOf("<svg", from + 1)) {
            String svg = page.substring(from, page.indexOf("</svg>", from) + 6);
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
            drawings++;
        }
        assertEquals(2 * 2 + 4 + 4, drawings);
    }

    private static String cell(ResultTable table, int row, String head) {
        int column = table.heads().indexOf(head);
        assertTrue(column >= 0, head + " in " + table.heads());
        return table.rows().get(row).get(column);
    }

    private void write() throws IOException {
        new ResultFiles(folder).write(runs().stream().map(FinishedRun::result).toList());
    }
}
