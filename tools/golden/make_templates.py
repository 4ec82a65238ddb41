"""Writes texts that chat templates make of messages, as transformers renders them.

    pip install transformers jinja2
    python3 tools/golden/make_templates.py policy/src/test/resources/golden \
        policy/src/main/resources/io/railhead/policy/embedded

Made with transformers 5.18.0, Jinja2 3.1.6. The templates are written for this test: one that numbers pictures and
counts them in a namespace, one of another dialogue format, the embedded model's, and one a construct of the language.
"""

import json
import sys
from pathlib import Path

from transformers.utils.chat_template_utils import render_jinja_template

# Written in the manner of templates of vision-language models: counters in namespaces, parts by key or by type.
COUNTING = """{% set pictures = namespace(seen=0) %}{% set films = namespace(seen=0) %}{% for turn in messages %}
{%- if loop.first and turn['role'] != 'system' %}<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif -%}
<|im_start|>{{ turn['role'] }}\n{% if turn['content'] is string %}{{ turn['content'] }}<|im_end|>\n{% else %}
{%- for part in turn['content'] %}
    {%- if part['type'] == 'image' or 'image' in part or 'image_url' in part %}
        {%- set pictures.seen = pictures.seen + 1 %}
        {%- if add_vision_id %}Picture {{ pictures.seen }}: {% endif -%}
        <|vision_start|><|image_pad|><|vision_end|>
    {%- elif part['type'] == 'video' or 'video' in part %}
        {%- set films.seen = films.seen + 1 %}
        {%- if add_vision_id %}Video {{ films.seen }}: {% endif -%}
        <|vision_start|><|video_pad|><|vision_end|>
    {%- elif 'text' in part %}{{ part['text'] }}{% endif %}
{%- endfor %}<|im_end|>\n{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"""

BRACKETS = """{{- bos_token }}
{%- if messages[0]['role'] == 'system' %}
    {%- set rules = messages[0]['content'] | trim %}
    {%- set rest = messages[1:] %}
{%- else %}
    {%- set rules = '' %}
    {%- set rest = messages %}
{%- endif %}
{# Turns alternate. #}
{%- for turn in rest %}
    {%- if (turn.role == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('turns do not alternate: ' ~ turn.role) }}
    {%- endif %}
    {%- if turn.role == 'user' %}
        {{- '[ASK] ' + (rules + '\\n\\n' if loop.first and rules else '') }}
        {%- if turn.content is not string %}
            {%- for part in turn.content if part.type in ['image', 'text'] %}
                {{- '[PICTURE]' if part.type == 'image' else part.text.strip() }}
            {%- endfor %}
        {%- else %}
            {{- turn.content | trim }}
        {%- endif %}
        {{- ' [/ASK]' }}
    {%- else %}
        {{- ' ' ~ turn.content | trim ~ eos_token }}
    {%- endif %}
{%- endfor %}
{%- if tools is defined and tools %}{{ tools | tojson }}{% endif %}
"""

