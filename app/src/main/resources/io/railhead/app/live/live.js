import {$, el} from './dom.js';
import {Plot, short} from './plot.js';
import {Steps} from './steps.js';
import {alerts, cluster, curriculum, ledger, waits} from './status.js';
import {SampleBrowser} from './samples.js';

const CURVES = [
  ['Reward', {'trained on': 'reward/mean', 'all sampled': 'sampled/reward'}],
  ['Share of correct responses', {'trained on': 'reward/correct-share', 'all sampled': 'sampled/correct'}],
  ['Loss', {total: 'loss/total'}],
  ['KL divergence', {'to the sampler': 'kl/mismatch', 'to the base': 'loss/kl'}],
  ['Effective sample share', {ESS: 'policy/effective-sample-fraction'}],
  ['Staleness in versions', {mean: 'staleness/mean', greatest: 'staleness/max'}],
  ['Response length in tokens', {mean: 'response/mean-tokens', longest: 'response/max-tokens'}],
  ['Entropy', {policy: 'policy/entropy'}],
  ['Gradient norm', {norm: 'optim/gradient-norm'}],
  ['Throughput in response tokens a second', {trained: 'derived/tokens-per-second'}],
  ['Trainer: seconds a step', {'from step to step': 'derived/step-seconds', training: 'time/train-seconds'}],
  ['Trainer: share of idle time', {idle: 'derived/idle'}],
];
const NAMES = [...new Set(CURVES.flatMap(([, lines]) => Object.values(lines))), 'curriculum/mastery'];
const RECENT = 20; // steps, of which tiles show the mean

const own = new Steps(NAMES, '');
let other = null, facts = null, status = null, hasRun = false, drawing = false;
const plots = CURVES.map(([title, lines]) => ({plot: new Plot(title, Object.keys(lines)), names: Object.values(lines)}));
const browser = new SampleBrowser(() => own.latest?.version);

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const smoothing = Number($('smooth').value);
    for (const {plot, names} of plots)
      plot.draw({...own.lines(names), stages: own.stages, other: other?.lines(names) ?? null}, smoothing);
    tiles();
    if (status) show(status);
  });
}

function tiles() {
  const run = status?.run, idle = own.recent('derived/idle', RECENT), perStep = own.recent('derived/step-seconds', RECENT);
  const shown = [
    ['policy version', run ? `v${run.policy_version}` : own.latest ? `v${own.latest.version}` : '–'],
    ['stage', run?.stage ?? own.latest?.stage ?? '–'],
    ['correct of all sampled', percent(own.recent('sampled/correct', RECENT))],
    ['reward', short(own.recent('sampled/reward', RECENT))],
    ['response tokens a second', short(own.recent('derived/tokens-per-second', RECENT))],
    ['seconds a step', short(perStep)],
    ['trainer idle', percent(idle)],
    ['samples asked for, not given', run ? short(run.demand.permits) : '–'],
  ];
  $('tiles').replaceChildren(...shown.map(([what, value]) => el('div', {className: 'tile'}, el('b', {}, value), el('span', {}, what))));
}

function percent(share) {
  return Number.isFinite(share) ? `${(share * 100).toFixed(share < .1 ? 1 : 0)} %` : '–';
}

function show(now) {
  status = now;
  const ready = now.ready ? 'ready' : `not ready: ${now.not_ready.join(', ')}`;
  $('state').textContent = `node ${now.node} (${now.roles.join(', ')}), ${ready}`;
  $('state').className = now.ready ? '' : 'lost';
  alerts($('alerts'), now);
  curriculum($('stages'), now, facts, own);
  ledger($('ledger'), now);
  waits($('waits'), now);
  cluster($('nodes'), now);
}

async function begin() {
  const answer = await fetch('/api/run');
  if (!answer.ok) {
    $('without').textContent = `No curves here: ${(await answer.json()).error}.`;
    $('without').hidden = false;
    $('plots').hidden = true;
    return;
  }
  facts = await answer.json();
  hasRun = true;
  $('run').textContent = facts.run;
  document.title = `${facts.run} – Railhead`;
  if (facts.siblings.length) {
    $('comparing').hidden = false;
    $('other').append(...facts.siblings.map(name => el('option', {value: name}, name)));
  }
  $('plots').append(...plots.map(({plot}) => plot.figure));
  const wanted = new URLSearchParams(location.search).get('compare');
  if (facts.siblings.includes(wanted)) { $('other').value = wanted; compare(); }
  await own.catchUp(draw);
  browser.begin();
}

function compare() {
  other = $('other').value ? new Steps(NAMES, $('other').value) : null;
  document.querySelectorAll('.key.other').forEach(key => key.remove());
  if (other) for (const {plot} of plots) plot.now.before(el('span', {className: 'key other'}, other.run));
  other?.catchUp(draw).catch(lost);
  draw();
}

function lost(failure) {
  $('state').textContent = String(failure.message ?? failure);
  $('state').className = 'lost';
}

function listen() {
  const source = new EventSource('/live');
  source.addEventListener('status', event => { status = JSON.parse(event.data); show(status); tiles(); });
  source.addEventListener('metrics', event => {
    if (!hasRun || own.busy) return;
    if (own.take(JSON.parse(event.data))) draw(); else own.catchUp(draw).catch(lost);
  });
  source.addEventListener('open', () => { if (hasRun) own.catchUp(draw).catch(lost); });
  source.addEventListener('error', () => {
    lost('the node does not answer; asking again');
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000); // refused: the browser gives up then
  });
}

$('smooth').addEventListener('input', draw);
$('other').addEventListener('change', compare);
addEventListener('resize', draw);
tiles();
begin().catch(lost).finally(listen);
