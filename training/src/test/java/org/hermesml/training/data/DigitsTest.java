package org.hermesml.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.hermesml.training.Samples;
import org.junit.jupiter.api.Test;

class DigitsTest {
    @Test
    void everyMachineMakesTheSameBytes() throws Exception {
        assertEquals(
                "8b7c62d9933584df999a97bdbbaa805ad5b92316656dd599c5aa2b4fda3a6394",
                digest(Digits.make(1, 2000, 0).train()));
    }

    @Test
    void anotherSeedWritesInAnotherHand() throws Exception {
        assertNotEquals(
                digest(Digits.make(1, 20, 20).train()), digest(Digits.make(2, 20, 20).train()));
    }

    @Test
    void theTestPartIsNotTheTrainingPart() throws Exception {
        Dataset digits = Digits.make(1, 20, 20);
        assertNotEquals(digest(digits.train()), digest(digits.test()));
    }

    @Test
    void everyDigitComesAboutAsOften() {
        int[] counts = new int[Digits.CLASSES];
        Samples samples = Digits.make(5, 2000, 0).train();
        for (int i = 0; i < samples.count(); i++) {
            counts[samples.label(i)]++;
        }
        for (int count : counts) {
            assertTrue(count > 140 && count < 260, count + " of 200");
        }
    }

    private static String digest(Samples samples) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] row = new byte[samples.featureCount()];
        for (int i = 0; i < samples.count(); i++) {
            samples.stored(i, row, 0);
            digest.update(row);
            digest.update((byte) samples.label(i));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
