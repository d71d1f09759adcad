package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterFileTest {
    @TempDir Path conf;

    private void write(String name, String text) throws Exception {
        Files.writeString(conf.resolve(name), text);
    }

    private String refusal() {
        return assertThrows(InputException.class, () -> MasterFile.read(conf)).getMessage();
    }

    @Test
    void noFileMeansTheDefaults() {
        assertEquals(MasterFile.defaults(), MasterFile.read(conf));
    }

    @Test
    void theFileInTheInstallationHoldsTheDefaults() {
        assertEquals(MasterFile.defaults(), MasterFile.read(HermesHome.find().conf()));
        assertTrue(Files.exists(HermesHome.find().conf().resolve(MasterFile.NAME)));
        assertEquals(List.of(), WorkersFile.read(HermesHome.find().conf()));
    }

    @Test
    void whatIsNotSaidStaysAsItWas() throws Exception {
        write("master.json", "{\"bootstrap\": \"broker-1:9092\"}");
        assertEquals(
                new MasterFile("broker-1:9092", "http://localhost:8081", "hermes."),
                MasterFile.read(conf));
    }

    @Test
    void anUnknownKeyIsNamedWithTheAllowedOnes() throws Exception {
        write("master.json", "{\"boostrap\": \"a:1\"}");
        String said = refusal();
        assertTrue(said.contains("master.json: unknown key 'boostrap'"), said);
        assertTrue(said.contains("bootstrap, flink, topicPrefix"), said);
    }

    @Test
    void malformedJsonNamesTheLine() throws Exception {
        write("master.json", "{\n\"bootstrap\": \n}");
        assertTrue(refusal().contains("master.json, line 3"), refusal());
    }

    @Test
    void aNumberWhereATextBelongsIsRefused() throws Exception {
        write("master.json", "{\"bootstrap\": 9092}");
        assertTrue(refusal().contains("bootstrap is 9092"), refusal());
    }

    @Test
    void aPrefixThatKafkaWouldRefuseIsRefusedHere() throws Exception {
        write("master.json", "{\"topicPrefix\": \"a/b\"}");
        assertTrue(refusal().contains("'a/b'"), refusal());
    }

    @Test
    void workersAreListed() throws Exception {
        write("config.json", "{\"workers\": [\"pi-1\", \"pi-2\"]}");
        assertEquals(List.of("pi-1", "pi-2"), WorkersFile.read(conf));
    }

    @Test
    void workersThatAreNoNamesAreRefused() throws Exception {
        write("config.json", "{\"workers\": [1]}");
        String said = assertThrows(InputException.class, () -> WorkersFile.read(conf)).getMessage();
        assertTrue(said.contains("workers is [1]"), said);
    }
}
