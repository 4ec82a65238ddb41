// The lines of a run's metrics.jsonl, as far as the page draws them: one array a metric, and where stages begin.
const SECONDS = 1000;

export class Steps {
  // names of the metrics that are kept; run of a sibling, or '' for the node's own
  constructor(names, run) {
    this.names = names;
    this.run = run;
    this.forget();
  }

  forget() {
    this.generation = null;
    this.next = 0;
    this.versions = [];
    this.times = [];
    this.stages = [];
    this.latest = null;
    this.values = Object.fromEntries(this.names.map(name => [name, []]));
  }

  // Takes a page of lines. False if lines before it are lacking: then `catchUp` gets them.
  take(page) {
    if (this.generation !== null && page.generation !== this.generation) this.forget();
    if (page.from > this.next) return false;
    this.generation = page.generation;
    page.steps.slice(this.next - page.from).forEach(step => this.add(step));
    this.next = Math.max(this.next, page.next);
    return this.next >= page.lines;
  }

  // Asks for all that there is. One question at a time.
  async catchUp(onProgress) {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let more = true; more;) {
        const query = new URLSearchParams({from: this.next});
        if (this.generation !== null) query.set('generation', this.generation);
        if (this.run) query.set('run', this.run);
        const answer = await fetch(`/api/metrics?${query}`);
        if (!answer.ok) throw new Error((await answer.json()).error);
        const page = await answer.json();
        this.take(page);
        more = page.more;
        onProgress?.();
      }
    } finally {
      this.busy = false;
    }
  }

  add(step) {
    if (!step) return;
    const time = Date.parse(step.time), before = this.times.at(-1);
    if (!this.stages.length || this.stages.at(-1).name !== step.stage) this.stages.push({at: step.version, name: step.stage});
    const derived = {};
    if (before !== undefined && time > before) {
      const seconds = (time - before) / SECONDS;
      derived['derived/step-seconds'] = seconds;
      derived['derived/tokens-per-second'] = step['batch/response-tokens'] / seconds;
      if (Number.isFinite(step['time/train-seconds'])) derived['derived/idle'] = Math.max(0, 1 - step['time/train-seconds'] / seconds);
    }
    for (const name of this.names) this.values[name].push(step[name] ?? derived[name] ?? NaN);
    this.versions.push(step.version);
    this.times.push(time);
    this.latest = step;
  }

  lines(names) {
    return {xs: this.versions, lines: names.map(name => this.values[name])};
  }

  // Of the last steps, the mean of what is a number.
  recent(name, count) {
    const found = (this.values[name] ?? []).slice(-count).filter(Number.isFinite);
    return found.length ? found.reduce((a, b) => a + b, 0) / found.length : NaN;
  }
}
