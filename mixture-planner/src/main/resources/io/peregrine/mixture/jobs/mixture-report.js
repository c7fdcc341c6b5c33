// The sections of the page about a plan. The helpers are those of page.js.

const SHOWN = 12; // streams that a chart tells apart; the others, the smallest, are drawn as one

data.streams.sort((a, b) => b.plannedTokens - a.plannedTokens);

header('What the plan trains on when, from the plan and the settings it follows from. Shares and epochs are those of the '
  + 'tokens that were planned, not those asked for.');
tile(tokenCount(data.tokens), 'tokens planned');
tile(percent(data.trained / data.tokens, 0), 'of them trained by the last checkpoint');
drawWeights();
drawEpochs();
drawGaps();
drawCaps();
drawChanges();
finish();

function tokenCount(value) {
  const units = ['', ' k', ' M', ' G', ' T'];
  let unit = 0;
  value = value < 1000 ? value : Number(value.toPrecision(3));
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return (unit === 0 ? count(value) : Number(value.toPrecision(3))) + units[unit];
}

// The streams that a chart shows: the largest by themselves, and the sum of the rest if there are more.
function shown() {
  const sorted = data.streams.filter(stream => stream.plannedTokens > 0);
  if (sorted.length <= SHOWN) return sorted;
  const rest = sorted.slice(SHOWN - 1);
  return [...sorted.slice(0, SHOWN - 1), {
    name: `${rest.length} smaller streams`,
    shares: rest[0].shares.map((_, i) => rest.reduce((sum, stream) => sum + stream.shares[i], 0)),
  }];
}

// Six colours of the page, then others of the same lightness.
function colourOf(i, colours) {
  if (i < colours.series.length) return colours.series[i];
  const dark = matchMedia('(prefers-color-scheme: dark)').matches && !document.documentElement.classList.contains('printing');
  return `hsl(${(i * 67 + 150) % 360} 42% ${dark ? 68 : 42}%)`;
}

function tokenAxis() {
  return {
    type: 'linear', title: { display: true, text: 'tokens' }, max: data.tokens,
    ticks: { maxTicksLimit: innerWidth < 560 ? 5 : 9, callback: tokenCount }, grid: { display: false },
  };
}

function overTokens(datasets, { format, stacked, max, title }) {
  return colours => ({
    type: 'line',
    data: { datasets: datasets(colours) },
    options: {
      parsing: false,
      interaction: { mode: stacked ? 'index' : 'nearest', axis: 'x', intersect: false },
      plugins: {
        legend: { position: 'bottom', labels: { boxWidth: 12, boxHeight: stacked ? 12 : 2 } },
        tooltip: {
          itemSort: (a, b) => b.parsed.y - a.parsed.y,
          filter: (at, i) => at.parsed.y > 0 && i < SHOWN,
          callbacks: {
            title: at => (at.length ? 'from token ' + tokenCount(at[0].parsed.x) + ' on' : ''),
            label: at => ` ${at.dataset.label}: ${format(at.parsed.y)}`,
          },
        },
      },
      scales: {
        x: tokenAxis(),
        y: { stacked: Boolean(stacked), beginAtZero: true, max, title: { display: Boolean(title), text: title },
          ticks: { maxTicksLimit: 6, callback: format } },
      },
    },
  });
}

function drawWeights() {
  const box = section('weights', 'Weights over the run', 'Share of the trained tokens, all streams together being one.');
  const streams = shown();
  // The last share holds to the end of the run.
  const points = stream => data.axis.map((x, i) => ({ x, y: stream.shares[Math.min(i, stream.shares.length - 1)] }));
  box.append(chart('Share of the tokens', overTokens(colours => streams.map((stream, i) => ({
    label: stream.name, data: points(stream), fill: i === 0 ? 'origin' : '-1', stepped: 'before', pointRadius: 0,
    pointHitRadius: 4, borderWidth: 0, backgroundColor: colourOf(i, colours),
  })), { format: value => percent(value, 0), stacked: true, max: 1 }), 340 + 8 * streams.length));
  box.append(table(data.streams, [
    ['stream', stream => stream.name, 'code'],
    ['asked for', stream => percent(stream.asked, 2), 'number'],
    ['planned', stream => percent(stream.planned, 2), 'number'],
    ['tokens planned', stream => count(stream.plannedTokens), 'number'],
    ['of one epoch', stream => tokenCount(stream.tokens), 'number'],
    ['cap that binds', stream => stream.cap],
    ['fill', stream => percent(stream.fill, 2), 'number'],
  ]));
}

function drawEpochs() {
  const box = section('epochs', 'Epochs', 'How often each stream has been seen by then.');
  const streams = shown().filter(stream => stream.epochsAt);
  const most = data.streams.reduce((a, b) => (b.epochs > a.epochs ? b : a));
  tile(fixed(most.epochs, 2), `epochs of ${most.name}, the most repeated`);
  box.append(chart('Epochs over the run', overTokens(colours => streams.map((stream, i) => ({
    label: stream.name, data: data.axis.map((x, at) => ({ x, y: stream.epochsAt[at] })), pointRadius: 0,
    pointHitRadius: 6, borderWidth: 1.8, borderColor: colourOf(i, colours), backgroundColor: colourOf(i, colours),
  })), { format: value => Number(value.toPrecision(3)).toString(), title: 'epochs' }), 300 + 8 * streams.length));
  box.append(table(data.streams, [
    ['stream', stream => stream.name, 'code'],
    ['epochs', stream => fixed(stream.epochs, 2), 'number'],
    ['max-epochs', stream => ('maxEpochs' in stream ? stream.maxEpochs : ''), 'number'],
    ['epochs left', stream => ('maxEpochs' in stream ? fixed(stream.maxEpochs - stream.epochs, 2) : ''), 'number'],
  ]));
}

