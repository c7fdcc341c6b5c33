// The sections of the page about an experiment. The helpers are those of page.js.

header(data.about + ' Losses are on held-out sequences at the end of training; intervals are 95 %, over sequences unless a '
  + 'column says otherwise.');
const trained = data.arms.filter(arm => arm.heldOut);
if (trained.length > 0) {
  const best = trained.reduce((a, b) => (b.heldOut.mean < a.heldOut.mean ? b : a));
  tile(fixed(best.heldOut.mean), 'lowest held-out loss: ' + best.name);
}
tile(count(data.arms.filter(arm => arm.diverged > 0).length), 'arms that diverged');
if (data.rates) drawRates();
drawAxes();
drawArms();
drawStreams();
drawCurves();
if (data.noise) drawNoise();
finish();

function between(interval, digits = 4) {
  if (!interval) return '';
  return fixed(interval.mean, digits) + ('low' in interval ? ` ± ${fixed((interval.high - interval.low) / 2, digits)}` : '');
}

function drawArms() {
  const box = section('arms', 'Arms', 'Differences are from the first arm, on the same sequences.');
  box.append(table(data.arms, [
    ['arm', arm => arm.name, 'code'],
    ['parameters', arm => count(arm.parameters), 'number'],
    ['MFLOP/token', arm => fixed(arm.flopsPerToken / 1e6, 2), 'number'],
    ['held-out loss', arm => (arm.diverged ? `diverged in ${arm.diverged} of ${arm.seeds}` : between(arm.heldOut)), 'number'],
    ['less the first', arm => between(arm.difference), 'number'],
    ['by seed', arm => between(arm.seedDifference), 'number'],
    ['tokens/s', arm => count(arm.tokensPerSecond), 'number'],
  ]));
}

// Loss against an axis of numbers, a line for each choice on the others.
function drawAxes() {
  for (const axis of data.axes.filter(axis => axis.numbers && axis.choices.length > 1)) {
    const box = section('axis-' + axis.name, 'Held-out loss against ' + axis.name);
    const groups = new Map();
    for (const arm of trained.filter(one => axis.name in one.values)) {
      const key = data.axes.filter(other => other !== axis)
        .map(other => `${other.name} ${arm.coordinates[other.name]}`).join(', ') || 'all';
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push({ x: arm.values[axis.name], y: arm.heldOut.mean });
    }
    const datasets = [...groups].map(([label, points]) => ({ label, data: points.sort((a, b) => a.x - b.x), pointRadius: 3 }));
    if (datasets.length > 0) box.append(chart('Held-out loss', numbers(datasets, { x: axis.name, y: 'nats per token' })));
  }
}

function short(value) {
  return Number(value.toPrecision(3)).toString();
}

function numbers(datasets, { x, y, logY }) {
  const config = lines(datasets, { format: value => short(value), unit: y });
  return colours => {
    const made = config(colours);
    made.options.scales.x = { type: 'logarithmic', title: { display: true, text: x }, ticks: { maxTicksLimit: 8 } };
    if (logY) made.options.scales.y = { type: 'logarithmic', title: { display: true, text: y } };
    made.options.plugins.tooltip.callbacks.title = at => `${x} ${short(at[0].parsed.x)}`;
    return made;
  };
}

function drawStreams() {
  const box = section('streams', 'By source', 'The first arm\'s loss, then each arm\'s less that of the first, with the '
    + 'interval over seeds where there are several. Differences whose interval leaves out zero are marked.');
  const cell = (arm, stream) => {
    const own = arm.streamDifference && arm.streamDifference[stream];
    if (!own) return arm.streamLoss ? between(arm.streamLoss[stream]) : '';
    const marked = 'low' in own && (own.low > 0 || own.high < 0);
    return between(own) + (marked ? ' *' : '');
  };
  box.append(table(data.arms, [
    ['arm', arm => arm.name, 'code'],
    ...data.streams.map(stream => [stream, arm => cell(arm, stream), 'number']),
  ]));
}

function drawCurves() {
  const box = section('curves', 'Training loss', 'Of every arm\'s first seed, over the tokens trained on.');
  const shown = trained.filter(arm => arm.curves.length > 0);
  const hue = (i, colours) => (i < colours.series.length ? colours.series[i] : `hsl(${(i * 67 + 150) % 360} 42% 50%)`);
  const config = lines(shown.map(arm => ({ label: arm.name, data: arm.curves[0] })),
    { format: value => fixed(value, 2), unit: 'nats per token' });
  if (shown.length > 0) {
    box.append(chart('Training loss', colours => {
      const made = config(colours);
      made.data.datasets.forEach((set, i) => {
        set.borderColor = hue(i, colours);
        set.backgroundColor = set.borderColor;
      });
      made.options.scales.x.title.text = 'tokens';
      made.options.plugins.tooltip.callbacks.title = at => count(at[0].parsed.x) + ' tokens';
      return made;
    }, 360));
  }
}

// ---- effective rates

function drawRates() {
  const box = section('norms', 'Parameter norms', 'If decay and noise are in balance, parameters are as large as '
    + 'sqrt(rate / decay) = 1 / EWD: slope -1 against EWD, none against ELR. Training took '
    + fixed(data.rates.relaxations, 2) + ' time constants 1 / (rate decay) at least.');
  box.append(table(data.rates.fits, [
    ['kind', fit => fit.kind, 'code'],
    ['slope by EWD', fit => between(fit.ewd, 3), 'number'],
    ['slope by ELR', fit => between(fit.elr, 3), 'number'],
    ['R²', fit => fixed(fit.r2, 3), 'number'],
  ]));
  const groups = new Map();
  for (const arm of trained) {
    const key = 'ELR ' + short(arm.values.elr);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push({ x: arm.values.ewd, y: arm.matrixRms });
  }
  const sets = [...groups].map(([label, points]) => ({ label, data: points.sort((a, b) => a.x - b.x), pointRadius: 3 }));
  const guide = data.rates.guide.map(point => ({ x: point.ewd, y: point.rms }));
  sets.push({ label: 'slope -1', data: guide, borderDash: [6, 4] });
  box.append(chart('Root mean square of the matrices', numbers(sets, { x: 'EWD', y: 'RMS', logY: true })));
}

function drawNoise() {
  const box = section('noise', 'The toy model', 'AdamW, the code that trains, on gradients that are nothing but noise: '
    + 'parameters settle at sqrt(rate / (2 decay)), after about 1 / (rate decay) steps.');
  box.append(table(data.noise, [
    ['rate', row => short(row.learningRate), 'number'],
    ['decay', row => short(row.weightDecay), 'number'],
    ['RMS', row => fixed(row.rms, 5), 'number'],
    ['sqrt(rate / (2 decay))', row => fixed(row.predicted, 5), 'number'],
    ['ratio', row => fixed(row.rms / row.predicted, 4), 'number'],
    ['steps to settle', row => count(row.relaxationSteps), 'number'],
    ['1 / (rate decay)', row => count(row.predictedSteps), 'number'],
  ]));
  const sets = data.noise.map(row => ({ label: `rate ${short(row.learningRate)}, decay ${short(row.weightDecay)}`,
    data: row.curve, pointRadius: 0 }));
  box.append(chart('RMS over its equilibrium, against time in units of 1 / (rate decay)',
    colours => {
      const made = lines(sets, { format: value => short(value), unit: 'of the equilibrium' })(colours);
      made.options.scales.x.title.text = 'steps × rate × decay';
      made.options.plugins.tooltip.callbacks.title = at => short(at[0].parsed.x);
      return made;
    }));
}
