package org.hermesml.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalResultTest {
    @TempDir private Path folder;

    @Test
    void theFirstResultCountsAndIsToldOnce() throws Exception {
        RunChoice choice = new RunChoice("digits", null, "mlp", Settings.defaults());
        LocalRunPlan plan =
                new LocalRunPlan(
                        new HermesHome(folder), "digits-1", choice, folder, List.of(1.0), true);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        LocalResult result =
                new LocalResult(plan, new PrintStream(said, true, StandardCharsets.UTF_8));

        result.write(new RunView("digits-1"), end(EndReason.TIME), Exported.NONE);
        result.tell();
        result.write(new RunView("digits-1"), end(EndReason.STOPPED), Exported.NONE);
        result.tell();

        String text = said.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().filter(line -> line.contains("ended (time)")).count(), text);
        assertEquals(1, text.lines().filter(line -> line.contains(" lie in ")).count(), text);
        String summary = Files.readString(folder.resolve("summary.json"));
        assertEquals(true, summary.contains("\"time\""), summary);
    }

    private static RunEnd end(EndReason reason) {
        return RunEnd.newBuilder().setReason(reason).setText("over").build();
    }
}