function drawGaps() {
  const box = section('gaps', 'Repeats', 'The fewest tokens between two exposures of the same sequence, which the plan '
    + 'certifies, against the memorization window. A reuse group has versions of the same documents: any two of its '
    + 'streams count as repeats of each other.');
  const rows = [
    ...data.streams.map(stream => ({ ...stream, label: stream.name })),
    ...data.groups.map(group => ({ ...group, label: 'group ' + group.name })),
  ].filter(row => 'gap' in row || 'window' in row);
  const inside = rows.filter(row => row.insideWindow);
  tile(count(inside.length), 'streams and groups that may repeat inside their window');
  if (rows.length === 0) {
    box.append(element('p', {}, 'No sequence comes twice.'));
    return;
  }
  for (const row of inside) {
    box.append(element('p', { class: 'missing' },
      `${row.label}: ${tokenCount(row.gap)} tokens at least, the window is ${tokenCount(row.window)}`));
  }
  const measured = rows.filter(row => 'gap' in row);
  if (measured.length > 0) {
    box.append(chart('Tokens between repeats (logarithmic)', gapBars(measured), 110 + 34 * measured.length));
  }
  box.append(table(rows, [
    ['stream or group', row => row.label, 'code'],
    ['gap at least', row => ('gap' in row ? count(row.gap) : 'no repeats'), 'number'],
    ['window', row => ('window' in row ? count(row.window) : ''), 'number'],
    ['gap / window', row => ('gap' in row && 'window' in row ? fixed(row.gap / row.window, 2) : ''), 'number'],
    ['group or streams', row => (row.streams ? row.streams.join(', ') : row.group || '')],
  ]));
}

function gapBars(rows) {
  const config = bars(rows.map(row => row.label), [
    { label: 'gap, at least', data: rows.map(row => row.gap) },
    { label: 'memorization window', data: rows.map(row => row.window ?? null) },
  ], { horizontal: true, format: tokenCount });
  return colours => {
    const made = config(colours);
    made.options.scales.x = { ...made.options.scales.x, type: 'logarithmic', beginAtZero: false,
      min: 10 ** Math.floor(Math.log10(Math.min(...rows.map(row => Math.min(row.gap, row.window ?? row.gap))))),
      ticks: { autoSkip: true, maxTicksLimit: 6, maxRotation: 0,
        callback: value => (Number.isInteger(Math.log10(value)) ? tokenCount(value) : null) } };
    return made;
  };
}

function drawCaps() {
  const box = section('caps', 'Caps', 'Where a cap keeps a stream below the share asked for; the other streams of those '
    + 'blocks get what is cut, in proportion to their shares.');
  const capped = data.streams.filter(stream => stream.bound.length > 0);
  tile(count(capped.length), `of ${count(data.streams.length)} streams cut by a cap`);
  if (capped.length === 0) {
    box.append(element('p', {}, 'No cap binds: every stream has the share asked for.'));
    return;
  }
  const most = Math.max(...capped.map(stream => stream.bound.length));
  const pieces = [];
  for (let i = 0; i < most; i++) {
    pieces.push(capped.map(stream => (i < stream.bound.length ? [stream.bound[i].from, stream.bound[i].to] : null)));
  }
  box.append(chart('Where caps bind, over the tokens of the run', colours => ({
    type: 'bar',
    data: {
      labels: capped.map(stream => stream.name),
      datasets: pieces.map(piece => ({ label: 'bound', data: piece, grouped: false, backgroundColor: colours.series[1],
        maxBarThickness: 22 })),
    },
    options: {
      indexAxis: 'y',
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { label: at => ` from token ${tokenCount(at.raw[0])} to ${tokenCount(at.raw[1])}` } },
      },
      scales: { x: { ...tokenAxis(), min: 0, grid: { display: true } }, y: { grid: { display: false }, ticks: { autoSkip: false } } },
    },
  }), 80 + 34 * capped.length));
  box.append(table(capped.flatMap(stream => stream.bound.map(bound => ({ stream, ...bound }))), [
    ['stream', row => row.stream.name, 'code'],
    ['set by', row => row.stream.cap],
    ['blocks', row => `${count(row.fromBlock)} – ${count(row.toBlock - 1)}`, 'number'],
    ['asked for', row => percent(row.asked, 2), 'number'],
    ['planned', row => percent(row.planned, 2), 'number'],
  ]));
}

function drawChanges() {
  if (data.changes.length === 0) return;
  const box = section('changes', 'Changes under way', 'The plan was changed while it was trained on; what came before a '
    + 'change stays as it was.');
  box.append(table(data.changes, [
    ['from block', change => count(change.block), 'number'],
    ['token', change => tokenCount(change.at), 'number'],
    ['what', change => change.what],
    ['by', change => change.author],
    ['when', change => change.when],
    ['why', change => change.reason],
  ]));
}
