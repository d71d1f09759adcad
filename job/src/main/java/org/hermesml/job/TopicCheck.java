package org.hermesml.job;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;

/**
 * Looks for broker and topics before the job starts: with a topic missing it would restart for
 * ever.
 */
final class TopicCheck {
    private static final int WAIT_SECONDS = 10;

    /**
     * @throws InputException when no broker answers or a topic is missing
     */
    static void check(JobSettings settings) {
        Map<String, Object> config =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.bootstrap(),
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        WAIT_SECONDS * 1000,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        WAIT_SECONDS * 1000);
        Set<String> found;
        try (Admin admin = Admin.create(config)) {
            found = admin.listTopics().names().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("The check of the topics was interrupted.", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new InputException(
                    "No Kafka broker answers at "
                            + settings.bootstrap()
                            + "; start one or name another with --bootstrap.",
                    e);
        }
        List<String> missing =
                settings.topics().shared().stream()
                        .map(Topics.Topic::name)
                        .filter(name -> !found.contains(name))
                        .toList();
        if (!missing.isEmpty()) {
            throw new InputException(
                    "Topics are missing at "
                            + settings.bootstrap()
                            + ": "
                            + String.join(", ", missing)
                            + "; `hermes submit` creates them.");
        }
    }

    private TopicCheck() {}
}
