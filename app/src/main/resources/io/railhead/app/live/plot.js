// A line plot in SVG: values over steps, at most a few lines, with marks where a stage begins.
const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 420, HEIGHT = 176, LEFT = 46, RIGHT = 8, TOP = 16, BOTTOM = 20, POINTS = 320;

function svg(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

export function short(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

// Round numbers from low to high, about four of them.
function ticks(low, high) {
  const raw = (high - low) / 4 || 1, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= raw);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-6; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

// An exponential mean whose start is not drawn towards 0; gaps stay gaps.
function smoothed(ys, weight) {
  let sum = 0, norm = 0;
  return ys.map(y => {
    if (!Number.isFinite(y)) return NaN;
    sum = weight * sum + (1 - weight) * y;
    norm = weight * norm + (1 - weight);
    return sum / norm;
  });
}

// Few points: of neighbours their mean, so that a line of a million steps costs what one of a hundred does.
function thinned(xs, ys) {
  const stride = Math.ceil(xs.length / POINTS);
  if (stride <= 1) return [xs, ys];
  const fewX = [], fewY = [];
  for (let i = 0; i < xs.length; i += stride) {
    const part = ys.slice(i, i + stride).filter(Number.isFinite);
    fewX.push(xs[Math.min(i + stride, xs.length) - 1]);
    fewY.push(part.length ? part.reduce((a, b) => a + b, 0) / part.length : NaN);
  }
  return [fewX, fewY];
}

export class Plot {
  // labels of the lines, in their order
  constructor(title, labels) {
    this.labels = labels;
    this.figure = document.createElement('figure');
    this.figure.className = 'plot';
    const caption = document.createElement('figcaption'), heading = document.createElement('h3');
    heading.textContent = title;
    caption.append(heading);
    if (labels.length > 1) labels.forEach((label, k) => {
      const key = document.createElement('span');
      key.className = `key k${k}`;
      key.textContent = label;
      caption.append(key);
    });
    this.now = document.createElement('span');
    this.now.className = 'now';
    caption.append(this.now);
    this.image = svg('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', tabindex: 0, role: 'img', 'aria-label': title});
    this.figure.append(caption, this.image);
    this.title = title;
    this.image.addEventListener('pointermove', e => this.point(e));
    this.image.addEventListener('pointerleave', () => this.unpoint());
    this.image.addEventListener('blur', () => this.unpoint());
    this.image.addEventListener('keydown', e => this.key(e));
  }

  // data: {xs, lines: [ys], stages: [{at, name}], other: null or {xs, lines}}
  draw(data, smoothing) {
    this.data = data;
    const own = data.lines.map(ys => ({x: data.xs, raw: ys, y: smoothed(ys, smoothing)}));
    const others = data.other ? data.other.lines.map(ys => ({x: data.other.xs, y: smoothed(ys, smoothing)})) : [];
    const drawn = [];
    own.forEach((line, k) => {
      if (smoothing > 0) drawn.push({xy: thinned(line.x, line.raw), css: `raw k${k}`});
      drawn.push({xy: thinned(line.x, line.y), css: `k${k}`});
    });
    others.forEach((line, k) => drawn.push({xy: thinned(line.x, line.y), css: `other k${k}`}));
    const ys = drawn.flatMap(d => d.xy[1]).filter(Number.isFinite), xs = drawn.flatMap(d => d.xy[0]);
    const pixels = this.image.getBoundingClientRect();
    this.width = Math.max(200, pixels.width || WIDTH);
    this.image.setAttribute('viewBox', `0 0 ${this.width} ${HEIGHT}`);
    this.image.replaceChildren();
    if (!ys.length) {
      this.image.append(svg('text', {x: this.width / 2, y: HEIGHT / 2, 'text-anchor': 'middle'}, 'nothing yet'));
      this.range = null;
      return;
    }
    let low = Math.min(...ys), high = Math.max(...ys);
    const room = (high - low) * .06 || Math.abs(high) * .1 || .5;
    low = low >= 0 && low - room < 0 ? 0 : low - room;
    high += room;
    this.range = {first: Math.min(...xs), last: Math.max(...xs, Math.min(...xs) + 1), low, high};
    for (const tick of ticks(low, high)) {
      this.image.append(svg('line', {class: 'grid', x1: LEFT, x2: this.width - RIGHT, y1: this.y(tick), y2: this.y(tick)}),
        svg('text', {x: LEFT - 5, y: this.y(tick) + 4, 'text-anchor': 'end'}, short(tick)));
    }
    for (const tick of ticks(this.range.first, this.range.last).filter(Number.isInteger).filter(t => t >= this.range.first))
      this.image.append(svg('text', {x: this.x(tick), y: HEIGHT - 5, 'text-anchor': this.x(tick) > this.width - 24 ? 'end' : 'middle'},
        tick >= 1e4 ? `${tick / 1e3}k` : tick));
    let free = 0;
    for (const stage of data.stages) {
      const x = this.x(stage.at);
      this.image.append(svg('line', {class: 'stage', x1: x, x2: x, y1: TOP - 4, y2: HEIGHT - BOTTOM}));
      if (x >= free) {
        this.image.append(svg('text', {x: x + 3, y: TOP - 5}, stage.name));
        free = x + 12 + stage.name.length * 6;
      }
    }
    for (const {xy: [px, py], css} of drawn) {
      let path = '', pen = 'M';
      px.forEach((x, i) => {
        if (!Number.isFinite(py[i])) { pen = 'M'; return; }
        path += `${pen}${this.x(x).toFixed(1)} ${this.y(py[i]).toFixed(1)}`;
        pen = 'L';
      });
      this.image.append(svg('path', {class: css, d: path}));
    }
    this.cursor = svg('line', {class: 'cursor', y1: TOP, y2: HEIGHT - BOTTOM, visibility: 'hidden'});
    this.image.append(this.cursor);
    this.smooth = own.map(line => line.y);
    if (this.at === undefined) this.say(data.xs.length - 1, false);
    else this.say(Math.min(this.at, data.xs.length - 1), true);
  }

  x(step) { return LEFT + (step - this.range.first) / (this.range.last - this.range.first) * (this.width - LEFT - RIGHT); }
  y(value) { return HEIGHT - BOTTOM - (value - this.range.low) / (this.range.high - this.range.low) * (HEIGHT - TOP - BOTTOM); }

  say(index, pointed) {
    if (!this.range || index < 0 || !this.data.xs.length) return;
    const step = this.data.xs[index], values = this.smooth.map(ys => short(ys[index]));
    this.now.textContent = (pointed ? `step ${step}: ` : '') + values.join(' · ');
    this.image.setAttribute('aria-label', `${this.title}, step ${step}: ${this.labels.map((l, k) => `${l} ${values[k]}`).join(', ')}`);
    this.cursor.setAttribute('visibility', pointed ? 'visible' : 'hidden');
    if (pointed) for (const end of ['x1', 'x2']) this.cursor.setAttribute(end, this.x(step));
  }

  point(event) {
    if (!this.range) return;
    const box = this.image.getBoundingClientRect(), share = ((event.clientX - box.left) / box.width * this.width - LEFT) / (this.width - LEFT - RIGHT);
    const wanted = this.range.first + share * (this.range.last - this.range.first), xs = this.data.xs;
    let low = 0, high = xs.length - 1;
    while (low < high) { const middle = (low + high) >> 1; if (xs[middle] < wanted) low = middle + 1; else high = middle; }
    this.at = low;
    this.say(low, true);
  }

  unpoint() {
    this.at = undefined;
    if (this.data) this.say(this.data.xs.length - 1, false);
  }

  key(event) {
    if (!this.data) return;
    const last = this.data.xs.length - 1, page = Math.max(1, Math.round(last / 20)), at = this.at ?? last;
    const to = {ArrowLeft: at - 1, ArrowRight: at + 1, PageDown: at - page, PageUp: at + page, Home: 0, End: last}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.at = Math.max(0, Math.min(last, to));
    this.say(this.at, true);
  }
}
