// What a node's status says, as tables.
import {age, el, table} from './dom.js';
import {short} from './plot.js';

export function alerts(place, status) {
  const present = status.run?.alerts.present ?? [];
  place.hidden = !present.length;
  place.replaceChildren(...present.map(a => el('p', {className: 'bad'}, `${a.alert}: ${a.owner} ${a.detail} since ${a.since}`)));
}

export function curriculum(place, status, facts, steps) {
  const present = status.run?.stage ?? steps.latest?.stage;
  if (!facts?.stages.length) {
    place.replaceChildren(el('p', {className: 'note'}, present ? `stage ${present}` : 'not known'));
    return;
  }
  const mastery = steps.latest?.['curriculum/mastery'], at = facts.stages.findIndex(s => s.name === present);
  const last = facts.stages.length - 1;
  const rows = facts.stages.map((stage, i) => ({
    css: i === at ? 'here' : '',
    cells: [stage.name, {text: i < at ? 'over' : i > at ? 'to come' : 'now', css: 'w'},
      i === last ? 'with the run' : stage.ends,
      [stage.kinds.join(', '), stage.difficulties.join(', ')].filter(t => t).join('; ') || 'all'],
  }));
  const parts = [table(['stage', '', 'ends', 'questions'], rows)];
  if (at >= 0 && Number.isFinite(mastery)) {
    const goal = at < last ? facts.stages[at].threshold : 0;
    parts.push(el('p', {}, `Mastery: ${(mastery * 100).toFixed(1)} % of the stage's responses are correct`
      + (goal ? `, ${(goal * 100).toFixed(1)} % are asked for ` : ' '), el('progress', {max: goal || 1, value: Math.min(mastery, goal || 1)})));
  }
  place.replaceChildren(...parts);
}

export function ledger(place, status) {
  const run = status.run;
  if (!run) {
    place.replaceChildren(el('p', {className: 'note'}, "the run's head does not answer"));
    return;
  }
  const counts = run.ledger, share = n => counts.issued ? `${(n / counts.issued * 100).toFixed(1)} %` : '–';
  const rows = ['trained', 'filtered', 'stale', 'failed', 'in_flight']
    .map(name => [name.replace('_', ' '), counts[name].toLocaleString('en'), share(counts[name])]);
  place.replaceChildren(
    table(['leases', 'groups', 'of all'], [...rows, ['issued', counts.issued.toLocaleString('en'), '']], [1, 2]),
    el('p', {className: 'note'}, `${run.demand.generating} are being generated, ${run.demand.ready} are ready to train,`
      + ` ${run.demand.backlog} wait for a worker; workers have room for ${short(run.demand.permits)} more samples.`));
}

export function waits(place, status) {
  const found = [...status.waits].sort((a, b) => b.seconds - a.seconds);
  place.replaceChildren(found.length
    ? table(['for', 'who', 'waits for', 'since'], found.map(w => [age(w.seconds), w.who, w.for_what, new Date(w.since).toLocaleTimeString()]))
    : el('p', {className: 'note'}, 'nobody waits'));
}

export function cluster(place, status) {
  const rows = status.members.map(m => ({
    css: m.address === status.node ? 'here' : '',
    cells: [m.address, m.roles.join(', '), m.status, {text: m.reachable ? 'reachable' : 'unreachable', css: m.reachable ? 'good' : 'bad'},
      m.address === status.leader ? 'leads the run' : ''],
  }));
  const parts = [rows.length ? table(['node', 'roles', 'state', '', ''], rows)
    : el('p', {className: 'note'}, `one process: ${status.node}`)];
  const held = [];
  if (status.weights) held.push(['weights of this node', `v${status.weights.version}`, status.weights.source ? `from ${status.weights.source}` : 'made here', '', '']);
  for (const w of status.workers) held.push([`worker ${w.id}`, `v${w.serving}`, '', w.free_samples, age(w.silent_seconds)]);
  if (held.length) parts.push(table(['versions held here', 'version', 'from', 'room for samples', 'heard'], held, [1, 3, 4]));
  const memory = status.memory.resident_bytes ? `${(status.memory.resident_bytes / 2 ** 20).toFixed(0)} MiB resident, ` : '';
  parts.push(el('p', {className: 'note'}, `This node is up for ${age(status.uptime_seconds)}; ${memory}heap ${(status.heap.used_bytes / 2 ** 20).toFixed(0)} MiB`
    + `${status.run ? `; the run is in life ${status.run.life} with ${status.run.workers} rollout workers` : ''}`
    + `; messages lost: ${status.lost.undelivered} undelivered, ${status.lost.dropped} dropped.`));
  place.replaceChildren(...parts);
}
