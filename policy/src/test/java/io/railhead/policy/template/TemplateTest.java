package io.railhead.policy.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.policy.Golden;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    record Rendered(String name, String template, Map<String, Object> variables, String text) {
        @Override
        public String toString() {
            return name;
        }
    }

    /// The rows of `tools/golden/make_templates.py`.
    static List<Rendered> rows() throws IOException {
        return StreamSupport.stream(Golden.json("templates.json").spliterator(), false)
                .map(TemplateTest::row)
                .toList();
    }

    private static Rendered row(JsonNode row) {
        Map<String, Object> variables =
                new ObjectMapper().convertValue(row.get("variables"), new TypeReference<Map<String, Object>>() {});
        return new Rendered(
                row.get("name").textValue(),
                row.get("template").textValue(),
                variables,
                row.get("text").textValue());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void writesWhatTransformersWrites(Rendered row) {
        assertThat(Template.parse(row.template()).render(row.variables())).isEqualTo(row.text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "{% macro f() %}{% endmacro %} => block macro is not supported",
                "{% include 'x' %} => block include is not supported",
                "{% set x %}y{% endset %} => 'the end of the tag' where = should be",
                "{{ x.__class__.mro() }} => method mro is not supported",
                "{{ x | attr('y') }} => filter attr is not supported",
                "{{ strftime_now('%Y') }} => function strftime_now is not supported",
                "{{ x is callable }} => test callable is not supported",
                "{{ 1.5 }} => number 1 is not supported, only whole ones are",
                "{{ 3 / 2 }} => operator / is not supported",
                "{{ x.split(',', 1, 2) }} => method split is not supported with these arguments",
                "{{ (1 }} => a tag is not closed by }}",
                "{{ 'abc }} => a string is not closed",
                "{% if x %}y => a block is not closed by elif or else or endif",
                "{% endif %} => block endif is not supported",
                "{% break %} => no loop to leave",
                "{{ x y }} => 'y' where the end of the tag should be",
                "{{ }} => 'the end of the tag' where a value should be",
                "{{ a ? b }} => unexpected character ?",
                "{# never => a comment is not closed",
            })
    void namesWhatItDoesNotKnowWhenItIsRead(String template, String defect) {
        assertThatThrownBy(() -> Template.parse(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("line 1: ")
                .hasMessageContaining(defect);
    }

    @Test
    void namesTheLine() {
        assertThatThrownBy(() -> Template.parse("a\n{% if x %}\n\n  {% raw %}"))
                .isInstanceOf(TemplateException.class)
                .hasMessage("line 4: block raw is not supported");
        Template raising = Template.parse("a\n{% if true %}\n{{ raise_exception('roles must alternate') }}{% endif %}");
        assertThatThrownBy(() -> raising.render(Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage("line 3: roles must alternate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "{{ x.y.z }} => what z is asked of is undefined",
                "{{ [1] }} => a list cannot be written as text",
                "{{ 'a' + 1 }} => a string where a number should be",
                "{{ 1 // 0 }} => 1 // 0 has no value",
                "{{ 'a'.get('b') }} => a string where a mapping should be",
                "{% for a, b in [1] %}{% endfor %} => an element is not 2 values",
                "{% for a in none %}{% endfor %} => none has no elements",
                "{% set x = 1 %}{% set x.y = 1 %} => x is no namespace",
                "{{ 'a' in 3 }} => a string cannot be looked for in a number",
            })
    void namesWhatCannotBeDone(String template, String defect) {
        Template parsed = Template.parse(template);
        assertThatThrownBy(() -> parsed.render(Map.of("x", Map.of())))
                .isInstanceOf(TemplateException.class)
                .hasMessage("line 1: " + defect);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000000000) %}{% endfor %}",
                "{% for i in range(2000) %}{% for j in range(2000) %}{% endfor %}{% endfor %}",
                "{% set n = namespace(x='aa') %}{% for i in range(64) %}{% set n.x = n.x + n.x %}{% endfor %}",
                "{% set n = namespace(x='aa') %}{% for i in range(64) %}{% set n.x = n.x | replace('a', 'aa') %}{% endfor %}",
                "{% set n = namespace(x=['a']) %}{% for i in range(64) %}{% set n.x = n.x + n.x %}{% endfor %}",
                "{% set n = namespace(x=['a']) %}{% for i in range(64) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x | tojson }}",
                "{% set n = namespace(x='ab') %}{% for i in range(64) %}{% set n.x = n.x | list | join(n.x) %}{% endfor %}",
                "{{ 'ab' * 1000000000000 }}",
                "{% set n = namespace(x=1, y=1) %}{% for i in range(64) %}{% set n.x = [n.x, n.x] %}"
                        + "{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}",
                "{% for i in range(100000) %}{{ 'abcdefghij' * 100 }}{% endfor %}",
            })
    void endsATemplateThatWantsTooMuch(String greedy) {
        Template parsed = Template.parse(greedy);
        assertThatThrownBy(() -> parsed.render(Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching("line 1: (the template takes more than|a text is longer than) .*");
    }

    @Test
    void refusesATemplateNestedTooDeep() {
        assertThatThrownBy(() -> Template.parse("{{ " + "(".repeat(400) + "1" + ")".repeat(400) + " }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> Template.parse("{{ " + "not ".repeat(400) + "1 }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> Template.parse("{% if 1 %}".repeat(5000)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> Template.parse("{{ a" + " + 1".repeat(100_000) + " }}"))
                .isInstanceOf(TemplateException.class);
    }

    @Test
    void refusesValuesNestedTooDeep() {
        String nest = "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% set n.x = [n.x] %}{% endfor %}";
        for (String use : List.of("{{ n.x | tojson }}", "{{ n.x == [n.x] }}")) {
            Template parsed = Template.parse(nest + use);
            assertThatThrownBy(() -> parsed.render(Map.of()))
                    .isInstanceOf(TemplateException.class)
                    .hasMessage("line 1: values are nested more than 100 deep");
        }
    }

    @Test
    void twoRenderingsDoNotSeeEachOther() {
        Template template = Template.parse("{% set n = namespace(x=0) %}{% set n.x = n.x + 1 %}{{ n.x }}");
        assertThat(template.render(Map.of())).isEqualTo("1");
        assertThat(template.render(Map.of())).isEqualTo("1");
    }
}
