// The sections of the page about the memorization window. The helpers are those of page.js.

const ALL = '(all)';
const steps = data.checkpoints.map(checkpoint => checkpoint.step);
const lastStep = steps[steps.length - 1];
const sources = [...new Set(data.windows.map(window => window.source))];

header('The gap is by how much less the loss of sequences that were trained on once is than that of sequences of the same '
  + 'source and length that never were, both compared with a checkpoint before. Ages are the tokens trained on since.');
drawAnswers();
drawGaps();
drawFits();
drawBins();
drawPrediction();
drawComparison();
finish();

function tokenCount(value) {
  if (!Number.isFinite(value)) return '–';
  const units = ['', ' k', ' M', ' G', ' T'];
  let unit = 0;
  value = value < 1000 ? value : Number(value.toPrecision(3));
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return (unit === 0 ? count(value) : Number(value.toPrecision(3))) + units[unit];
}

function fitted(window) {
  if (!window || !window.kind) return 'no fit';
  if (window.kind === 'below') return 'below ' + tokenCount(window.tokens);
  if (window.kind === 'beyond') return 'beyond ' + tokenCount(window.tokens);
  return `${tokenCount(window.tokens)} (${tokenCount(window.lower)} – ${tokenCount(window.upper)})`;
}

function drawAnswers() {
  const box = section('windows', 'Windows', `What the last checkpoint, step ${count(lastStep)}, says. A certificate assumes `
    + 'only that the gap falls with age; a fit assumes a shape, and says nothing beyond the ages that were measured.');
  const answered = data.caps.filter(cap => 'windowTokens' in cap);
  tile(count(answered.length), `of ${count(data.caps.length)} sources have a window`);
  tile(fixed(data.eps), 'nats per token count as forgotten');
  box.append(table(data.caps, [
    ['source', cap => cap.source, 'code'],
    ['window-tokens', cap => ('windowTokens' in cap ? count(cap.windowTokens) : 'none'), 'number'],
    ['why', cap => cap.reason],
  ]));
}

function logAxis(title) {
  return { type: 'logarithmic', title: { display: true, text: title },
    ticks: { maxTicksLimit: innerWidth < 560 ? 4 : 8, callback: tokenCount } };
}

function drawGaps() {
  const box = section('gaps', 'Gap by age', 'Dots with bands of 95 % from a bootstrap over whole steps; the dashed line is the best '
    + 'fit of the last checkpoint, the grey one eps.');
  for (const source of sources) {
    const windows = data.windows.filter(window => window.source === source && window.points.length > 0);
    if (windows.length === 0) {
      box.append(element('p', { class: 'missing' }, `${source}: every bin is empty.`));
      continue;
    }
    box.append(chart(source === ALL ? 'All sources' : source, colours => gapChart(windows, colours), 320));
  }
}

function gapChart(windows, colours) {
  const datasets = [];
  windows.forEach((window, i) => {
    const colour = colours.series[i % colours.series.length];
    const at = key => window.points.map(point => ({ x: point.ageTokens, y: point[key] }));
    datasets.push({ label: '', data: at('lower'), borderWidth: 0, pointRadius: 0, backgroundColor: colour + '26' });
    datasets.push({ label: '', data: at('upper'), borderWidth: 0, pointRadius: 0, fill: '-1', backgroundColor: colour + '26' });
    datasets.push({ label: 'step ' + count(window.step), data: at('gap'), borderColor: colour, backgroundColor: colour,
      borderWidth: 1.6, pointRadius: 3 });
    if (window.step === lastStep && window.fits.length > 0) {
      datasets.push({ label: `${window.fits[0].title}, step ${count(window.step)}`, borderColor: colour, borderDash: [6, 4],
        borderWidth: 1.4, pointRadius: 0, data: window.fits[0].curve.map(point => ({ x: point.ageTokens, y: point.gap })) });
    }
  });
  const ages = windows.flatMap(window => window.points.map(point => point.ageTokens));
  datasets.push({ label: 'eps', borderColor: colours.soft, borderWidth: 1, pointRadius: 0,
    data: [Math.min(...ages), Math.max(...ages)].map(x => ({ x, y: data.eps })) });
  return {
    type: 'line',
    data: { datasets },
    options: {
      parsing: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      plugins: {
        legend: { position: 'bottom', labels: { boxHeight: 2, filter: item => item.text !== '' } },
        tooltip: {
          filter: at => at.dataset.label !== '',
          callbacks: {
            title: at => (at.length ? tokenCount(at[0].parsed.x) + ' tokens old' : ''),
            label: at => ` ${at.dataset.label}: ${fixed(at.parsed.y, 4)}`,
          },
        },
      },
      scales: {
        x: logAxis('age, tokens'),
        y: { title: { display: true, text: 'gap, nats per token' }, ticks: { maxTicksLimit: 7 } },
      },
    },
  };
}

