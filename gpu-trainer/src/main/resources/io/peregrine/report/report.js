'use strict';
// Draws the page from the JSON block. Text reaches the page as text nodes only: it may come from a hostile crawl.

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
  for (const note of data.missing.filter(missing => missing.section === id)) {
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

function draw() {
  const colours = palette();
  Chart.defaults.color = colours.soft;
  Chart.defaults.borderColor = colours.grid;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  for (const drawn of charts) {
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
          ticks: { autoSkip: false, font: { size: innerWidth < 560 ? 9 : 12 } },
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
        borderColor: colours.series[i], backgroundColor: colours.series[i], borderWidth: 1.6, pointRadius: 0,
        pointHitRadius: 6, ...set,
      })),
    },
    options: {
      parsing: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      plugins: {
        legend: { display: datasets.length > 1, position: 'bottom', labels: { boxHeight: 2 } },
        tooltip: {
          callbacks: {
            title: at => 'step ' + count(at[0].parsed.x),
            label: at => ` ${at.dataset.label}: ${options.format(at.parsed.y)}`,
          },
        },
      },
      scales: {
        x: { type: 'linear', title: { display: true, text: 'step' }, ticks: { maxTicksLimit: 8 },
          min: options.from, max: options.to },
        y: { title: { display: true, text: options.unit }, beginAtZero: Boolean(options.fromZero),
          ticks: { maxTicksLimit: 7, callback: options.format } },
      },
    },
  });
}

// ---- the page

const contents = element('nav', { 'aria-label': 'Contents' });
page.append(element('header', {},
  element('h1', {}, data.title),
  element('p', { class: 'about' }, 'What this run read, kept, dropped and trained, from the manifests and metrics it left.'),
  facts(data.facts.map(fact => [fact.label, fact.value])),
  contents));
const tiles = element('div', { class: 'tiles' });
page.append(tiles);

function tile(value, label) {
  tiles.append(element('div', { class: 'tile' }, element('b', {}, value), element('span', {}, label)));
}

drawFunnel();
drawSources();
drawRejected();
drawTokens();
drawMixture();
drawTraining();
drawSample();
drawTime();
drawIdentities();
draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
for (const [event, printing] of [['beforeprint', true], ['afterprint', false]]) {
  addEventListener(event, () => {
    document.documentElement.classList.toggle('printing', printing);
    draw();
  });
}

function drawFunnel() {
  const box = section('funnel', 'Documents, stage by stage',
    'Nothing is dropped without a reason: every dropped document is kept with its rule, the measured value and the limit.');
  const funnel = data.stages.filter(stage => 'out' in stage);
  if (funnel.length === 0) return;
  const first = funnel[0].in;
  const last = funnel[funnel.length - 1];
  tile(count(last.out), `of ${count(first)} documents left after ${words(last.name)}`);
  box.append(chart('Documents left after each stage', bars(funnel.map(stage => stage.stage),
    [{ label: 'documents', data: funnel.map(stage => stage.out) }])));
  box.append(table(funnel, [
    ['stage', stage => stage.stage],
    ['in', stage => count(stage.in), 'number'],
    ['out', stage => count(stage.out), 'number'],
    ['kept', stage => percent(stage.out / stage.in), 'number'],
    ['of all', stage => percent(stage.out / first), 'number'],
  ]));
  drawReasons(box, funnel.flatMap(stage => stage.reasons.map(reason => ({ stage, ...reason }))));
  for (const stage of funnel.filter(stage => stage.domains && stage.domains.length > 0)) {
    box.append(element('h3', {}, `${stage.stage}, by domain`), table(stage.domains, [
      ['domain', domain => domain.domain],
      ['in', domain => count(domain.in), 'number'],
      ['out', domain => count(domain.out), 'number'],
      ['kept', domain => percent(domain.out / domain.in), 'number'],
    ]));
  }
}

