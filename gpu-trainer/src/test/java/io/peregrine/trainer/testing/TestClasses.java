package io.peregrine.trainer.testing;

import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test classes in this very process, for a tool that watches one process from its start: Surefire begins another. */
public final class TestClasses {
    private static final int SHOWN = 20;

    private TestClasses() {}

    /**
     * Ends with 1 if a test failed, or if none ran.
     *
     * @param names full names of test classes, or {@code class#method} for the methods of that name
     */
    public static void main(String[] names) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(Arrays.stream(names)
                                        .flatMap(TestClasses::selected)
                                        .toList())
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        summary.printFailuresTo(out, SHOWN);
        out.printf(
                "%d tests, %d passed, %d skipped, %d failed%n",
                summary.getTestsFoundCount(),
                summary.getTestsSucceededCount(),
                summary.getTestsSkippedCount() + summary.getTestsAbortedCount(),
                summary.getTotalFailureCount());
        out.flush();
        System.exit(summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() > 0 ? 0 : 1);
    }

    private static Stream<DiscoverySelector> selected(String name) {
        String[] parts = name.split("#", 2);
        if (parts.length == 1) {
            return Stream.of(DiscoverySelectors.selectClass(name));
        }
        Class<?> type;
        try {
            type = Class.forName(parts[0]);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(name + ": there is no class " + parts[0], e);
        }
        List<Method> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(method ->
                        method.getName().equals(parts[1]) && AnnotationSupport.isAnnotated(method, Testable.class))
                .toList();
        if (methods.isEmpty()) {
            throw new IllegalArgumentException(name + ": the class has no such test");
        }
        return methods.stream().map(method -> DiscoverySelectors.selectMethod(type, method));
    }
}
