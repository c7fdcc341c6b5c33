package io.peregrine.data.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Puts a page together: a skeleton, the style, Chart.js, the helpers of {@code page.js}, the page's own script and its data
 * as a JSON block, all in one file that loads nothing. The page's own policy (Content-Security-Policy) forbids it to.
 */
public final class HtmlPage {
    // The build takes the version from the pom; the jar's layout has it in the path.
    private static final String CHART_JS = "/META-INF/resources/webjars/chart.js/4.4.4/dist/chart.umd.js";
    private static final ObjectMapper JSON = new ObjectMapper();

    private HtmlPage() {}

    /**
     * @param title plain text
     * @param owner class beside which the page's own script stands
     * @param script name of that script; {@code page.js} has run before it
     * @param data what the script draws
     * @return the page
     */
    public static String of(String title, Class<?> owner, String script, JsonNode data) {
        Map<String, String> parts = Map.of(
                "title", escapeHtml(title),
                "style", resource(HtmlPage.class, "page.css"),
                // A browser's developer tools would go and look for the source map.
                "chart", resource(HtmlPage.class, CHART_JS).replaceAll("(?m)^//# sourceMappingURL=.*$", ""),
                "script", resource(HtmlPage.class, "page.js") + resource(owner, script),
                "data", scriptSafe(data));
        StringBuilder page = new StringBuilder();
        String skeleton = resource(HtmlPage.class, "page.html");
        int from = 0;
        // One pass over the skeleton alone: what is put in is never searched for names again.
        for (int open = skeleton.indexOf("{{"); open >= 0; open = skeleton.indexOf("{{", from)) {
            int close = skeleton.indexOf("}}", open);
            page.append(skeleton, from, open).append(parts.get(skeleton.substring(open + 2, close)));
            from = close + 2;
        }
        return page.append(skeleton.substring(from)).toString();
    }

    /** JSON that cannot end the script element it stands in, whatever text it carries. */
    private static String scriptSafe(JsonNode data) {
        try {
            return JSON.writeValueAsString(data)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026")
                    .replace("\u2028", "\\u2028")
                    .replace("\u2029", "\\u2029");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    private static String escapeHtml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + name, e);
        }
    }
}