function drawReasons(box, reasons) {
  if (reasons.length === 0) {
    box.append(element('p', { class: 'about' }, 'No stage dropped a document.'));
    return;
  }
  const shown = [...reasons].sort((a, b) => b.count - a.count).slice(0, 15);
  box.append(chart('Why they were dropped: the most frequent reasons', bars(shown.map(reason => words(reason.name)),
    [{ label: 'documents', data: shown.map(reason => reason.count) }], { horizontal: true }), 60 + 24 * shown.length));
  box.append(table(reasons, [
    ['stage', reason => reason.stage.stage],
    ['reason', reason => reason.name, 'code'],
    ['documents', reason => count(reason.count), 'number'],
    ['of its input', reason => percent(reason.count / reason.stage.in, 2), 'number'],
  ]));
}

function drawSources() {
  const box = section('sources', 'Sources', 'Where the text came from, and under which licence as far as the run file says.');
  if (data.sources.length === 0) return;
  box.append(table(data.sources, [
    ['source', source => source.name],
    ['domain', source => source.domain],
    ['documents', source => count(source.documents), 'number'],
    ['licence', source => source.licence || 'not stated'],
    ['input', source => source.input, 'code'],
  ]));
}

function drawRejected() {
  const box = section('rejected', 'Rejected input',
    'Input that could not be read, by file and position. What stood around it was read all the same.');
  if (!data.rejected) return;
  const { total, rows } = data.rejected;
  box.append(element('p', {}, total === 0 ? 'Every input was read.'
    : rows.length < total ? `${count(total)} pieces; the first ${count(rows.length)}:` : `${count(total)} pieces:`));
  if (rows.length === 0) return;
  box.append(table(rows, [
    ['source', row => row.source],
    ['file', row => row.origin, 'code'],
    ['position', row => row.position],
    ['reason', row => row.reason],
    ['detail', row => row.detail],
  ]));
}

function drawTokens() {
  const box = section('tokens', 'Tokens',
    'Bytes per token says how well the tokenizer fits a stream; the unigram entropy is the loss of a model that knows '
    + 'only how often each token occurs.');
  if (data.tokens.length === 0) return;
  const all = data.tokens.find(stream => stream.total);
  tile(count(all.tokens), `tokens in ${count(all.documents)} documents, ${fixed(all.bytesPerToken, 2)} bytes each`);
  box.append(table(data.tokens, [
    ['stream', stream => stream.stream],
    ['documents', stream => count(stream.documents), 'number'],
    ['tokens', stream => count(stream.tokens), 'number'],
    ['text', stream => bytes(stream.bytes), 'number'],
    ['bytes/token', stream => fixed(stream.bytesPerToken, 2), 'number'],
    ['unigram entropy, nats', stream => fixed(stream.unigramEntropyNats), 'number'],
  ]));
}

function drawMixture() {
  const box = section('mixture', 'Mixture',
    'The share of the tokens that each stream was asked for, and the share that the plan delivers.');
  if (!data.mixture) return;
  const { streams, facts: about } = data.mixture;
  box.append(facts(about.map(fact => [fact.label, fact.value])));
  box.append(chart('Share of the tokens', bars(streams.map(stream => stream.name), [
    { label: 'asked for', data: streams.map(stream => stream.asked) },
    { label: 'delivered', data: streams.map(stream => stream.delivered) },
  ], { format: share => percent(share) })));
  box.append(table(streams, [
    ['stream', stream => stream.name],
    ['asked for', stream => percent(stream.asked, 2), 'number'],
    ['delivered', stream => percent(stream.delivered, 2), 'number'],
    ['gap', stream => percent(stream.delivered - stream.asked, 3), 'number'],
    ['sequences planned', stream => count(stream.planned), 'number'],
    ['of one epoch', stream => count(stream.sequences), 'number'],
    ['epochs', stream => fixed(stream.epochs, 2), 'number'],
    ['least gap between repeats', stream => (stream.gap ? count(stream.gap) + ' sequences' : 'no repeats'), 'number'],
    ['fill', stream => percent(stream.fill, 2), 'number'],
  ]));
}

