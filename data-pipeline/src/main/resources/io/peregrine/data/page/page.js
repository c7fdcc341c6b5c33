'use strict';
// What every page is drawn with, from the JSON block. Text reaches the page as text nodes only: it may come from a hostile
// crawl. The page's own script comes after this one: it calls header, then its sections, then finish.

const data = JSON.parse(document.getElementById('data').textContent);
const page = document.getElementById('page');
const charts = []; // { canvas, config(palette) }, drawn again when the colours change

// ---- small helpers

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const count = value => (value === undefined || value === null ? '–' : whole.format(value));
const percent = (part, digits = 1) => (Number.isFinite(part) ? (100 * part).toFixed(digits) + ' %' : '–');
const fixed = (value, digits = 3) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return (unit === 0 ? count(value) : value.toFixed(1)) + ' ' + units[unit];
}

function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 60) return seconds.toFixed(1) + ' s';
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// "dropped.gopher_short_doc" -> "gopher short doc"
const words = name => name.replace(/[_-]/g, ' ');

function section(id, title, about) {
  const made = element('section', { id }, element('h2', {}, title));
  if (about) made.append(element('p', { class: 'about' }, about));
  for (const note of (data.missing || []).filter(missing => missing.section === id)) {
    made.append(element('p', { class: 'missing' }, note.text));
  }
  page.append(made);
  contents.append(element('a', { href: '#' + id }, title));
  return made;
}

// columns: [heading, row => text, class]
function table(rows, columns) {
  const head = element('tr', {}, ...columns.map(([heading, , kind]) => element('th', { class: kind || '' }, heading)));
  const body = rows.map(row =>
    element('tr', {}, ...columns.map(([, text, kind]) => element('td', { class: kind || '' }, String(text(row))))));
  return element('div', { class: 'scroll' },
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)));
}

function facts(pairs) {
  const list = element('dl', { class: 'facts' });
  for (const [label, value] of pairs) list.append(element('dt', {}, label), element('dd', {}, String(value)));
  return list;
}

function chart(label, config, height) {
  const canvas = element('canvas', { role: 'img', 'aria-label': label });
  const box = element('div', { class: 'chart' }, canvas);
  if (height) box.style.height = height + 'px';
  charts.push({ canvas, config });
  return element('div', {}, element('h3', {}, label), box);
}

// ---- charts

function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue('--' + name).trim();
  return {
    ink: colour('ink'), soft: colour('soft'), grid: colour('grid'),
    series: ['one', 'two', 'three', 'four', 'five', 'six'].map(colour),
  };
}

let finished = false; // whether the page has been drawn once

function draw(which = charts) {
  const colours = palette();
  Chart.defaults.color = colours.soft;
  Chart.defaults.borderColor = colours.grid;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  for (const drawn of which) {
    if (drawn.chart) drawn.chart.destroy();
    drawn.chart = new Chart(drawn.canvas, drawn.config(colours));
  }
}

function bars(labels, datasets, options = {}) {
  return colours => ({
    type: 'bar',
    data: {
      labels,
      datasets: datasets.map((set, i) => ({
        backgroundColor: set.colours ? set.colours(colours) : colours.series[i], maxBarThickness: 34, ...set,
      })),
    },
    options: {
      indexAxis: options.horizontal ? 'y' : 'x',
      plugins: {
        legend: { display: datasets.length > 1, position: 'bottom' },
        tooltip: { callbacks: { label: at => ` ${at.dataset.label}: ${(options.format || count)(at.raw)}` } },
      },
      scales: {
        [options.horizontal ? 'x' : 'y']: {
          beginAtZero: true, ticks: { maxTicksLimit: 7, callback: value => (options.format || count)(value) },
        },
        [options.horizontal ? 'y' : 'x']: {
          grid: { display: false },
          ticks: { autoSkip: Boolean(options.skipLabels), font: { size: innerWidth < 560 ? 9 : 12 } },
        },
      },
    },
  });
}

function lines(datasets, options) {
  return colours => ({
    type: 'line',
    data: {
      datasets: datasets.map((set, i) => ({
        borderColor: colours.series[i % colours.series.length], backgroundColor: colours.series[i % colours.series.length],
        borderDash: [[], [7, 3], [2, 2], [9, 3, 2, 3]][Math.floor(i / colours.series.length) % 4], // more lines than colours
        borderWidth: 1.6, pointRadius: 0, pointHitRadius: 6, ...set,
      })),
    },
    options: {
      parsing: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      plugins: {
        legend: { display: datasets.length > 1, position: 'bottom', labels: { boxHeight: 2 } },
        tooltip: {
          callbacks: {
            title: at => `${options.x || 'step'} ${count(at[0].parsed.x)}`,
            label: at => ` ${at.dataset.label}: ${options.format(at.parsed.y)}`,
          },
        },
      },
      scales: {
        x: { type: options.logX ? 'logarithmic' : 'linear', title: { display: true, text: options.x || 'step' },
          ticks: { maxTicksLimit: 8 }, min: options.from, max: options.to },
        y: { type: options.logY ? 'logarithmic' : 'linear', title: { display: true, text: options.unit }, beginAtZero: Boolean(options.fromZero),
          ticks: { maxTicksLimit: 7, callback: options.format } },
      },
    },
  });
}

// ---- choices and samples

function select(names, show) {
  const made = element('select', {}, ...names.map(name => element('option', { value: name }, name)));
  made.addEventListener('change', () => show(made.value));
  show(names[0]);
  return made;
}

function labelled(text, control) {
  return element('label', { class: 'choice' }, text + ' ', control);
}

// One item at a time, with a way back and forth.
function pageThrough(box, items, drawItem) {
  let at = 0;
  const place = element('span');
  const shown = element('div');
  const show = step => {
    at = (at + step + items.length) % items.length;
    place.textContent = ` ${at + 1} of ${items.length} `;
    shown.replaceChildren(...drawItem(items[at], at));
  };
  const button = (text, step) => {
    const made = element('button', { type: 'button' }, text);
    made.addEventListener('click', () => show(step));
    return made;
  };
  box.replaceChildren(element('p', { class: 'pager' }, button('previous', -1), place, button('next', 1)), shown);
  show(0);
}

// A text that may be cut. Its own direction: samples are of all languages.
function excerpt(sample) {
  const cut = sample.characters - [...sample.text].length;
  return element('div', { class: 'excerpt' }, element('pre', { dir: 'auto' }, sample.text),
    cut > 0 ? element('p', { class: 'about' }, `... and ${count(cut)} characters more`) : null);
}

function number(value) {
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? count(value) : Number(value.toPrecision(4)).toString();
}

// ---- the page

const contents = element('nav', { 'aria-label': 'Contents' });
const tiles = element('div', { class: 'tiles' });

function header(about) {
  page.append(element('header', {},
    element('h1', {}, data.title),
    element('p', { class: 'about' }, about),
    facts(data.facts.map(fact => [fact.label, fact.value])),
    contents), tiles);
}

function tile(value, label) {
  tiles.append(element('div', { class: 'tile' }, element('b', {}, value), element('span', {}, label)));
}

function finish() {
  draw();
  finished = true;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw());
  for (const [event, printing] of [['beforeprint', true], ['afterprint', false]]) {
    addEventListener(event, () => {
      document.documentElement.classList.toggle('printing', printing);
      draw();
    });
  }
}
