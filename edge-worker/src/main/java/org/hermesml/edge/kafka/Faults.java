package org.hermesml.edge.kafka;

import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.hermesml.core.InputException;

/** What Kafka's exceptions mean for a person, with what to do about it. */
final class Faults {
    static InputException ofConnection(String bootstrap, Duration patience, KafkaException e) {
        if (e instanceof AuthenticationException) {
            return new InputException(
                    "The Kafka broker at "
                            + bootstrap
                            + " refuses this process ("
                            + e.getMessage()
                            + ").",
                    e);
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof ConfigException) {
            return new InputException(
                    "--bootstrap '"
                            + bootstrap
                            + "' is no address of a Kafka broker: "
                            + cause.getMessage()
                            + "; write HOST:PORT.",
                    e);
        }
        return new InputException(
                "No Kafka broker answers at "
                        + bootstrap
                        + " within "
                        + patience.toSeconds()
                        + " s; start one with `hermes broker` or name another with --bootstrap HOST:PORT.",
                e);
    }

    /** Why a record is not taken yet, and what ends the wait. It is sent until it is. */
    static String ofWaiting(String topic, Throwable e) {
        String waits = "Topic " + topic + " takes no record now";
        if (e instanceof KafkaStorageException) {
            return waits
                    + ", for the broker cannot write to its disk: free space there, or see its log;"
                    + " the record is sent until it is taken.";
        }
        if (e instanceof NotEnoughReplicasException
                || e instanceof NotEnoughReplicasAfterAppendException) {
            return waits
                    + ", for too few of its replicas are in step: start the brokers that are missing;"
                    + " the record is sent until it is taken.";
        }
        return waits
                + " ("
                + e.getMessage()
                + "): see that the broker runs and that this device reaches it; the record is sent"
                + " until it is taken.";
    }

    /** The producer is at fault and not the record: another one can send it. */
    static boolean isOfProducer(Throwable e) {
        return e instanceof OutOfOrderSequenceException
                || e instanceof InvalidPidMappingException
                || e instanceof UnknownProducerIdException
                || e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof IllegalStateException;
    }

    static InputException ofSending(ProducerRecord<byte[], byte[]> sent, Throwable e) {
        String topic = sent.topic();
        if (e instanceof RecordTooLargeException) {
            return new InputException(
                    "A record of "
                            + sent.value().length
                            + " bytes is larger than topic "
                            + topic
                            + " takes; lower the settings slice_parameters or block_bytes, or raise message.max.bytes at the broker.",
                    e);
        }
        if (e instanceof AuthorizationException) {
            return new InputException(
                    "The broker does not let this process write to topic "
                            + topic
                            + "; grant it the right to write there"
                            + " (kafka-acls --add --allow-principal User:NAME --operation Write --topic "
                            + topic
                            + ").",
                    e);
        }
        if (e instanceof PolicyViolationException || e instanceof InvalidRecordException) {
            return new InputException(
                    "Topic "
                            + topic
                            + " refuses a record by its own settings ("
                            + e.getMessage()
                            + "); create the topic as `hermes submit` and `hermes start` do.",
                    e);
        }
        if (e instanceof UnknownTopicOrPartitionException
                || e instanceof TimeoutException
                        && String.valueOf(e.getMessage()).contains("not present in metadata")) {
            return new InputException(
                    "Topic "
                            + topic
                            + " does not exist or no broker answers for it; check the broker and --topic-prefix.",
                    e);
        }
        if (e instanceof TimeoutException) {
            return new InputException(
                    "The broker did not acknowledge a record for topic "
                            + topic
                            + " in time; check the broker.",
                    e);
        }
        return new InputException(
                "The broker refuses a record for topic " + topic + ": " + e.getMessage() + ".", e);
    }

    private Faults() {}
}