function drawTraining() {
  const box = section('training', 'Training');
  const training = data.training;
  if (!training) return;
  const { steps, validation } = training;
  const lastStep = steps[steps.length - 1];
  tile(fixed(training.finalLoss),
    `nats per token, mean of the last ${count(training.finalSteps)} steps`
    + (Number.isFinite(training.unigramNats) ? `; unigram entropy ${fixed(training.unigramNats)}` : ''));
  tile(count(training.tokensPerSecond), 'tokens per second in training, median');
  box.append(facts(training.facts.map(fact => [fact.label, fact.value])));
  if (training.stepsPerPoint > 1) {
    box.append(element('p', { class: 'about' }, `Each point of the curves is the mean of ${training.stepsPerPoint} steps.`));
  }
  const range = { from: steps[0].step, to: lastStep.step };
  const points = key => steps.filter(step => Number.isFinite(step[key])).map(step => ({ x: step.step, y: step[key] }));
  const loss = [{ label: 'training loss', data: points('loss') }];
  if (Number.isFinite(training.unigramNats)) {
    loss.push({ label: 'unigram entropy of the tokens', borderDash: [6, 4],
      data: [range.from, range.to].map(x => ({ x, y: training.unigramNats })) });
  }
  if (validation.length > 0) {
    loss.push({ label: 'held-out loss', pointRadius: 3, clip: 4,
      data: validation.map(at => ({ x: at.step, y: at.loss })) });
  }
  box.append(chart('Loss, nats per token', lines(loss, { ...range, unit: 'nats', format: y => fixed(y, 2) }), 360));
  const lastMeasured = validation[validation.length - 1];
  if (lastMeasured && lastMeasured.streams) {
    box.append(element('h3', {}, `Held-out loss by stream, after step ${count(lastMeasured.step)}`),
      table(Object.entries(lastMeasured.streams), [
        ['stream', ([stream]) => stream],
        ['nats per token', ([, nats]) => fixed(nats), 'number'],
      ]));
  }
  const more = element('div', { class: 'charts' });
  for (const [key, label, unit, format] of [
    ['learning_rate', 'Learning rate', '', y => y.toExponential(1)],
    ['gradient_norm', 'Gradient norm before clipping', '', y => fixed(y, 2)],
    ['tokens_per_second', 'Throughput', 'tokens/s', count],
    ['gflops', 'Arithmetic', 'GFLOP/s', count],
  ]) {
    if (points(key).length > 0) {
      more.append(chart(label, lines([{ label, data: points(key) }], { ...range, unit, format, fromZero: true }), 220));
    }
  }
  box.append(more);
}

function drawSample() {
  const box = section('sample', 'A sample',
    'What the trained model makes of a few beginnings. It is a small model: judge the curve, not the prose.');
  for (const { prompt, text } of data.samples) box.append(element('pre', {}, element('b', {}, prompt), text));
}

function drawTime() {
  const box = section('time', 'Time', 'Wall clock of each stage when it last ran; a stage whose inputs did not change is not run again.');
  if (data.stages.length === 0) return;
  tile(duration(data.stages.reduce((sum, stage) => sum + stage.seconds, 0)), 'in all stages together');
  box.append(chart('Seconds per stage', bars(data.stages.map(stage => stage.stage),
    [{ label: 'seconds', data: data.stages.map(stage => stage.seconds) }],
    { horizontal: true, format: seconds => count(seconds) }), 60 + 26 * data.stages.length));
  const counts = data.stages.flatMap(stage =>
    Object.entries(stage.counts).map(([name, value]) => ({ stage: stage.stage, name, value })));
  box.append(element('details', {}, element('summary', {}, `All ${counts.length} counts of the stages`), table(counts, [
    ['stage', row => row.stage],
    ['count', row => row.name, 'code'],
    ['', row => count(row.value), 'number'],
  ])));
}

function drawIdentities() {
  const box = section('identities', 'Identity of the data',
    'SHA-256 over content, not files: the same inputs, settings and seed give the same digests on any number of cores.');
  box.classList.add('long');
  const outputs = data.stages.flatMap(stage => stage.outputs);
  if (outputs.length === 0) return;
  box.append(table(outputs, [
    ['output', output => output.path, 'code'],
    ['version', output => (output.version < 0 ? 'file' : output.version), 'number'],
    ['rows', output => (output.version < 0 ? bytes(output.rows) : count(output.rows)), 'number'],
    ['payload digest', output => output.payloadDigest, 'code'],
  ]));
}
