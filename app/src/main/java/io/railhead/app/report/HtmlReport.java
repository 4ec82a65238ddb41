package io.railhead.app.report;

import java.util.ArrayList;
import java.util.List;

/// A page without any other file: sections of text, tables and curves, in the order in which they were added.
public final class HtmlReport {
    private static final String STYLE = """
            :root { color-scheme: light dark; --paper: #fff; --ink: #222; --soft: #636b75; --rule: #ddd; --code: #f5f5f5 }
            :root { --raw: #c8d6e5; --line: #1f6feb; --good: #18794e; --bad: #b42318 }
            @media (prefers-color-scheme: dark) { :root {
              --paper: #14171a; --ink: #e6e8ea; --soft: #9aa3ad; --rule: #343a41; --code: #1c2024;
              --raw: #34465a; --line: #6db3f2; --good: #5dc98f; --bad: #ff8a7d } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
            body { max-width: 66rem; margin: 1.5rem auto; padding: 0 1rem }
            h2 { margin: 2rem 0 .4rem; font-size: 1.2rem } h3 { margin: 0 0 .3rem; font-size: .95rem; font-weight: 600 }
            .scroll { overflow-x: auto } table { border-collapse: collapse; margin: .6rem 0 }
            th, td { padding: .25rem .8rem; text-align: right; border-bottom: 1px solid var(--rule) }
            th { font-weight: 500; color: var(--soft) } td { white-space: pre-wrap; overflow-wrap: anywhere }
            th:first-child, td:first-child { text-align: left; white-space: normal }
            table.facts { width: 100% } table.facts td { text-align: left; vertical-align: top; padding-left: 0 }
            table.facts td:first-child { color: var(--soft); width: 10.5rem; overflow-wrap: normal }
            pre { background: var(--code); padding: 1rem; overflow-x: auto; font-size: 13px }
            summary { cursor: pointer; color: var(--soft) }
            .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 1rem }
            .card { border: 1px solid var(--rule); border-radius: 6px; padding: .7rem .8rem; min-width: 0 }
            img { max-width: 100%; max-height: 22rem; background: #fff }
            svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: var(--soft) }
            svg .axis { stroke: var(--rule) } svg .stage { stroke: var(--rule); stroke-dasharray: 4 4 }
            svg polyline { fill: none } svg .raw { stroke: var(--raw) } svg .mean { stroke: var(--line); stroke-width: 2 }
            .card svg text { font-size: 24px } .card svg .mean { stroke-width: 4 } .card svg .raw { stroke-width: 2 }
            .card table.facts td:first-child { width: 6.5rem }
            """;

    private final String title;
    private final List<String> sections = new ArrayList<>();

    public HtmlReport(String title) {
        this.title = title;
    }

    public HtmlReport text(String heading, String paragraph) {
        return section(heading, "<p>" + escaped(paragraph) + "</p>");
    }

    public HtmlReport code(String heading, String text) {
        return section(heading, "<pre>" + escaped(text) + "</pre>");
    }

    /// What only some want to see: closed at first.
    public HtmlReport folded(String heading, String summary, String text) {
        return section(
                heading,
                "<details><summary>%s</summary><pre>%s</pre></details>".formatted(escaped(summary), escaped(text)));
    }

    /// A table of texts; the first row is its head.
    public HtmlReport table(String heading, List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>");
        for (int i = 0; i < rows.size(); i++) {
            String cell = i == 0 ? "th" : "td";
            html.append("<tr>");
            rows.get(i).forEach(text -> html.append("<%s>%s</%s>".formatted(cell, escaped(text), cell)));
            html.append("</tr>\n");
        }
        return section(heading, html.append("</table></div>").toString());
    }

    /// Names and what is to be said of them.
    public HtmlReport facts(String heading, List<List<String>> rows) {
        return section(heading, facts(rows));
    }

    /// Things of one kind, side by side where there is room.
    public HtmlReport cards(String heading, List<Card> cards) {
        StringBuilder html = new StringBuilder("<div class=\"cards\">\n");
        cards.forEach(card ->
                html.append("<div class=\"card\"><h3>%s</h3>%s</div>%n".formatted(escaped(card.title), card.html)));
        return section(heading, html.append("</div>").toString());
    }

    /// A curve, or a picture and facts, with a title.
    public static final class Card {
        private final String title;
        private final String html;

        private Card(String title, String html) {
            this.title = title;
            this.html = html;
        }

        public static Card of(String title, Curve curve) {
            return new Card(title, curve.svg());
        }

        /// @param pictures their addresses
        public static Card of(String title, List<String> pictures, List<List<String>> rows) {
            StringBuilder html = new StringBuilder();
            pictures.forEach(picture -> html.append(image(title, picture)));
            return new Card(title, html.append(facts(rows)).toString());
        }
    }

    private static String facts(List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<table class=\"facts\">");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(text -> html.append("<td>%s</td>".formatted(escaped(text))));
            html.append("</tr>\n");
        }
        return html.append("</table>").toString();
    }

    private static String image(String title, String address) {
        return "<img src=\"%s\" alt=\"%s\">".formatted(escaped(address), escaped(title));
    }

    public HtmlReport plot(String heading, LinePlot plot) {
        return section(heading, plot.svg());
    }

    @Override
    public String toString() {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title><style>
                %s</style></head><body>
                <h1>%s</h1>
                %s
                </body></html>
                """.formatted(escaped(title), STYLE, escaped(title), String.join("\n", sections));
    }

    /// @param address of a file beside the page, or the picture itself, as of [InlinePicture]
    public HtmlReport picture(String heading, String address) {
        return section(heading, image(heading, address));
    }

    private HtmlReport section(String heading, String html) {
        sections.add("<h2>" + escaped(heading) + "</h2>\n" + html);
        return this;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