function drawFits() {
  const box = section('fits', 'Fits', 'Curves through the gaps, best first by AICc; "window" is where each falls to eps. A half-life '
    + 'is given where it was measured. The change point is that of a falling line over the logarithm of the age. "Alike before": '
    + 'the largest difference of any bin to its controls before either was seen, which should be chance.');
  const rows = data.windows.flatMap(window => window.fits.map((fit, rank) => ({ window, fit, rank })));
  if (rows.length === 0) box.append(element('p', { class: 'missing' }, 'No curve is determined by so few bins.'));
  else box.append(table(rows, [
    ['source', row => row.window.source, 'code'],
    ['step', row => count(row.window.step), 'number'],
    ['curve', row => row.fit.title + (row.rank === 0 ? ' (best)' : '')],
    ['AICc', row => fixed(row.fit.aicc, 2), 'number'],
    ['chi-square', row => fixed(row.fit.chiSquare, 2), 'number'],
    ['amplitude', row => fixed(row.fit.amplitude, 4), 'number'],
    ['floor', row => fixed(row.fit.floor, 4), 'number'],
    ['half-life', row => tokenCount(row.fit.halfLifeTokens), 'number'],
    ['window', row => fitted(row.fit.window), 'number'],
  ]));
  box.append(element('h3', {}, 'Certificates and change points'), table(data.windows, [
    ['source', window => window.source, 'code'],
    ['step', window => count(window.step), 'number'],
    ['certified from', window => ('fromTokens' in window.certificate ? tokenCount(window.certificate.fromTokens) : 'not certified'),
      'number'],
    ['change point', window => (window.changePoint
      ? `${tokenCount(window.changePoint.tokens)} (${tokenCount(window.changePoint.lower)} – ${tokenCount(window.changePoint.upper)})`
      : '–'), 'number'],
    ['p of none', window => (window.changePoint ? fixed(window.changePoint.p) : '–'), 'number'],
    ['alike before', window => (window.balance
      ? `${window.balance.alike ? '' : 'no: '}${fixed(window.balance.nats)} nats, p ${fixed(window.balance.p)}` : '–'), 'number'],
    ['controls', window => count(window.controls), 'number'],
    ['left out', window => count(window.withoutControl), 'number'],
  ]));
}

function drawBins() {
  const box = section('bins', 'Bins', 'Upper bounds are one-sided, of 95 %; "within eps" are p-values of two one-sided tests, '
    + 'adjusted for the number of bins.');
  for (const window of data.windows.filter(it => it.step === lastStep)) {
    const bins = [...window.points, ...window.empty].sort((a, b) => a.bin - b.bin);
    box.append(element('h3', {}, window.source === ALL ? 'All sources' : window.source), table(bins, [
      ['age, tokens', bin => `${tokenCount(bin.fromTokens)} – ${tokenCount(bin.toTokens)}`, 'number'],
      ['sequences', bin => (bin.reason ? '' : count(bin.sequences)), 'number'],
      ['steps', bin => (bin.reason ? '' : count(bin.steps)), 'number'],
      ['gap', bin => (bin.reason ? 'empty: ' + bin.reason : fixed(bin.gap, 4)), 'number'],
      ['95 %', bin => (bin.reason ? '' : `${fixed(bin.lower, 4)} – ${fixed(bin.upper, 4)}`), 'number'],
      ['falling', bin => (bin.reason ? '' : fixed(bin.falling, 4)), 'number'],
      ['upper bound', bin => (bin.reason ? '' : fixed(bin.upperBound, 4)), 'number'],
      ['within eps', bin => (bin.reason ? '' : fixed(bin.equivalenceP)), 'number'],
    ]));
  }
}

