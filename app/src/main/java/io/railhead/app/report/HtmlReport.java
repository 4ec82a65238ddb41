package io.railhead.app.report;

import java.util.ArrayList;
import java.util.List;

/// A page without any other file: sections of text, tables and curves, in the order in which they were added.
public final class HtmlReport {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; color: #222 }
            body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            table { border-collapse: collapse; margin: 1rem 0 }
            th, td { padding: .25rem .8rem; text-align: right; border-bottom: 1px solid #ddd }
            th:first-child, td:first-child { text-align: left }
            pre { background: #f5f5f5; padding: 1rem; overflow-x: auto; font-size: 13px }
            table.facts td { text-align: left; vertical-align: top }
            img { max-width: 100%; max-height: 40rem } td { white-space: pre-wrap }
            svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: #555 }
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

    /// A table of texts; the first row is its head.
    public HtmlReport table(String heading, List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<table>");
        for (int i = 0; i < rows.size(); i++) {
            String cell = i == 0 ? "th" : "td";
            html.append("<tr>");
            rows.get(i).forEach(text -> html.append("<%s>%s</%s>".formatted(cell, escaped(text), cell)));
            html.append("</tr>\n");
        }
        return section(heading, html.append("</table>").toString());
    }

    /// Names and what is to be said of them, under what came last.
    public HtmlReport facts(List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<table class=\"facts\">");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(text -> html.append("<td>%s</td>".formatted(escaped(text))));
            html.append("</tr>\n");
        }
        sections.add(html.append("</table>").toString());
        return this;
    }

    public HtmlReport plot(String heading, LinePlot plot) {
        return section(heading, plot.svg());
    }

    public HtmlReport curve(String heading, Curve curve) {
        return section(heading, curve.svg());
    }

    @Override
    public String toString() {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>%s</title><style>
                %s</style></head><body>
                <h1>%s</h1>
                %s
                </body></html>
                """.formatted(escaped(title), STYLE, escaped(title), String.join("\n", sections));
    }

    /// A picture that lies beside the page.
    public HtmlReport picture(String heading, String path) {
        return section(heading, "<img src=\"%s\" alt=\"%s\">".formatted(escaped(path), escaped(heading)));
    }

    /// What the next facts are about, where no picture says it.
    public HtmlReport heading(String heading) {
        return section(heading, "");
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
