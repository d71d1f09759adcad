package org.hermesml.cli.replay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;

/** Fingerprints of all model versions of a run that Kafka holds. */
final class PublishedVersions {
    private static final HexFormat HEX = HexFormat.of();

    /**
     * Fingerprints of the slices of one version; where two copies differ, the number of that slice.
     */
    private static final class Version {
        final String[] slices;
        int torn = -1;

        Version(int sliceCount) {
            slices = new String[sliceCount];
        }
    }

    private final KafkaSite site;
    private final String run;
    private final Slicing slicing;
    private final TreeMap<Long, Version> versions = new TreeMap<>();

    private PublishedVersions(KafkaSite site, String run, Slicing slicing) {
        this.site = site;
        this.run = run;
        this.slicing = slicing;
    }

    /** Those that are there now. */
    static PublishedVersions read(KafkaSite site, String run, Slicing slicing) {
        PublishedVersions published = new PublishedVersions(site, run, slicing);
        published.each(published::note);
        return published;
    }

    /** Every slice that is one of this run's; what else there may be is not of the job. */
    private void each(Consumer<ModelSlice> taker) {
        site.readToEnd(
                site.topics().models(run),
                record -> {
                    try {
                        ModelSlice slice = ModelSlice.parseFrom(record.value());
                        boolean inside =
                                slice.getSlice() >= 0 && slice.getSlice() < slicing.sliceCount();
                        if (inside && slice.getRun().equals(run)) {
                            taker.accept(slice);
                        }
                    } catch (InvalidProtocolBufferException e) {
                        // not written by the job; no reader is ever led to it
                    }
                });
    }

    private void note(ModelSlice slice) {
        Version version =
                versions.computeIfAbsent(
                        slice.getVersion(), v -> new Version(slicing.sliceCount()));
        String fingerprint = fingerprint(slice.getType(), slice.getValues());
        String before = version.slices[slice.getSlice()];
        if (before == null) {
            version.slices[slice.getSlice()] = fingerprint;
        } else if (!before.equals(fingerprint)) {
            version.torn = slice.getSlice();
        }
    }

    /** Compares one version with what it should be. */
    ReplayedVersion compare(long number, ValueType type, float[] model) {
        String digest = digest(type, model);
        Version version = versions.get(number);
        if (version == null) {
            return new ReplayedVersion(number, digest, ReplayedVersion.Finding.ABSENT, -1);
        }
        if (version.torn >= 0) {
            return new ReplayedVersion(
                    number, digest, ReplayedVersion.Finding.DIFFERENT, version.torn);
        }
        for (Slicing.Slice slice : slicing.slices()) {
            String found = version.slices[slice.slice()];
            if (found == null) {
                return new ReplayedVersion(
                        number, digest, ReplayedVersion.Finding.INCOMPLETE, slice.slice());
            }
            ByteString right = Values.encode(model, (int) slice.first(), slice.count(), type);
            if (!found.equals(fingerprint(type, right))) {
                return new ReplayedVersion(
                        number, digest, ReplayedVersion.Finding.DIFFERENT, slice.slice());
            }
        }
        return new ReplayedVersion(number, digest, ReplayedVersion.Finding.EQUAL, -1);
    }

    /** Whether every slice of it is there. */
    boolean isWhole(long number) {
        Version version = versions.get(number);
        return version != null && Arrays.stream(version.slices).allMatch(slice -> slice != null);
    }

    /** Smallest number of a version that is whole; empty where there is none. */
    Optional<Long> oldest() {
        return versions.keySet().stream().filter(this::isWhole).findFirst();
    }

    /** Greatest number of a version of which any slice is there; -1 where there is none. */
    long newest() {
        return versions.isEmpty() ? -1 : versions.lastKey();
    }

    /** The parameters of a version that is whole, {@code [parameters]}. */
    float[] weights(long number) {
        float[] all = new float[Math.toIntExact(slicing.parameterCount())];
        each(
                slice -> {
                    if (slice.getVersion() == number) {
                        Values.decode(
                                slice.getValues(), slice.getType(), all, (int) slice.getFirst());
                    }
                });
        return all;
    }

    /**
     * Of a whole model: SHA-256 over its parameters as a reader of the published version finds
     * them, fp32, little endian, in their order.
     */
    private String digest(ValueType type, float[] model) {
        float[] travelled = Values.travelled(model, type, slicing);
        MessageDigest sha = sha256();
        for (Slicing.Slice slice : slicing.slices()) {
            sha.update(
                    Values.encode(travelled, (int) slice.first(), slice.count(), ValueType.FP32)
                            .asReadOnlyByteBuffer());
        }
        return HEX.formatHex(sha.digest());
    }

    private static String fingerprint(ValueType type, ByteString values) {
        MessageDigest sha = sha256();
        sha.update((byte) type.ordinal());
        sha.update(values.asReadOnlyByteBuffer());
        return HEX.formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}
