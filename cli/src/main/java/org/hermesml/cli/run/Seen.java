package org.hermesml.cli.run;

import com.google.protobuf.Message;

/**
 * One record of a run, as read from its topic.
 *
 * @param timeMs Kafka's record timestamp, epoch milliseconds
 * @param offset in its partition; of a hello it is the incarnation of the worker
 * @param message a RunRecord, Report, Verdict, Score, Directive or RefusedRecord
 */
public record Seen(long timeMs, long offset, Message message) {}
