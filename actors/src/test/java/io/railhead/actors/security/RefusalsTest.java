package io.railhead.actors.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.railhead.actors.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalsTest {
    private final SettableClock clock = new SettableClock(Instant.now());
    private final Refusals refusals = new Refusals(clock);
    private final Logger logger = (Logger) LoggerFactory.getLogger(Refusals.class);
    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();

    @BeforeEach
    void listen() {
        logs.start();
        logger.addAppender(logs);
        logger.setAdditive(false);
    }

    @AfterEach
    void hush() {
        logger.detachAppender(logs);
        logger.setAdditive(true);
    }

    @Test
    void aPeerIsNamedOnceHoweverOftenItComes() {
        for (int i = 0; i < 100_000; i++) {
            refusals.refused("CN=stranger", "not trusted");
        }
        clock.advance(Duration.ofMinutes(10));
        refusals.refused("CN=stranger", "still not trusted");
        assertThat(lines())
                .containsExactly(
                        "refused CN=stranger: not trusted",
                        "refused CN=stranger 100000 more times, last: still not trusted");
        assertThat(refusals.count()).isEqualTo(100_001);
    }

    @Test
    void madeUpNamesDoNotFillTheLog() {
        for (int i = 0; i < 10_000; i++) {
            refusals.refused("CN=" + i, "not trusted");
        }
        assertThat(lines()).hasSize(257).last().isEqualTo("refused further peers: not trusted");
    }

    @Test
    void aNameWritesNoLinesOfItsOwn() {
        refusals.refused("CN=a\nERROR all is lost", "no\rreason");
        assertThat(lines()).containsExactly("refused CN=a?ERROR all is lost: no?reason");
    }

    private List<String> lines() {
        return logs.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