CONVERSATIONS = {
    "text": [{"role": "user", "content": "Which line stops at Promenade?"}],
    "parts": [{"role": "user", "content": [{"type": "text", "text": " How many stops? "}]}],
    "one-picture": [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Is it red?\n"}]}],
    "several-pictures": [
        {
            "role": "user",
            "content": [
                {"type": "image"},
                {"type": "image", "image": "b.png"},
                {"type": "text", "text": "First or "},
                {"image": "c.png", "type": "picture"},
                {"type": "text", "text": "third?"},
            ],
        }
    ],
    "dialogue": [
        {"role": "system", "content": "  Be brief.\n"},
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Where?"}]},
        {"role": "assistant", "content": "At \u84df\u95e8\u6865."},
        {"role": "user", "content": "And then <|im_end|> {{ 1 + 1 }}?"},
    ],
}
CHOICES = [{"add_generation_prompt": True}, {"add_generation_prompt": True, "add_vision_id": True}, {}]

# One construct a line; each sees the variables below.
LANGUAGE = [
    "plain {text} % # }} %} text\n",
    "a\n\n",
    "  {% if true %}\n  yes\n  {% endif %}\n end",
    "x  {% if true %} y {% endif %}  z\n",
    "x {%- if true -%}  y  {%- endif -%} z",
    "x\n  {%+ if true %} y {% endif +%}\nz",
    "{# note -#}\n  a {#- note #}\nb",
    "{% if 0 %}a{% elif '' %}b{% elif none %}c{% else %}d{% endif %}",
    "{{ 'it''s' }} {{ \"a\\tb\\n\\\\ \\u00e9 \\q\" }}",
    "{{ 1 + 2 * 3 - 4 // 3 % 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 - 3 - 4 }}",
    "{{ 'a' ~ 1 ~ true ~ none ~ missing }}|{{ 'ab' * 3 }}|{{ 'a' + 'b' }}",
    "{{ 1 < 2 <= 2 }} {{ 1 == 1 != 2 }} {{ 'a' < 'b' }} {{ true == 1 }} {{ 'a' == 1 }}",
    "{{ 'b' in 'abc' }} {{ 'x' not in ['x', 'y'] }} {{ 'k' in {'k': 1} }} {{ 3 in range(5) }} {{ 1 in missing }}",
    "{{ not true or true and false }} {{ 0 or 'x' }} {{ 'y' and '' or 'z' }}",
    "{{ 'yes' if flag else 'no' }}{{ 'only' if not flag }}|{{ 'a' if 0 else 'b' if 0 else 'c' }}",
    "{{ names[0] }} {{ names[-1] }} {{ names[9] }}|{{ names[1:] | join('+') }} {{ names[::-1] | join }} {{ text[1:3] }} {{ text[:-1] }}",
    "{{ person.name }} {{ person['name'] }} {{ person.none_such }}|{{ person.get('age') }} {{ person.get('x', 7) }} {{ person.get('x') }}",
    "{% for n in names %}{{ loop.index }}/{{ loop.length }}{{ n }}{{ ',' if not loop.last }}{% endfor %}",
    "{% for n in names if n != 'b' %}{{ loop.index0 }}{{ n }}{{ loop.revindex }} {% else %}none{% endfor %}",
    "{% for n in [] %}x{% else %}empty{% endfor %}{% for c in 'h\u00e9\U0001f600' %}[{{ c }}]{% endfor %}",
    "{% for key, value in person.items() %}{{ key }}={{ value }};{% endfor %}{% for key in person %}{{ key }} {% endfor %}",
    "{% for n in names %}{% if n == 'b' %}{% continue %}{% endif %}{% if loop.last %}{% break %}{% endif %}{{ n }}{% endfor %}",
    "{% set x = 1 %}{% for n in names %}{% set x = n %}{{ x }}{% endfor %}{{ x }}{% if true %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% set ns = namespace(a=1, b='') %}{% for n in names %}{% set ns.b = ns.b ~ n ~ ns.a %}{% set ns.a = ns.a + 1 %}{% endfor %}{{ ns.b }}",
    "{% for n in names %}{{ loop.previtem ~ '<' ~ n ~ '<' ~ loop.nextitem }} {% endfor %}{{ loop is defined }}",
    "{{ text is string }} {{ 1 is number }} {{ person is mapping }} {{ names is iterable }} {{ text is sequence }} {{ missing is defined }} {{ missing is undefined }} {{ none is none }} {{ x is not none }} {{ flag is true }} {{ flag is boolean }} {{ 3 is integer }} {{ 'a' is in names }} {{ 2 is equalto 2 }}",
    "{{ '  a b '.strip() }}|{{ ' xax '.strip(' x') }}|{{ 'a,b,,c'.split(',') | join('-') }}|{{ '  a  b '.split() | join('-') }}|{{ 'aaXbXX'.split('X') | length }}",
    "{{ 'AbC'.lower() }}{{ 'AbC'.upper() }} {{ 'abc'.startswith('ab') }} {{ 'abc'.endswith('ab') }} {{ 'banana'.replace('an', 'o') }} {{ 'xay'.lstrip('x') }} {{ 'xay '.rstrip() }}|",
    "{{ '  a ' | trim }}|{{ 'abc' | length }} {{ names | count }} {{ '\U0001f600e' | length }} {{ names | first }} {{ names | last }} {{ [] | first }}|{{ 'AbC' | lower | upper }}",
    "{{ missing | default('d') }} {{ '' | default('d') }}|{{ '' | default('d', true) }} {{ missing | d(1) + 1 }} {{ 5 | string ~ 1 }} {{ 'abc' | list | join('.') }} {{ 'aba' | replace('a', 'c') }}",
    "{{ {'a': [1, true, none, 'q\"\\u00e9\\n'], 'b': {}, 'c': []} | tojson }}",
    "{{ ([names[0]] + ['z']) | join }}",
    "{% for i in range(2, 8, 3) %}{{ i }}{% endfor %}{% for i in range(3, 0, -1) %}{{ i }}{% endfor %}",
    "{% generation %}answer{% endgeneration %}!",
    "{%- set a = 'x' -%}\n\n  {{- a -}}  \n {{ a }}\r\n{{ '}}' ~ '%}' ~ \"{%\" }}{{ {'k': {'l': 1}}.k.l }}",
    "\u2003{%- if true %}\u00a0x\u2003{%- endif %}",
]
VARIABLES = {"names": ["a", "b", "c"], "text": "word", "person": {"name": "Ada", "age": 36}, "flag": True}
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def rendered(template, messages, variables):
    texts, _ = render_jinja_template([messages], chat_template=template, tools=None, documents=None, **variables)
    return texts[0]


def main(golden, embedded):
    embedded_template = json.loads((embedded / "tokenizer_config.json").read_text())["chat_template"]
    rows = []
    for template in (COUNTING, BRACKETS, embedded_template):
        for name, messages in CONVERSATIONS.items():
            for choice in CHOICES:
                variables = TOKENS | {"add_generation_prompt": False} | choice
                rows.append({"name": name, "template": template, "variables": variables | {"messages": messages}})
                rows[-1]["text"] = rendered(template, messages, variables)
    for template in LANGUAGE:
        rows.append({"name": template, "template": template, "variables": VARIABLES | {"messages": []}})
        rows[-1]["text"] = rendered(template, [], VARIABLES)
    for row in rows:
        row["variables"] |= {"tools": None, "documents": None}
    text = json.dumps(rows, ensure_ascii=True, indent=0)
    (golden / "templates.json").write_text(text + "\n")
    print(f"{len(rows)} texts")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
