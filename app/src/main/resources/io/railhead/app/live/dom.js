// Elements with text, never with markup: what a model wrote must not become part of the page.
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value; else element.setAttribute(key, value);
  }
  element.append(...children.map(child => child instanceof Node ? child : String(child)));
  return element;
}

// rows of cells; a cell is text, a node, or {text, css}. Columns named in numbers stand right.
export function table(head, rows, numbers = []) {
  const css = i => numbers.includes(i) ? 'n' : '';
  const cell = (value, i) => value !== null && typeof value === 'object' && !(value instanceof Node)
    ? el('td', {className: `${css(i)} ${value.css ?? ''}`}, value.text) : el('td', {className: css(i)}, value);
  return el('div', {className: 'scroll'}, el('table', {},
    el('thead', {}, el('tr', {}, ...head.map((h, i) => el('th', {className: css(i), scope: 'col'}, h)))),
    el('tbody', {}, ...rows.map(row => el('tr', {className: row.css ?? ''}, ...(row.cells ?? row).map(cell))))));
}

export function age(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round(seconds % 3600 / 60)} min`;
}

export const $ = id => document.getElementById(id);
