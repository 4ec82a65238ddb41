// The samples of one train step, group by group.
import {$, el, table} from './dom.js';
import {short} from './plot.js';

export class SampleBrowser {
  constructor(newest) {
    this.newest = newest;
    this.answer = null;
  }

  begin() {
    $('browser').hidden = false;
    $('which').addEventListener('submit', e => { e.preventDefault(); this.load($('step').value); });
    $('earlier').addEventListener('click', () => this.load(Math.max(1, (this.answer?.step ?? this.newest() ?? 2) - 1)));
    $('later').addEventListener('click', () => this.load((this.answer?.step ?? 0) + 1));
    $('group').addEventListener('change', () => this.show());
    document.querySelectorAll('[name=colour]').forEach(choice => choice.addEventListener('change', () => this.show()));
    const wanted = new URLSearchParams(location.search).get('step');
    if (wanted) this.load(wanted); else $('sampled').textContent = 'Give a step, or show the newest.';
  }

  async load(step) {
    $('sampled').textContent = 'looking through the event log …';
    try {
      const answer = await fetch(step === '' ? '/api/samples' : `/api/samples?step=${encodeURIComponent(step)}`);
      const body = await answer.json().catch(() => ({error: `the node answered ${answer.status}: ask again`})); // its deadline is no JSON
      if (!answer.ok) throw new Error(body.error);
      this.answer = body;
      $('step').value = body.step;
      $('sampled').textContent = `v${body.step} was made of ${body.groups.length} groups in stage ${body.stage}`
        + (body.left_out ? `; ${body.left_out} more are not shown` : '') + (body.note ? `. ${body.note}` : '.');
      $('group').replaceChildren(...body.groups.map((g, i) => el('option', {value: i}, `${i + 1}: ${g.prompt} (${g.samples.filter(s => s.correct).length} of ${g.samples.length} correct)`)));
      this.show();
    } catch (failure) {
      $('sampled').textContent = String(failure.message);
    }
  }

  show() {
    const group = this.answer?.groups[Number($('group').value)];
    if (!group) return;
    const colour = document.querySelector('[name=colour]:checked').value;
    const pictures = group.pictures.map(name => el('img', {src: `/api/picture?sha256=${name}`, alt: 'the map that is asked about', loading: 'lazy'}));
    $('shown').replaceChildren(
      el('div', {className: 'task'}, el('div', {}, ...pictures),
        el('div', {}, el('p', {className: 'question'}, group.question), el('p', {className: 'note'}, `${group.kind}, ${group.difficulty}; lease ${group.lease}`),
          el('h3', {}, "Advantages of the group's samples"), this.advantages(group))),
      el('div', {className: 'samples'}, ...group.samples.map((sample, i) => this.sample(sample, i, colour))));
  }

  advantages(group) {
    const most = Math.max(...group.samples.map(s => Math.abs(s.advantage)), 1e-9);
    return el('div', {className: 'advantages'}, ...group.samples.map((s, i) => {
      const bar = el('i', {className: s.advantage < 0 ? 'below' : ''}), size = Math.abs(s.advantage) / most * 50;
      bar.style.height = `${Math.max(size, 1)}%`;
      bar.style.top = s.advantage < 0 ? '50%' : `${50 - Math.max(size, 1)}%`;
      const button = el('button', {title: `sample ${i}: ${short(s.advantage)}`, 'aria-label': `sample ${i}, advantage ${short(s.advantage)}`}, bar);
      button.addEventListener('click', () => $(`sample-${i}`).focus());
      return button;
    }));
  }

  sample(sample, i, colour) {
    const span = sample.versions.length ? `v${sample.versions[0]}` + (sample.versions.at(-1) === sample.versions[0] ? '' : ` to v${sample.versions.at(-1)}`) : '–';
    const facts = [['b', `Sample ${i}`], ['span', sample.correct ? 'correct' : 'wrong', sample.correct ? 'good' : 'bad'], ['span', `reward ${short(sample.reward)}`],
      ['span', `advantage ${short(sample.advantage)}`], ['span', `${sample.tokens.length} tokens`], ['span', `by ${span}`], ['span', sample.finish], ['span', sample.worker]];
    const head = el('div', {className: 'head'}, ...facts.map(([tag, text, css]) => el(tag, {className: css ?? ''}, text)));
    const newest = this.answer.step - 1;
    const tokens = el('p', {className: 'tokens'}, ...sample.tokens.map((text, t) => {
      const token = el('span', {title: `${sample.logprobs[t].toFixed(3)} by v${sample.versions[t]}`}, text);
      token.style.backgroundColor = colour === 'version' ? ofVersion(newest - sample.versions[t]) : ofLogProb(sample.logprobs[t]);
      return token;
    }));
    const score = table(['component', 'value', 'why'], [...sample.components.map(c => [c.name, short(c.value), c.reason]),
      ['weight of the question', short(sample.weight), ''], ['reward', short(sample.reward), '']], [1]);
    return el('article', {className: 'sample', id: `sample-${i}`, tabIndex: -1}, head, tokens, score);
  }
}

// What was likely is clear; what was not is red.
function ofLogProb(logProb) {
  return `rgb(220 60 40 / ${Math.min(.65, -logProb * .22).toFixed(3)})`;
}

// What the version before the step sampled is clear; what is older is another hue the older it is.
function ofVersion(staleness) {
  return staleness <= 0 ? 'transparent' : `hsl(${(210 + (staleness - 1) * 67) % 360} 70% 50% / .35)`;
}