function drawPrediction() {
  const box = section('prediction', 'What the optimizer predicts', 'AdamW\'s weights are an average of their updates over 1 / (learning '
    + 'rate · weight decay) steps, so that the window should be about that many batches. Rates are those of the checkpoint; the '
    + 'prediction takes their mean over the ages that are measured.');
  const pooled = step => data.windows.find(window => window.step === step && window.source === ALL)
    || data.windows.find(window => window.step === step);
  box.append(table(data.checkpoints, [
    ['step', checkpoint => count(checkpoint.step), 'number'],
    ['tokens', checkpoint => tokenCount(checkpoint.tokens), 'number'],
    ['learning rate', checkpoint => checkpoint.learningRate.toPrecision(3), 'number'],
    ['weight decay', checkpoint => checkpoint.weightDecay.toPrecision(3), 'number'],
    ['predicted', checkpoint => tokenCount(checkpoint.predictedTokens), 'number'],
    ['window', checkpoint => fitted(pooled(checkpoint.step).window), 'number'],
    ['half-life', checkpoint => tokenCount((pooled(checkpoint.step).fits[0] || {}).halfLifeTokens), 'number'],
  ]));
}

function drawComparison() {
  if (!data.comparison) return;
  const rows = data.comparison.rows;
  const box = section('comparison', 'Other runs', 'Windows against the prediction, on logarithmic axes; a slope of 1 is what it says.');
  const law = (name, found) => (found
    ? `${name}: slope ${fixed(found.slope)}${'slopeError' in found ? ' ± ' + fixed(found.slopeError) : ''}, factor ${found.factor.toPrecision(3)}. `
    : `${name}: fewer than two runs with one, of different predictions. `);
  box.append(element('p', {}, law('Windows', data.comparison.windowLaw) + law('Half-lives', data.comparison.halfLifeLaw)));
  const found = rows.filter(row => row.window.kind === 'found');
  const half = rows.filter(row => 'halfLifeTokens' in row);
  if (found.length + half.length > 0) {
    box.append(chart('Measured against predicted', colours => ({
      type: 'scatter',
      data: { datasets: [
        { label: 'window', data: found.map(row => ({ x: row.predictedTokens, y: row.window.tokens, run: row.run })),
          backgroundColor: colours.series[0], pointRadius: 5 },
        { label: 'half-life', data: half.map(row => ({ x: row.predictedTokens, y: row.halfLifeTokens, run: row.run })),
          backgroundColor: colours.series[1], pointRadius: 5 },
      ] },
      options: {
        plugins: { legend: { position: 'bottom' },
          tooltip: { callbacks: { label: at => ` ${at.raw.run}: ${tokenCount(at.raw.y)} (predicted ${tokenCount(at.raw.x)})` } } },
        scales: { x: logAxis('predicted, tokens'), y: logAxis('measured, tokens') },
      },
    }), 320));
  }
  box.append(table(rows, [
    ['run', row => row.run, 'code'],
    ['learning rate', row => row.learningRate.toPrecision(3), 'number'],
    ['weight decay', row => row.weightDecay.toPrecision(3), 'number'],
    ['eta_eff', row => Math.sqrt(row.etaLambda).toPrecision(3), 'number'],
    ['predicted', row => tokenCount(row.predictedTokens), 'number'],
    ['window', row => fitted(row.window), 'number'],
    ['half-life', row => tokenCount(row.halfLifeTokens), 'number'],
  ]));
}
