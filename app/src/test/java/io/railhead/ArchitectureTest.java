package io.railhead;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may know whom: one rule for each row of the module table, and the habits that no compiler holds.
@AnalyzeClasses(packages = "io.railhead", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] SERVICES = {
        "io.railhead.rollout..", "io.railhead.reward..", "io.railhead.learner..", "io.railhead.app.."
    };

    @ArchTest
    static final ArchRule transitKnowsNothingButItself = noClasses()
            .that()
            .resideInAPackage("io.railhead.transit..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.railhead..", "org.apache.pekko..", "ai.djl..", "com.google..")
                    .and(not(resideInAPackage("io.railhead.transit.."))))
            .because("the task is pure Java that other projects can take");

    @ArchTest
    static final ArchRule thePolicyKnowsNoActorNoTaskAndNoWire = noClasses()
            .that()
            .resideInAPackage("io.railhead.policy..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.railhead..", "org.apache.pekko..", "com.google.protobuf..")
                    .and(not(resideInAPackage("io.railhead.policy.."))))
            .because("a policy generates and is trained; who asks is not its affair");

    @ArchTest
    static final ArchRule nativeCodeIsOnlyInPolicyDjl = noClasses()
            .that()
            .resideOutsideOfPackages("io.railhead.policy.djl..", "ai.djl..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..")
            .because("only io.railhead.policy.djl holds tensors");

    @ArchTest
    static final ArchRule actorsKnowOnlyTheWireAndThePolicysVocabulary = noClasses()
            .that()
            .resideInAPackage("io.railhead.actors..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(SERVICES)
                    .or(resideInAnyPackage("io.railhead.policy.djl..", "io.railhead.transit..")))
            .because("the services implement the conversations, not the other way round");

    @ArchTest
    static final ArchRule rolloutWorkersKnowNeitherLearnerNorRewardsNorNativeCode = noClasses()
            .that()
            .resideInAPackage("io.railhead.rollout..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.railhead.learner..",
                    "io.railhead.reward..",
                    "io.railhead.transit..",
                    "io.railhead.app..",
                    "io.railhead.policy.djl..")
            .because("services meet in actors.protocol");

    @ArchTest
    static final ArchRule theRewardServiceKnowsNeitherWeightsNorLearner = noClasses()
            .that()
            .resideInAPackage("io.railhead.reward..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "io.railhead.learner..",
                            "io.railhead.rollout..",
                            "io.railhead.app..",
                            "io.railhead.policy.djl..")
                    .or(JavaClass.Predicates.belongToAnyOf(
                            WeightsSnapshot.class, TrainablePolicy.class, GenerationEngine.class)))
            .because("a score depends on the response alone");

    @ArchTest
    static final ArchRule theLearnerKnowsNeitherEnginesNorRewards = noClasses()
            .that()
            .resideInAPackage("io.railhead.learner..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "io.railhead.rollout..",
                            "io.railhead.reward..",
                            "io.railhead.transit..",
                            "io.railhead.app..",
                            "io.railhead.policy.djl..")
                    .or(JavaClass.Predicates.belongToAnyOf(GenerationEngine.class)))
            .because("what it trains on is in the trajectories");

    @ArchTest
    static final ArchRule nothingDependsOnTheCompositionRoot = noClasses()
            .that()
            .resideOutsideOfPackages("io.railhead.app..", "io.railhead.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.railhead.app..")
            .because("the composition root holds no rule");

    @ArchTest
    static final ArchRule protocolMessagesHoldNothingMutable = fields().that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.railhead.actors.protocol..")
            .and()
            .areNotStatic()
            .should(new ArchCondition<>("be final and no array") {
                @Override
                public void check(com.tngtech.archunit.core.domain.JavaField field, ConditionEvents events) {
                    boolean immutable = field.getModifiers().contains(JavaModifier.FINAL)
                            && !field.getRawType().isArray();
                    events.add(new SimpleConditionEvent(field, immutable, field.getFullName()));
                }
            })
            .because("nothing mutable is in a message");

    @ArchTest
    static final ArchRule everyConversationIsSealed = classes()
            .that()
            .resideInAPackage("io.railhead.actors.protocol..")
            .and()
            .haveSimpleNameEndingWith("Command")
            .and()
            .areInterfaces()
            .should(new ArchCondition<>("be sealed") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    events.add(new SimpleConditionEvent(type, type.reflect().isSealed(), type.getName()));
                }
            })
            .because("a handler that forgets a message must not compile");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class)
            .because("a wait has an owner and a deadline");

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .resideOutsideOfPackages("io.railhead.app..", "io.railhead.bench..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("a library has no console");

    @Test
    void protosHoldNoHandWrittenJava() throws IOException {
        Path protos = root().resolve("protos/src/main");
        try (Stream<Path> files = Files.walk(protos)) {
            assertThat(files.filter(Files::isRegularFile).map(Path::toString)).allMatch(f -> f.endsWith(".proto"));
        }
    }

    @Test
    void noModuleDependsOnBench() throws IOException {
        try (Stream<Path> poms = Files.walk(root(), 2)) {
            assertThat(poms.filter(p -> p.endsWith("pom.xml"))
                            .filter(p -> !p.getParent().equals(root())
                                    && !p.getParent().endsWith("bench")))
                    .isNotEmpty()
                    .allSatisfy(pom -> assertThat(Files.readString(pom)).doesNotContain("railhead-bench"));
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("app") ? here.getParent() : here;
    }
}
